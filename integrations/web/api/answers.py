"""An answer of one's own: read again, judged, handed on to a person, shared by a link."""

import asyncio
import math
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request

from assistant.conversations.errors import UnknownAnswer
from assistant.conversations.types import Kept
from integrations.web.api.failing import changing, reading
from integrations.web.api.own import TheOwn
from integrations.web.api.shapes import EscalationIn, EscalationOut, FeedbackIn, FeedbackOut, KeptAnswerOut, ShareOut
from integrations.web.errors import ApiError
from integrations.web.state import TheSettings

_SHARED_DAYS = 30
Identifier = Annotated[str, Path(max_length=64, description="As the answer came with it.")]
router = APIRouter(tags=["answers"])


@router.get("/answers/{answer_id}", responses=reading(404), summary="An answer of one's own")
async def answer(answer_id: Identifier, own: TheOwn) -> KeptAnswerOut:
    found = await asyncio.to_thread(own.answer, answer_id)
    if found is None:
        raise no_answer()
    return found


@router.put(
    "/answers/{answer_id}/feedback",
    responses=changing(404, 429),
    summary="Say whether an answer helped",
)
async def rate(answer_id: Identifier, body: FeedbackIn, own: TheOwn) -> FeedbackOut:
    """In place of what the same person said of it before."""
    own.pace()
    await _own_answer(own, answer_id)
    comment = body.comment.strip() if body.comment else None
    person, rate = own.asker.person, own.conversations.rate
    try:
        await asyncio.to_thread(rate, answer_id, person, body.helpful, body.reason, comment or None)
    except UnknownAnswer:
        raise no_answer() from None
    opinion = await asyncio.to_thread(own.conversations.opinion, person, answer_id)
    if opinion is None:
        raise no_answer()
    return FeedbackOut.of(opinion)


@router.post(
    "/answers/{answer_id}/escalation",
    responses=changing(404, 429),
    summary="Ask a person",
)
async def escalate(answer_id: Identifier, body: EscalationIn, own: TheOwn) -> EscalationOut:
    """Hands the question and its answer on to the experts of the desk, once: a second time changes nothing and tells
    how the first stands."""
    own.pace()
    await _own_answer(own, answer_id)
    try:
        note = body.note.strip()
        await asyncio.to_thread(own.conversations.escalate, answer_id, own.asker.person, note)
    except UnknownAnswer:
        raise no_answer() from None
    return await escalation(answer_id, own)


@router.get("/answers/{answer_id}/escalation", responses=reading(404), summary="What a person replied")
async def escalation(answer_id: Identifier, own: TheOwn) -> EscalationOut:
    found = await asyncio.to_thread(own.escalation, answer_id)
    if found is None:
        raise no_answer()
    return EscalationOut.of(found)


@router.post(
    "/answers/{answer_id}/share",
    responses=changing(404, 429),
    summary="Share an answer by a link",
)
async def share(answer_id: Identifier, request: Request, own: TheOwn, settings: TheSettings) -> ShareOut:
    """The link opens the answer to whoever may read the same documents, and does not say who asked. A link that was
    given out for the answer before is good no longer."""
    own.pace()
    kept = await whole(own, answer_id)
    now = datetime.now(UTC)
    erased_at = kept.asked_at + timedelta(days=own.conversations.keep_days)
    days = max(1, min(_SHARED_DAYS, math.ceil((erased_at - now) / timedelta(days=1))))
    secret = await asyncio.to_thread(own.accounts.share, kept.id, own.asker.by, days=days)
    address = (settings.public_url or str(request.base_url)).rstrip("/")
    return ShareOut(url=f"{address}/shared/{secret}", expires=min(now + timedelta(days=days), erased_at))


@router.delete("/answers/{answer_id}/share", status_code=204, responses=changing(404), summary="Withdraw the link")
async def unshare(answer_id: Identifier, own: TheOwn) -> None:
    """Also where there is none."""
    await _own_answer(own, answer_id)
    await asyncio.to_thread(own.accounts.unshare, answer_id, own.asker.by)


async def whole(own: TheOwn, answer_id: str) -> Kept:
    """The asker's own answer with what it says. Raises ApiError."""
    kept = await asyncio.to_thread(own.whole, answer_id)
    if kept is None:
        raise no_answer()
    return kept


def no_answer() -> ApiError:
    return ApiError(404, "not_found", "There is no such answer.")


async def _own_answer(own: TheOwn, answer_id: str) -> None:
    """Raises ApiError unless it is theirs, whatever of it they may still see."""
    if await asyncio.to_thread(own.conversations.kept_of, own.asker.person, answer_id) is None:
        raise no_answer()
