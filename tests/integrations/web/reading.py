"""Reading a page as a test does: its words, its links, its parts."""

from typing import Any

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode


def page_at(address: str, status: int = 200, **more: Any) -> LexborHTMLParser:
    """A page as the server sends it; nobody may keep it, since what it shows depends on who asks today."""
    response = httpx.get(address, timeout=30, **more)
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    return LexborHTMLParser(response.text)


def words(node: LexborNode | LexborHTMLParser | None) -> str:
    assert node is not None
    return " ".join(node.text().split())


def address_of(link: LexborNode | None) -> str:
    assert link is not None
    return link.attributes["href"] or ""
