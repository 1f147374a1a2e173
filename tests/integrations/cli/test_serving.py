"""``migdesk serve``, as a process."""

import asyncio
import signal
import socket
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from assistant.errors import InvalidSettings
from integrations.cli import serving
from integrations.web.entry.settings import load_sign_in_settings
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

    env = {"MIGDESK_QUESTIONS_A_MINUTE": "1"}
    server = started("serve", "--port", str(port), "--no-model", "--data", base, env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: server.poll() is not None or answers(f"{address}/readyz"), "the desk to be ready", 60)
        answer = httpx.post(f"{address}/api/ask", json={"question": STAFF_QUESTION}, timeout=30).json()
        head = httpx.get(address).headers
        statuses = asked_by_eleven(address)
    finally:
        server.send_signal(signal.SIGTERM)
        ran = ended(server)
    assert answer["text"]
    assert STAFF_NAME not in str(answer)
    assert statuses[-2:] == [429, 429], "anybody can say that somebody else asks"
    assert "server" not in head
    assert f"Migration Desk on {address}" in ran.out
    assert STAFF_NAME not in ran.out + ran.err
    assert "Vlasina" not in ran.out + ran.err, "the question is logged"
    assert ran.code in (0, 128 + signal.SIGTERM, -signal.SIGTERM)


def test_who_a_trusted_proxy_says_has_asked_is_believed(small_base: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    env = {"MIGDESK_QUESTIONS_A_MINUTE": "1", "MIGDESK_TRUSTED_PROXIES": "10.0.0.1, 127.0.0.0/8"}
    server = started("serve", "--port", str(port), "--no-model", "--data", small_base, env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: server.poll() is not None or answers(f"{address}/readyz"), "the desk to be ready", 60)
        statuses = asked_by_eleven(address)
    finally:
        server.send_signal(signal.SIGTERM)
        ended(server)
    assert statuses == [422] * 11


def asked_by_eleven(address: str) -> list[int]:
    """What is answered to a question without words, of which ten a minute are let through from one address."""
    return [
        httpx.post(f"{address}/api/v1/ask", json={}, headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(11)
    ]


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"MIGDESK_OIDC_ISSUER": "https://id.example"}, "MIGDESK_OIDC_CLIENT_ID, MIGDESK_OIDC_CLIENT_SECRET"),
        ({"MIGDESK_OIDC_ISSUER": "http://id.example"}, "MIGDESK_OIDC_ISSUER: Value error, must begin with https://"),
        ({"MIGDESK_OIDC_ISSUER": "https://a:b@id.example"}, "MIGDESK_OIDC_ISSUER"),
    ],
)
def test_a_provider_at_which_nobody_could_sign_in_is_refused_at_the_start(
    env: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    load_sign_in_settings.cache_clear()
    try:
        with pytest.raises(InvalidSettings) as refused:
            serving._provider("https://desk.example")
    finally:
        load_sign_in_settings.cache_clear()
    assert said in str(refused.value)
    assert "a:b" not in str(refused.value)


def test_a_reader_who_takes_nothing_is_cut_off_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_STALLED_SECONDS", 1)
    listening = serving._bound("127.0.0.1", 0)
    left = threading.Event()
    application = FastAPI()

    @application.get("/")
    async def endless() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"x" * 65536
                    await asyncio.sleep(0)
            finally:
                left.set()

        return StreamingResponse(pieces())

    server = uvicorn.Server(uvicorn.Config(application, log_config=None))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        wait_until(lambda: server.started, "the server to start", 60)
        with socket.create_connection(listening.getsockname()) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.sendall(b"GET / HTTP/1.1\r\nHost: desk\r\n\r\n")
            assert left.wait(60)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def answers(address: str) -> bool:
    try:
        return httpx.get(address).status_code == 200
    except httpx.TransportError:
        return False
