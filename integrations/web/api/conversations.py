"""One's own conversations: listed, searched, read and erased."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query

from integrations.web.api.failing import changing, reading
from integrations.web.api.own import TheOwn
from integrations.web.api.shapes import ConversationLineOut, ConversationOut
from integrations.web.errors import ApiError

_MOST_LISTED = 200
Identifier = Annotated[str, Path(max_length=64, description="As the answer named its conversation.")]
router = APIRouter(tags=["conversations"])


@router.get("/conversations", responses=reading(), summary="One's own conversations")
async def conversations(
    own: TheOwn,
    q: Annotated[str, Query(max_length=200, description="Words that a question in it holds.")] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = 50,
) -> list[ConversationLineOut]:
    """The one that was last asked in comes first. Only questions are searched."""
    found = await asyncio.to_thread(own.conversations.conversations, own.asker.person, q, limit)
    return [ConversationLineOut.of(kept) for kept in found]


@router.get("/conversations/{conversation_id}", responses=reading(404), summary="A conversation of one's own")
async def conversation(conversation_id: Identifier, own: TheOwn) -> ConversationOut:
    found = await asyncio.to_thread(own.conversation, conversation_id)
    if found is None:
        raise no_conversation()
    return found


@router.delete(
    "/conversations/{conversation_id}", status_code=204, responses=changing(404), summary="Erase a conversation"
)
async def erase(conversation_id: Identifier, own: TheOwn) -> None:
    """With all that was said of its answers, and the links by which they were shared. It cannot be undone."""
    erased = await asyncio.to_thread(own.conversations.forget_thread, own.asker.person, conversation_id)
    if not erased:
        raise no_conversation()
    for answer_id in erased:
        await asyncio.to_thread(own.accounts.unshare, answer_id, own.asker.by)


def no_conversation() -> ApiError:
    return ApiError(404, "not_found", "There is no such conversation.")
