"""What every response carries, whatever it is: a browser is told to load nothing from elsewhere and keep no answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.conversations.store import open_conversations
from integrations.server import create_app
from tests.integrations.conftest import DeskOn
from tests.integrations.servers import unhurried
from tests.integrations.web.conftest import BrokenSearcher


def too_much() -> Iterator[bytes]:
    for _ in range(300):
        yield b" " * 1024


JSON = {"Content-Type": "application/json"}
RESPONSES: dict[str, tuple[str, str, int, dict[str, Any]]] = {
    "page": ("GET", "/", 200, {}),
    "script": ("GET", "/static/app.js", 200, {}),
    "style": ("GET", "/static/style.css", 200, {}),
    "icon": ("GET", "/favicon.ico", 204, {}),
    "health": ("GET", "/healthz", 200, {}),
    "description": ("GET", "/openapi.json", 200, {}),
    "answer": ("POST", "/api/ask", 200, {"json": {"question": "How many in 2025?"}}),
    "stream": ("POST", "/api/chat", 200, {"json": {"question": "How many in 2025?"}}),
    "document": ("GET", "/api/documents/rgrs-tirana-june-2024", 200, {}),
    "no such document": ("GET", "/api/documents/none", 404, {}),
    "no such address": ("GET", "/none", 404, {}),
    "no such page": ("GET", "/none", 404, {"headers": {"Accept": "text/html"}}),
    "sign-in": ("GET", "/sign-in", 200, {}),
    "privacy": ("GET", "/privacy", 200, {}),
    "another site's form": ("POST", "/sign-out", 403, {"headers": {"Origin": "https://evil.example"}}),
    "wrong method": ("PUT", "/api/ask", 405, {}),
    "blank": ("POST", "/api/ask", 400, {"json": {"question": " "}}),
    "wrong shape": ("POST", "/api/ask", 422, {"json": {}}),
    "too large": ("POST", "/api/ask", 413, {"content": b" " * 300_000, "headers": JSON}),
    "too large in pieces": ("POST", "/api/ask", 413, {"content": too_much(), "headers": JSON}),
}


# With these the desk keeps something for a visitor.
KEEPING = {"answer", "stream"}


def check(response: httpx.Response, *, keeps: bool = False) -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in response.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    for kind in ("script-src", "style-src", "connect-src", "img-src"):
        assert policy[kind] == "'self'"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in response.headers
    assert not [name for name in response.headers if name.startswith("access-control-")]
    assert ("set-cookie" in response.headers) == keeps
    wanted = "no-cache" if response.url.path.startswith("/static/") else "no-store"
    assert response.headers["cache-control"] == wanted


@pytest.mark.parametrize("name", list(RESPONSES))
def test_every_response_is_locked_down(site: str, name: str) -> None:
    method, path, status, more = RESPONSES[name]
    response = httpx.request(method, f"{site}{path}", timeout=30, **more)
    assert response.status_code == status
    check(response, keeps=name in KEEPING)


def test_a_failure_is_locked_down_too(broken: tuple[str, type[BrokenSearcher]]) -> None:
    response = httpx.post(f"{broken[0]}/api/ask", json={"question": "Who met?"}, timeout=30)
    assert response.status_code == 500
    check(response)


def test_a_file_is_asked_for_anew_after_an_update_and_not_sent_again_before_it(site: str) -> None:
    first = httpx.get(f"{site}/static/style.css")
    again = httpx.get(f"{site}/static/style.css", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_over_tls_a_browser_is_told_to_come_by_nothing_else(
    small_base: Path, desk_on: DeskOn, tmp_path: Path
) -> None:
    desk, conversations = desk_on(small_base), open_conversations(tmp_path)
    transport = httpx.ASGITransport(create_app(desk, unhurried(), conversations))
    told = {}
    for scheme in ("https", "http"):
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://desk") as client:
            told[scheme] = (await client.get("/healthz")).headers.get("strict-transport-security")
    conversations.close()
    desk.base.close()
    assert told == {"https": "max-age=31536000", "http": None}
