"""HEAD wherever there is GET: what proxies and monitors ask to see whether a page is there."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Outside everything else: within, it is GET, with the rights and the headers of GET; its body is not sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self._app(scope, receive, send)
        has_ended = False

        async def without_body(message: Message) -> None:
            nonlocal has_ended
            if message["type"] != "http.response.body":
                await send(message)
            elif not has_ended and not message.get("more_body", False):
                has_ended = True
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        # The server's own scope stays as it is: it tells by the method that no body is to follow.
        await self._app({**scope, "method": "GET"}, receive, without_body)
