"""Who the desk takes the asker for, and everything of theirs erased at their word."""

import asyncio

from fastapi import APIRouter

from integrations.web.api.failing import changing, reading
from integrations.web.api.own import TheOwn
from integrations.web.api.shapes import ErasedOut, MeOut
from integrations.web.state import TheSettings

router = APIRouter(tags=["me"])


@router.get("/me", responses=reading(), summary="Who asks, and what holds for them")
async def me(own: TheOwn, settings: TheSettings) -> MeOut:
    closed = await asyncio.to_thread(own.accounts.closed)
    return MeOut(
        signed_in=own.asker.is_signed_in,
        name=own.asker.name,
        audience=own.asker.audience,
        is_operator=own.asker.is_operator,
        public=settings.public,
        closed=closed.reason if closed is not None else None,
        keep_days=own.conversations.keep_days,
    )


@router.delete("/me/questions", responses=changing(), summary="Erase everything one has asked")
async def erase(own: TheOwn) -> ErasedOut:
    """Every question and answer, what was said of them, and the links by which they were shared. It cannot be
    undone."""
    return ErasedOut(erased=await asyncio.to_thread(own.erase))
