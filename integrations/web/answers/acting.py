"""What forms do with an answer of one's own: say whether it helped, ask a person, share it, erase it. Everything is
decided where the API decides it."""

import asyncio
from typing import get_args

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from integrations.web.answers.history_page import erase_page
from integrations.web.answers.shared_page import link_page
from integrations.web.api import answers, conversations, me
from integrations.web.api.answers import Identifier, no_answer
from integrations.web.api.own import Own, TheOwn
from integrations.web.api.shapes import MOST_WORDS, EscalationIn, FeedbackIn, Reason
from integrations.web.forms import form_of
from integrations.web.shell import Shell, TheShell
from integrations.web.state import TheSettings

router = APIRouter()


@router.post("/answers/{answer_id}/feedback", include_in_schema=False)
async def rate(answer_id: Identifier, request: Request, shell: TheShell, own: TheOwn) -> Response:
    fields = await form_of(request)
    is_helpful = fields.get("helpful") == "yes"
    reasons: dict[str, Reason] = {reason: reason for reason in get_args(Reason)}
    told = FeedbackIn(
        helpful=is_helpful,
        reason=None if is_helpful else reasons.get(fields.get("reason", "")),
        comment=fields.get("comment", "")[:MOST_WORDS] or None,
    )
    await answers.rate(answer_id, told, own)
    return await _back_to(shell, own, answer_id)


@router.post("/answers/{answer_id}/person", include_in_schema=False)
async def ask_person(answer_id: Identifier, request: Request, shell: TheShell, own: TheOwn) -> Response:
    fields = await form_of(request)
    await answers.escalate(answer_id, EscalationIn(note=fields.get("note", "")[:MOST_WORDS]), own)
    return await _back_to(shell, own, answer_id)


@router.post("/answers/{answer_id}/share", include_in_schema=False)
async def share(
    answer_id: Identifier, request: Request, shell: TheShell, own: TheOwn, settings: TheSettings
) -> Response:
    conversation = await _conversation_of(own, answer_id)
    return link_page(shell, await answers.share(answer_id, request, own, settings), answer_id, conversation)


@router.post("/answers/{answer_id}/unshare", include_in_schema=False)
async def unshare(answer_id: Identifier, shell: TheShell, own: TheOwn) -> Response:
    await answers.unshare(answer_id, own)
    return await _back_to(shell, own, answer_id)


@router.get("/conversations/{conversation_id}/erase", include_in_schema=False)
async def confirm(conversation_id: Identifier, shell: TheShell, own: TheOwn) -> Response:
    turns = await asyncio.to_thread(own.conversations.turns, own.asker.person, conversation_id)
    if not turns:
        raise conversations.no_conversation()
    return erase_page(shell, turns[0].kept.question or "")


@router.post("/conversations/{conversation_id}/erase", include_in_schema=False)
async def erase(conversation_id: Identifier, shell: TheShell, own: TheOwn) -> Response:
    await conversations.erase(conversation_id, own)
    return RedirectResponse(f"{shell.root}/history", 303)


@router.get("/history/erase", include_in_schema=False)
async def confirm_all(shell: TheShell) -> Response:
    return erase_page(shell, None)


@router.post("/history/erase", include_in_schema=False)
async def erase_all(shell: TheShell, own: TheOwn) -> Response:
    await me.erase(own)
    return RedirectResponse(f"{shell.root}/history", 303)


async def _back_to(shell: Shell, own: Own, answer_id: str) -> Response:
    conversation = await _conversation_of(own, answer_id)
    return RedirectResponse(f"{shell.root}/conversations/{conversation}#answer-{answer_id}", 303)


async def _conversation_of(own: Own, answer_id: str) -> str:
    """Raises ApiError unless the answer is theirs."""
    kept = await asyncio.to_thread(own.conversations.kept_of, own.asker.person, answer_id)
    if kept is None:
        raise no_answer()
    return kept.thread
