"""Every failure in words fit to be shown, never a traceback: in one JSON shape, or as a page for who reads pages."""

import logging
import traceback
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.conversations.errors import ConversationsError
from assistant.errors import InvalidQuestion
from integrations.web.methods import methods_taken
from integrations.wire import ErrorBody, ErrorOut
from knowledge.errors import KnowledgeError

_log = logging.getLogger("migdesk.web")
_WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request is too large.",
}


# What below the root path is for programs; everything else is a page or a part of one.
_FOR_PROGRAMS = ("/api/", "/v1/", "/slack/", "/static/", "/healthz", "/readyz", "/openapi.json")


class ApiError(Exception):
    """An answer of the API that is no answer to the question."""

    def __init__(self, status: int, code: str, text: str, retry: int | None = None) -> None:
        super().__init__(text)
        self.status, self.code, self.text, self.retry = status, code, text, retry


class SignInNeeded(ApiError):
    """Nobody is known who may do this: 401 for a program, the way to the sign-in page for who reads pages.
    ``has_ended``: they were signed in, and are no longer."""

    def __init__(self, text: str, *, has_ended: bool = False) -> None:
        super().__init__(401, "sign_in", text)
        self.has_ended = has_ended


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is told who gets no answer."""

    status: int
    code: str
    text: str
    reference: str | None = None
    retry: int | None = None
    headers: Mapping[str, str] | None = None


NOTHING_HERE = Told(404, "http_404", _WORDS[404])
TOO_LARGE = Told(413, "http_413", _WORDS[413])

# A failure as a page.
ErrorPage = Callable[[Request, Told], Awaitable[Response]]


def install(app: FastAPI, error_page: ErrorPage | None = None) -> None:
    """Registers the handlers. Without ``error_page`` everybody is told in JSON."""
    app.state.error_page = error_page

    @app.exception_handler(ApiError)
    async def _api(request: Request, error: ApiError) -> Response:
        if isinstance(error, SignInNeeded) and not is_for_programs(request.scope):
            return _to_sign_in(request, error)
        return await tell(request, Told(error.status, error.code, error.text, retry=error.retry))

    @app.exception_handler(InvalidQuestion)
    async def _question(request: Request, error: InvalidQuestion) -> Response:
        return await tell(request, Told(400, "invalid_question", str(error)))

    @app.exception_handler(RequestValidationError)
    async def _shape(request: Request, error: RequestValidationError) -> Response:
        wrong = "; ".join(f"{'.'.join(str(p) for p in e['loc'][1:]) or 'body'}: {e['msg']}" for e in error.errors()[:5])
        return await tell(request, Told(422, "invalid_request", wrong))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        text = _WORDS.get(error.status_code, "The request was not understood.")
        headers = dict(error.headers or {})
        if "Allow" in headers:
            headers["Allow"] = methods_taken(request)
        return await tell(request, Told(error.status_code, f"http_{error.status_code}", text, headers=headers))

    @app.exception_handler(KnowledgeError)
    async def _knowledge(request: Request, error: KnowledgeError) -> Response:
        return await tell(request, _unavailable(error, "The knowledge base cannot be read at the moment."))

    @app.exception_handler(ConversationsError)
    async def _memory(request: Request, error: ConversationsError) -> Response:
        return await tell(request, _unavailable(error, "The desk's database cannot be used at the moment."))


async def tell(request: Request, told: Told) -> Response:
    """As a page for who asked for one, else as JSON."""
    page: ErrorPage | None = request.app.state.error_page
    wants_page = "text/html" in request.headers.get("accept", "") and not is_for_programs(request.scope)
    if page is None or not wants_page:
        return _response(told)
    response = await page(request, told)
    response.headers.update(_headers(told))
    return response


def is_for_programs(scope: Scope) -> bool:
    """Whether what is asked for is no page."""
    return path_of(scope).startswith(_FOR_PROGRAMS)


def path_of(scope: Scope) -> str:
    """Below the path under which the desk is served, wherever in the application it is asked for."""
    path: str = scope["path"]
    root: str = scope.get("app_root_path", scope.get("root_path", ""))
    return path.removeprefix(root.rstrip("/"))


def is_larger(scope: Scope, most: int) -> bool:
    """Whether the request says that its body is."""
    declared = Headers(scope=scope).get("content-length", "")
    return declared.isdecimal() and int(declared) > most


def _to_sign_in(request: Request, error: SignInNeeded) -> Response:
    """And from there back, where that can be done by an address."""
    root = str(request.scope.get("root_path", "")).rstrip("/")
    here = f"{path_of(request.scope)}{f'?{request.url.query}' if request.url.query else ''}"
    query = [f"next={quote(here, safe='/')}"] if request.method in ("GET", "HEAD") and here != "/" else []
    query += ["ended=1"] if error.has_ended else []
    return RedirectResponse(f"{root}/sign-in{'?' if query else ''}{'&'.join(query)}", 303)


def _unavailable(error: Exception, text: str) -> Told:
    reference = uuid.uuid4().hex[:8]
    _log.error("%s: %s: %s", reference, type(error).__name__, error)
    return Told(503, "unavailable", text, reference)


class LastResort:
    """Inside the security headers and outside everything else: bodies over the limit, and what nobody foresaw.

    ``most`` bytes; ``longer`` for the few paths (below the root path) that take more."""

    def __init__(self, app: ASGIApp, most: int, longer: Mapping[str, int] | None = None) -> None:
        self._app, self._most, self._longer = app, most, longer or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        most = self._longer.get(path_of(scope), self._most)
        if is_larger(scope, most):
            response = await tell(Request(scope), TOO_LARGE)
            return await response(scope, receive, send)
        seen, started = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
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
            told = Told(500, "failed", "Something went wrong on our side.", reference)
            try:
                response = await tell(Request(scope), told)
            except Exception as second:
                _log.error("%s: no page could be made of it: %s", reference, type(second).__name__)
                response = _response(told)
            await response(scope, receive, send)


def _response(told: Told) -> JSONResponse:
    body = ErrorOut(error=ErrorBody(code=told.code, message=told.text, reference=told.reference))
    return JSONResponse(body.model_dump(), status_code=told.status, headers=_headers(told))


def _headers(told: Told) -> dict[str, str]:
    retry = {"Retry-After": str(told.retry)} if told.retry else {}
    challenge = {"WWW-Authenticate": "Bearer"} if told.status == 401 else {}
    return {**(told.headers or {}), **retry, **challenge}
