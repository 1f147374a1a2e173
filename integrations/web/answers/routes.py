"""The addresses of kept answers: a conversation of one's own, all of them, and an answer that somebody shared."""

import asyncio
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response

from assistant.conversations.types import Kept
from integrations.asking.answering import Asking
from integrations.asking.seeing import shared_answer
from integrations.web.answers import acting
from integrations.web.answers import asking as form
from integrations.web.answers.conversation_page import conversation_page
from integrations.web.answers.history_page import LONGEST_SEARCH, history_page
from integrations.web.answers.shared_page import shared_page
from integrations.web.api.answers import Identifier, no_answer
from integrations.web.api.briefings import note
from integrations.web.api.conversations import no_conversation
from integrations.web.api.own import Own, TheOwn
from integrations.web.api.shapes import ConversationOut
from integrations.web.shell import TheShell
from integrations.web.state import TheAsking
from integrations.wire import AnswerOut, SuggestionOut

_MOST_LISTED = 200
router = APIRouter()


@router.get("/conversations/{conversation_id}", include_in_schema=False)
async def conversation(conversation_id: Identifier, shell: TheShell, own: TheOwn, asking: TheAsking) -> Response:
    kept = await asyncio.to_thread(own.conversation, conversation_id)
    if kept is None:
        raise no_conversation()
    following = await _following(own, kept, asking)
    if own.watches is not None:
        seen = [turn.answer_id for turn in kept.turns if turn.answers_again is not None]
        await asyncio.to_thread(own.watches.opened, own.asker.person, seen)
    return conversation_page(shell, kept, following, translates=own.desk.model_name is not None)


@router.get("/history", include_in_schema=False)
async def history(shell: TheShell, own: TheOwn, q: str = "") -> Response:
    search = " ".join(q[:LONGEST_SEARCH].split())
    kept = await asyncio.to_thread(own.conversations.conversations, own.asker.person, search, _MOST_LISTED)
    news = await asyncio.to_thread(_news, own)
    return history_page(shell, kept, search, own.conversations.keep_days, news)


@router.get("/shared/{secret}", include_in_schema=False)
async def shared(secret: Identifier, shell: TheShell, own: TheOwn) -> Response:
    kept = await asyncio.to_thread(_shared, own, secret)
    if kept is None or kept.answer is None or kept.question is None:
        raise no_answer()
    return shared_page(shell, secret, kept.question, AnswerOut.of(kept.answer), kept.asked_at)


@router.get("/shared/{secret}/briefing.docx", include_in_schema=False)
async def shared_docx(secret: Identifier, own: TheOwn) -> Response:
    return await _shared_note(own, secret, "docx")


@router.get("/shared/{secret}/briefing.pdf", include_in_schema=False)
async def shared_pdf(secret: Identifier, own: TheOwn) -> Response:
    return await _shared_note(own, secret, "pdf")


for _part in (form, acting):
    router.include_router(_part.router)


async def _following(own: Own, kept: ConversationOut, asking: Asking) -> tuple[SuggestionOut, ...]:
    """What could be asked after the last answer."""
    last = await asyncio.to_thread(own.whole, kept.turns[-1].answer_id)
    if last is None or last.answer is None:
        return ()
    following = await asking.following(last.answer, own.asker.reader())
    return tuple(SuggestionOut.model_validate(one) for one in following)


def _news(own: Own) -> set[str]:
    """The conversations in which something was answered since their asker last looked."""
    if own.watches is None:
        return set()
    person = own.asker.person
    found = (own.conversations.kept_of(person, answer_id) for answer_id in own.watches.news(person))
    return {kept.thread for kept in found if kept is not None}


def _shared(own: Own, secret: str) -> Kept | None:
    answer_id = own.accounts.shared(secret)
    if answer_id is None:
        return None
    return shared_answer(own.desk, own.conversations, answer_id, own.asker.reader())


async def _shared_note(own: Own, secret: str, kind: Literal["docx", "pdf"]) -> Response:
    kept = await asyncio.to_thread(_shared, own, secret)
    if kept is None:
        raise no_answer()
    own.pace()
    return await note(kept, kind)
