"""The routes: they turn HTTP into a question and the desk's stream into an answer, and decide nothing themselves."""

import asyncio
import logging
import traceback
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from fastapi.staticfiles import StaticFiles

from assistant.desk import Desk, checked_question
from assistant.events import Finished
from assistant.language import language_of
from assistant.replies import message
from assistant.types import Conversation, Reader, Turn
from integrations.web.errors import ApiError
from integrations.wire import AnswerOut, ErrorOut, QuestionIn, event_out

STATIC = Path(__file__).parent / "static"
_log = logging.getLogger("migdesk.web")
_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}}
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorOut, "description": "The question is empty."},
    413: {"model": ErrorOut, "description": "The request is too large."},
    422: {"model": ErrorOut, "description": "The request does not have the right shape."},
    503: {"model": ErrorOut, "description": "Too many questions at once, or the knowledge base cannot be read."},
}


class Gate:
    """At most so many answers at once; one more is told to come back instead of waiting unseen."""

    def __init__(self, most: int) -> None:
        self._free = most

    @asynccontextmanager
    async def passing(self) -> AsyncGenerator[None]:
        if self._free <= 0:
            raise ApiError(503, "busy", "Too many questions are being answered. Please try again in a moment.", retry=5)
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _checked(body: QuestionIn) -> QuestionIn:
    checked_question(body.question)
    return body


async def _admitted(request: Request) -> AsyncGenerator[None]:
    gate: Gate = request.app.state.gate
    async with gate.passing():
        yield


TheDesk = Annotated[Desk, Depends(_desk)]
Question = Annotated[QuestionIn, Depends(_checked)]
router = APIRouter()


@router.post(
    "/api/chat",
    response_class=EventSourceResponse,
    responses={status: {"description": known["description"], "content": _ERROR} for status, known in _ERRORS.items()},
    summary="Ask, and receive the answer as it is made",
    dependencies=[Depends(_admitted)],
)
async def chat(body: Question, desk: TheDesk) -> AsyncGenerator[ServerSentEvent]:
    """Server-sent events `searching`, `found`, `said`, `dropped` and last `finished` (or `failed`). Ids are
    `<answer>/<number>`: a stream that ends without `finished` or `failed` was broken off."""
    answer_id = uuid.uuid4().hex
    number = 0
    reader = Reader(language=body.language)
    try:
        async with aclosing(desk.stream(body.question, _conversation(body), reader, as_of=body.as_of)) as events:
            async for event in events:
                number += 1
                name, data = event_out(event)
                yield ServerSentEvent(event=name, id=f"{answer_id}/{number}", data=data)
                if isinstance(event, Finished):
                    _note(answer_id, event)
    except Exception as error:  # the response has begun; all that is left is to end it in words
        reference = answer_id[:8]
        _log.error(
            "answer %s failed: %s\n%s",
            reference,
            type(error).__name__,
            "".join(traceback.format_tb(error.__traceback__)),
        )
        text = message("outcome.failed", body.language or language_of(body.question), reference=reference)
        yield ServerSentEvent(
            event="failed", id=f"{answer_id}/{number + 1}", data={"message": text, "reference": reference}
        )


@router.post("/api/ask", responses=_ERRORS, summary="Ask, and receive one answer", dependencies=[Depends(_admitted)])
async def ask(request: Request, body: Question, desk: TheDesk) -> AnswerOut:
    reader = Reader(language=body.language)
    answering = asyncio.create_task(desk.ask(body.question, _conversation(body), reader, as_of=body.as_of))
    leaving = asyncio.create_task(_left(request))
    try:
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise ApiError(499, "left", "The client has left.")
        return AnswerOut.of(answering.result())
    finally:
        for task in (answering, leaving):
            task.cancel()
        await asyncio.wait({answering, leaving})


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue


@router.get("/healthz", summary="The process answers")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="Questions can be answered", responses={503: {"model": ErrorOut}})
async def readyz(request: Request, desk: TheDesk) -> dict[str, str]:
    if not request.app.state.ready:
        raise ApiError(503, "starting", "The desk is starting.", retry=2)
    await asyncio.to_thread(desk.base.catalogue.setting, "fingerprint")
    return {"status": "ready"}


@router.get("/", include_in_schema=False)
async def page() -> FileResponse:
    return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


@router.get("/favicon.ico", include_in_schema=False, status_code=204)
async def favicon() -> None:
    """There is none; a 404 would stand in every reader's console."""


def static_files() -> StaticFiles:
    return StaticFiles(directory=STATIC)


def _conversation(body: QuestionIn) -> Conversation:
    return tuple(Turn(turn.role, turn.text) for turn in body.history)


def _note(answer_id: str, event: Finished) -> None:
    """Counts and times only: a question may hold a migrant's personal data."""
    answer = event.answer
    _log.info(
        "answer %s: %s, %d sentences, language %s, %s ms",
        answer_id[:8],
        answer.outcome,
        len(answer.sentences),
        answer.language,
        answer.provenance.timings_ms.get("total"),
    )
