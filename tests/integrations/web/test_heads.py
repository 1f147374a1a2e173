"""HEAD, as proxies and monitors ask: what GET says, without its body, and nothing more than GET gives."""

import http.client
from urllib.parse import urlsplit

import httpx
import pytest

SEEN = {"date", "set-cookie", "transfer-encoding"}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/healthz",
        "/readyz",
        "/library",
        "/sign-in",
        "/static/style.css",
        "/api/library",
        "/nothing",
        "/favicon.ico",
    ],
)
def test_head_says_what_get_says_without_a_body(site: str, path: str) -> None:
    got, head = (httpx.request(method, f"{site}{path}", timeout=30) for method in ("GET", "HEAD"))
    assert head.status_code == got.status_code and head.content == b""
    told, wanted = ({k: v for k, v in one.headers.items() if k not in SEEN} for one in (head, got))
    assert told == wanted


def test_a_connection_goes_on_after_a_head(site: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)
    try:
        for method, size in (("HEAD", 0), ("GET", 15), ("HEAD", 0)):
            connection.request(method, "/healthz")
            response = connection.getresponse()
            assert (response.status, len(response.read())) == (200, size)
    finally:
        connection.close()


def test_what_takes_no_get_takes_no_head_and_names_what_it_takes(site: str) -> None:
    refused = httpx.head(f"{site}/api/ask", timeout=30)
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert httpx.put(f"{site}/library", timeout=30).headers["allow"] == "GET, HEAD"
