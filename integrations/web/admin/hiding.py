"""To everybody but operators the addresses of operators are as if they were not: the same answer to every method, with
and without a slash at the end, to small bodies and to large ones."""

from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.conversations.errors import ConversationsError
from integrations.web.errors import NOTHING_HERE, TOO_LARGE, is_larger, path_of, tell
from integrations.web.identity import operator_of

_BELOW = "/admin"


class Hidden:
    """Plain ASGI, so that it stands before the routes: those tell an address that does not take a method from one that
    is not there. ``most``: the bytes of a body that other addresses take."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not f"{path_of(scope)}/".startswith(f"{_BELOW}/"):
            return await self._app(scope, receive, send)
        request = Request(scope)
        try:
            await operator_of(request)
        except HTTPException:
            told = TOO_LARGE if is_larger(scope, self._most) else NOTHING_HERE
            response = await tell(request, told)
            return await response(scope, receive, send)
        except ConversationsError:
            # Told where every failure is; the routes ask the same and meet it again.
            return await self._app(scope, receive, send)
        await self._app(scope, receive, send)
