"""``/v1/chat/completions`` and ``/v1/models``."""

import json
import logging
import time
import traceback
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from assistant.events import Said
from assistant.language import language_of
from assistant.replies import message
from assistant.types import Answer
from integrations.asking.answering import Answered, Heard, Opened, Posed
from integrations.openai_api.markdown import rest_of, sentence_text, whole
from integrations.openai_api.refusing import ProtocolRoute
from integrations.openai_api.shapes import (
    MODEL,
    Choice,
    CompletionIn,
    CompletionOut,
    Extension,
    ModelOut,
    ModelsOut,
    ProtocolErrorOut,
    Usage,
    Written,
    chunk,
)
from integrations.web.errors import ApiError
from integrations.web.identity import Asker, TheAsker
from integrations.web.leaving import TheEnd, while_waited_for
from integrations.web.limits import Admitted
from integrations.web.state import TheAsking
from integrations.wire import AnswerOut

_log = logging.getLogger("migdesk.openai")
_REFUSED: dict[int | str, dict[str, Any]] = {
    status: {"model": ProtocolErrorOut, "description": said}
    for status, said in {
        400: "The request cannot be answered as it stands.",
        401: "The key is not good, or none was sent and the desk is not open to everybody.",
        403: "The key lacks the scope for this.",
        404: "There is no such model.",
        413: "The request is too large.",
        429: "Too many questions.",
        503: "The desk is closed or busy.",
    }.items()
}
router = APIRouter(route_class=ProtocolRoute, tags=["OpenAI-compatible"], responses=_REFUSED)


@router.get("/models", summary="The one model there is")
async def models(asker: TheAsker) -> ModelsOut:
    return ModelsOut()


@router.get("/models/{model}", summary="The same, by its name")
async def model(model: str, asker: TheAsker) -> ModelOut:
    _known(model)
    return ModelOut()


@router.post(
    "/chat/completions",
    response_model=CompletionOut,
    responses={200: {"content": {"text/event-stream": {}}, "description": "The answer, or its pieces as they come."}},
    summary="Ask with a client of OpenAI's chat API",
)
async def completions(
    request: Request, body: CompletionIn, asking: TheAsking, asker: TheAsker, admission: Admitted, end: TheEnd
) -> Response:
    """The last message is the question, earlier ones of user and assistant are what it may follow up on, system
    messages are not read. The text is Markdown: sentences with the numbers of their sources, notices, sources. The
    extension field `migration_desk` (in a stream: of the last piece with a choice) holds the whole answer, with each
    citation's quote and place."""
    _known(body.model)
    if body.response_format is not None and body.response_format.type != "text":
        raise ApiError(400, "response_format", "The desk answers in text; response_format cannot be anything else.")
    try:
        question = body.question()
    except ValueError as error:
        raise ApiError(400, "invalid_messages", f"messages: {error}.") from error
    opened = await asking.open(_posed(body, question, asker))
    if body.stream:
        counts = body.stream_options is not None and body.stream_options.include_usage
        events = await end.enter_async_context(aclosing(asking.stream(opened, admission)))
        pieces = _pieces(opened, events, counts)
        return StreamingResponse(pieces, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
    answered = await while_waited_for(request, asking.finish(opened, admission))
    completion = CompletionOut(
        id=_identifier(),
        created=int(time.time()),
        choices=(Choice(message=Written(content=whole(answered.answer))),),
        usage=_usage(answered.answer),
        migration_desk=_extension(answered),
    )
    return JSONResponse(completion.model_dump(mode="json"))


async def _pieces(opened: Opened, events: AsyncGenerator[Heard], counts: bool) -> AsyncGenerator[str]:
    identifier, created = _identifier(), int(time.time())
    is_first = True
    yield _line(chunk(identifier, created, {"role": "assistant", "content": ""}))
    try:
        async for event in events:
            if isinstance(event, Said):
                text = ("" if is_first else "\n\n") + sentence_text(event.sentence)
                is_first = False
                yield _line(chunk(identifier, created, {"content": text}))
            elif isinstance(event, Answered):
                if rest := rest_of(event.answer):
                    text = ("" if is_first else "\n\n") + rest
                    yield _line(chunk(identifier, created, {"content": text}))
                last = chunk(identifier, created, {}, "stop")
                yield _line({**last, "migration_desk": _extension(event).model_dump(mode="json")})
                if counts:
                    usage = _usage(event.answer).model_dump()
                    yield _line({**chunk(identifier, created, None), "usage": usage})
    except Exception as error:  # the response has begun; all that is left is to end it in words
        reference = identifier[-8:]
        frames = "".join(traceback.format_tb(error.__traceback__))
        _log.error("answer %s failed: %s\n%s", reference, type(error).__name__, frames)
        text = message("outcome.failed", language_of(opened.posed.text), reference=reference)
        yield _line({"error": {"message": text, "type": "server_error", "param": None, "code": "failed"}})
    yield "data: [DONE]\n\n"


def _posed(body: CompletionIn, question: str, asker: Asker) -> Posed:
    # A visitor's token has no place in the protocol: what was kept for one could be neither read nor erased.
    is_kept = not asker.is_new_visitor
    return Posed(question, asker.person, asker.audience, "openai", history=body.conversation(), is_kept=is_kept)


def _known(model: str) -> None:
    if model != MODEL:
        raise ApiError(404, "model_not_found", f"There is no such model here; the one there is is '{MODEL}'.")


def _extension(answered: Answered) -> Extension:
    return Extension(
        answer_id=answered.answer_id, conversation=answered.conversation, answer=AnswerOut.of(answered.answer)
    )


def _usage(answer: Answer) -> Usage:
    return Usage.of(answer.provenance.tokens)


def _identifier() -> str:
    return f"chatcmpl-{uuid.uuid4().hex}"


def _line(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
