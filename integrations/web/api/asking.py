"""Questions over HTTP: the desk's stream as server-sent events, or one answer. Nothing is decided here."""

import asyncio
import logging
import traceback
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from assistant.desk import checked_question
from assistant.events import Finished
from assistant.language import language_of
from assistant.replies import message
from assistant.types import Conversation, Turn
from integrations.web.errors import ApiError
from integrations.web.identity import TheAsker
from integrations.web.limits import admitted
from integrations.web.state import TheDesk
from integrations.wire import AnswerOut, ErrorOut, QuestionIn, event_out

_log = logging.getLogger("migdesk.web")
_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}}
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorOut, "description": "The question is empty."},
    413: {"model": ErrorOut, "description": "The request is too large."},
    422: {"model": ErrorOut, "description": "The request does not have the right shape."},
    503: {"model": ErrorOut, "description": "Too many questions at once, or the knowledge base cannot be read."},
}


def _checked(body: QuestionIn) -> QuestionIn:
    checked_question(body.question)
    return body


Question = Annotated[QuestionIn, Depends(_checked)]
router = APIRouter()


@router.post(
    "/chat",
    response_class=EventSourceResponse,
    responses={status: {"description": known["description"], "content": _ERROR} for status, known in _ERRORS.items()},
    summary="Ask, and receive the answer as it is made",
    dependencies=[Depends(admitted)],
)
async def chat(body: Question, desk: TheDesk, asker: TheAsker) -> AsyncGenerator[ServerSentEvent]:
    """Server-sent events `searching`, `found`, `said`, `dropped` and last `finished` (or `failed`). Ids are
    `<answer>/<number>`: a stream that ends without `finished` or `failed` was broken off."""
    answer_id = uuid.uuid4().hex
    number = 0
    reader = asker.reader(body.language)
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


@router.post("/ask", responses=_ERRORS, summary="Ask, and receive one answer", dependencies=[Depends(admitted)])
async def ask(request: Request, body: Question, desk: TheDesk, asker: TheAsker) -> AnswerOut:
    reader = asker.reader(body.language)
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
