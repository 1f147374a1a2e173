"""No other site acts in a reader's name: whatever changes something and carries a cookie must come from our own pages.

A browser says where a request comes from (Sec-Fetch-Site, or Origin in older ones), and no script can make it lie.
There are no CORS headers anywhere, so no other site reads an answer either.
"""

from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from integrations.web.errors import Told, is_for_programs, tell

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# "none": the reader's own doing, such as sending a form again from the history.
_OUR_OWN = frozenset({"same-origin", "none"})
_REFUSED = Told(403, "other_site", "This request came from another site. Open the desk itself and try again.")


class SameOrigin:
    """Plain ASGI, so that it stands before every route, known or not. ``public_url`` is where people reach the desk."""

    def __init__(self, app: ASGIApp, public_url: str | None = None) -> None:
        self._app = app
        self._public = urlsplit(public_url) if public_url else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE and not self._may_pass(scope):
            response = await tell(Request(scope), _REFUSED)
            return await response(scope, receive, send)
        await self._app(scope, receive, send)

    def _may_pass(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        is_ours = self._is_ours(headers)
        if "cookie" in headers:
            return is_ours is True
        # A program says nothing of itself. A form of another site could sign a reader in as somebody else.
        return is_ours is not False or is_for_programs(scope)

    def _is_ours(self, headers: Headers) -> bool | None:
        """None where the request does not say."""
        sites, origins = headers.getlist("sec-fetch-site"), headers.getlist("origin")
        if len(sites) > 1 or len(origins) > 1:
            return False
        if sites:
            return sites[0] in _OUR_OWN
        if origins:
            return self._is_our_origin(origins[0], headers.get("host", ""))
        return None

    def _is_our_origin(self, origin: str, host: str) -> bool:
        try:
            shown = urlsplit(origin)
        except ValueError:  # such as http://[
            return False
        if shown.scheme not in ("http", "https") or not shown.netloc:
            return False
        if self._public is not None and shown.netloc.lower() == self._public.netloc.lower():
            return shown.scheme == self._public.scheme
        return bool(host) and shown.netloc.lower() == host.lower()
