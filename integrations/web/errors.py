"""Every failure as one JSON shape with words fit to be shown; never a traceback."""

import logging
import traceback
import uuid

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import InvalidQuestion
from integrations.wire import ErrorBody, ErrorOut
from knowledge.errors import KnowledgeError

_log = logging.getLogger("migdesk.web")
_WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request is too large.",
}


class ApiError(Exception):
    """An answer of the API that is no answer to the question."""

    def __init__(self, status: int, code: str, text: str, retry: int | None = None) -> None:
        super().__init__(text)
        self.status, self.code, self.text, self.retry = status, code, text, retry


def install(app: FastAPI) -> None:
    """Registers the handlers."""

    @app.exception_handler(ApiError)
    async def _api(_: Request, error: ApiError) -> JSONResponse:
        return _response(error.status, error.code, error.text, retry=error.retry)

    @app.exception_handler(InvalidQuestion)
    async def _question(_: Request, error: InvalidQuestion) -> JSONResponse:
        return _response(400, "invalid_question", str(error))

    @app.exception_handler(RequestValidationError)
    async def _shape(_: Request, error: RequestValidationError) -> JSONResponse:
        wrong = "; ".join(f"{'.'.join(str(p) for p in e['loc'][1:]) or 'body'}: {e['msg']}" for e in error.errors()[:5])
        return _response(422, "invalid_request", wrong)

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        text = _WORDS.get(error.status_code, "The request was not understood.")
        return _response(error.status_code, f"http_{error.status_code}", text, headers=dict(error.headers or {}))

    @app.exception_handler(KnowledgeError)
    async def _knowledge(_: Request, error: KnowledgeError) -> JSONResponse:
        reference = uuid.uuid4().hex[:8]
        _log.error("%s: %s: %s", reference, type(error).__name__, error)
        return _response(503, "unavailable", "The knowledge base cannot be read at the moment.", reference=reference)


class LastResort:
    """Inside the security headers and outside everything else: bodies over the limit, and what nobody foresaw."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self._most:
            return await _response(413, "http_413", _WORDS[413])(scope, receive, send)
        seen, started = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most:
                raise HTTPException(413)
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except Exception as error:
            if started:
                raise
            reference = uuid.uuid4().hex[:8]
            _log.error("%s: %s\n%s", reference, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            response = _response(500, "failed", "Something went wrong on our side.", reference=reference)
            await response(scope, receive, send)


def _response(
    status: int,
    code: str,
    text: str,
    reference: str | None = None,
    retry: int | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    body = ErrorOut(error=ErrorBody(code=code, message=text, reference=reference))
    extra = {**(headers or {}), **({"Retry-After": str(retry)} if retry else {})}
    return JSONResponse(body.model_dump(), status_code=status, headers=extra)
