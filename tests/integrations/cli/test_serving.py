"""``migdesk serve``, as a process."""

import signal
import socket
from pathlib import Path

import httpx

from tests.integrations.command import ended, migdesk, started
from tests.integrations.conftest import STAFF_NAME, STAFF_QUESTION
from tests.integrations.servers import wait_until


def test_it_serves_public_answers_and_ends_in_order_when_told_to(base: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        refused = migdesk("serve", "--port", str(port), "--data", base)
    assert refused.code == 4
    assert f"Cannot listen on 127.0.0.1:{port}" in refused.said
    assert "--port" in refused.said

    server = started("serve", "--port", str(port), "--no-model", "--data", base)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: server.poll() is not None or answers(f"{address}/readyz"), "the desk to be ready", 60)
        answer = httpx.post(f"{address}/api/ask", json={"question": STAFF_QUESTION}, timeout=30).json()
        head = httpx.get(address).headers
    finally:
        server.send_signal(signal.SIGTERM)
        ran = ended(server)
    assert answer["text"]
    assert STAFF_NAME not in str(answer)
    assert "server" not in head
    assert f"Migration Desk on {address}" in ran.out
    assert STAFF_NAME not in ran.out + ran.err
    assert "Vlasina" not in ran.out + ran.err, "the question is logged"
    assert ran.code in (0, 128 + signal.SIGTERM, -signal.SIGTERM)


def answers(address: str) -> bool:
    try:
        return httpx.get(address).status_code == 200
    except httpx.TransportError:
        return False
