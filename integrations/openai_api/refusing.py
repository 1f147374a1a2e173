"""Failures in the shape that clients of the protocol read."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from assistant.errors import InvalidQuestion
from integrations.openai_api.shapes import ProtocolError, ProtocolErrorOut
from integrations.web.errors import ApiError

_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}


class ProtocolRoute(APIRoute):
    """A route that refuses as the protocol does. What nobody foresaw goes on to the application's last resort, whose
    shape such clients read too, in part."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def refusing(request: Request) -> Response:
            try:
                return await handle(request)
            except ApiError as error:
                return refusal(error.status, error.text, error.code, error.retry)
            except InvalidQuestion as error:
                return refusal(400, str(error), "invalid_question")
            except RequestValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"][1:])
                return refusal(400, f"{where or 'body'}: {first['msg']}", "invalid_request", param=where or None)

        return refusing


def refusal(status: int, text: str, code: str, retry: int | None = None, param: str | None = None) -> JSONResponse:
    kind = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    body = ProtocolErrorOut(error=ProtocolError(message=text, type=kind, param=param, code=code))
    return JSONResponse(body.model_dump(), status, headers={"Retry-After": str(retry)} if retry else None)
