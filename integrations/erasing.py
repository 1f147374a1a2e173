"""What the desk has promised to erase is erased every day, for as long as a surface runs that remembers."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from assistant.conversations.errors import ConversationsError
from assistant.conversations.store import Conversations

# By the clock on the wall: a machine that slept through the night erases when it wakes.
_LOOK_SECONDS = 3600.0
_log = logging.getLogger("migdesk")


@asynccontextmanager
async def erasing_daily(conversations: Conversations) -> AsyncIterator[None]:
    """Erases what is too old on each new day (UTC) until the ``with`` is left; opening them has done so for today."""
    erasing = asyncio.create_task(_erase_daily(conversations))
    try:
        yield
    finally:
        erasing.cancel()
        await asyncio.wait([erasing])


async def _erase_daily(conversations: Conversations) -> None:
    done = _today()
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if (today := _today()) == done:
            continue
        try:
            erased = await asyncio.to_thread(conversations.purge, datetime.now(UTC))
        except ConversationsError as error:
            _log.warning("what is too old could not be erased, and is tried again in an hour: %s", error)
        else:
            done = today
            _log.info("questions erased for their age: %d", erased)


def _today() -> date:
    return datetime.now(UTC).date()
