"""Questions over HTTP: the desk's stream as server-sent events, or one answer. Nothing is decided here."""

import logging
import traceback
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from assistant.language import asked_in
from assistant.replies import message
from assistant.types import Turn
from integrations.asking.answering import Answered, Heard, Opened, Posed
from integrations.asking.errors import UnknownConversation
from integrations.web.api.conversations import no_conversation
from integrations.web.api.failing import changing
from integrations.web.identity import Asker, TheAsker
from integrations.web.leaving import TheEnd, while_waited_for
from integrations.web.limits import Admitted
from integrations.web.state import TheAsking
from integrations.wire import AnswerOut, AskedOut, FinishedOut, QuestionIn, SuggestionOut, event_out

_log = logging.getLogger("migdesk.web")


async def _opened(admission: Admitted, body: QuestionIn, asking: TheAsking, asker: TheAsker) -> Opened:
    """What is wrong with the question is told before a stream begins."""
    try:
        return await asking.open(_posed(body, asker))
    except UnknownConversation:
        raise no_conversation() from None


def _remembered(asker: TheAsker, response: Response) -> None:
    asker.remember_on(response)


Question = Annotated[Opened, Depends(_opened)]
router = APIRouter(tags=["questions"], dependencies=[Depends(_remembered)])


@router.post(
    "/chat",
    response_class=EventSourceResponse,
    responses=changing(404, 429),
    summary="Ask, and receive the answer as it is made",
)
async def chat(
    question: Question, asking: TheAsking, admission: Admitted, end: TheEnd
) -> AsyncGenerator[ServerSentEvent]:
    """Server-sent events `searching`, `found`, `said`, `dropped` and last `finished` (or `failed`); `searching` comes
    twice to one who has to wait. Ids are `<stream>/<number>`: a stream that ends without `finished` or `failed` was
    broken off, and nothing of it is kept. The data of `finished` is an object of the shape `FinishedOut`."""
    stream_id = uuid.uuid4().hex
    number = 0
    language = question.posed.language or asked_in(question.posed.text, question.history)
    try:
        events = await end.enter_async_context(aclosing(asking.stream(question, admission)))
        async for event in events:
            number += 1
            name, data = _told(event, language)
            yield ServerSentEvent(event=name, id=f"{stream_id}/{number}", data=data)
    except Exception as error:  # the response has begun; all that is left is to end it in words
        reference = stream_id[:8]
        frames = "".join(traceback.format_tb(error.__traceback__))
        _log.error("answer %s failed: %s\n%s", reference, type(error).__name__, frames)
        text = message("outcome.failed", language, reference=reference)
        data = {"message": text, "reference": reference}
        yield ServerSentEvent(event="failed", id=f"{stream_id}/{number + 1}", data=data)


@router.post("/ask", responses=changing(404, 429), summary="Ask, and receive one answer")
async def ask(request: Request, question: Question, asking: TheAsking, admission: Admitted) -> AskedOut:
    answered = await while_waited_for(request, asking.finish(question, admission))
    return AskedOut(
        **dict(AnswerOut.of(answered.answer)),
        answer_id=answered.answer_id,
        conversation=answered.conversation,
        suggestions=tuple(SuggestionOut.model_validate(one) for one in answered.suggestions),
    )


def _finished(answered: Answered) -> FinishedOut:
    return FinishedOut(
        answer=AnswerOut.of(answered.answer),
        answer_id=answered.answer_id,
        conversation=answered.conversation,
        suggestions=tuple(SuggestionOut.model_validate(one) for one in answered.suggestions),
    )


def _told(event: Heard, language: str) -> tuple[str, dict[str, object]]:
    if isinstance(event, Answered):
        return "finished", _finished(event).model_dump(mode="json")
    return event_out(event, language)


def _posed(body: QuestionIn, asker: Asker) -> Posed:
    return Posed(
        text=body.question,
        person=asker.person,
        audience=asker.audience,
        surface="api" if asker.key_id is not None else "web",
        conversation=body.conversation,
        history=tuple(Turn(turn.role, turn.text) for turn in body.history),
        language=body.language,
        as_of=body.as_of,
    )
