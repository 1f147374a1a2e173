"""What every response carries, whatever it is: a browser is told to load nothing from elsewhere and keep no answer."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

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
    "wrong method": ("PUT", "/api/ask", 405, {}),
    "blank": ("POST", "/api/ask", 400, {"json": {"question": " "}}),
    "wrong shape": ("POST", "/api/ask", 422, {"json": {}}),
    "too large": ("POST", "/api/ask", 413, {"content": b" " * 300_000, "headers": JSON}),
    "too large in pieces": ("POST", "/api/ask", 413, {"content": too_much(), "headers": JSON}),
}


def check(response: httpx.Response) -> None:
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
    assert "set-cookie" not in response.headers
    if response.url.path.startswith("/api/"):
        assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("method", "path", "status", "more"), RESPONSES.values(), ids=list(RESPONSES))
def test_every_response_is_locked_down(site: str, method: str, path: str, status: int, more: dict[str, Any]) -> None:
    response = httpx.request(method, f"{site}{path}", timeout=30, **more)
    assert response.status_code == status
    check(response)


def test_a_failure_is_locked_down_too(broken: tuple[str, type[BrokenSearcher]]) -> None:
    response = httpx.post(f"{broken[0]}/api/ask", json={"question": "Who met?"}, timeout=30)
    assert response.status_code == 500
    check(response)


def test_the_page_is_asked_for_anew_after_an_update(site: str) -> None:
    for path in ("/", "/static/app.js"):
        first = httpx.get(f"{site}{path}")
        assert first.headers["cache-control"] == "no-cache"
        again = httpx.get(f"{site}{path}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == ((304, b"") if path != "/" else (200, first.content))
