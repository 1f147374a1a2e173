"""What is too old is erased by whatever runs, on each new day."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.conversations.errors import DatabaseBusy
from assistant.conversations.store import Conversations, open_conversations
from assistant.conversations.types import Asked
from assistant.types import Answer, Outcome, Provenance
from integrations import erasing


async def test_on_a_new_day_what_is_too_old_is_erased_and_a_failure_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = date(2026, 1, 1)
    purged, is_done = 0, asyncio.Event()
    purge = Conversations.purge

    def purge_at_the_second_try(self: Conversations, now: datetime) -> int:
        nonlocal purged
        purged += 1
        if purged == 1:
            raise DatabaseBusy("The database is held by another process.")
        erased = purge(self, now + timedelta(days=31))
        loop.call_soon_threadsafe(is_done.set)
        return erased

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(Conversations, "purge", purge_at_the_second_try)
    monkeypatch.setattr(erasing, "_LOOK_SECONDS", 0.001)
    looked = asyncio.Event()

    def day() -> date:
        looked.set()
        return today

    monkeypatch.setattr(erasing, "_today", day)
    conversations = open_conversations(tmp_path)
    answer = Answer(Outcome.ANSWERED, "…", "en", (), (), (), Provenance(None))
    kept = conversations.keep(Asked("t", "slack", "ana", "staff", "en", "Where?", answer))
    async with erasing.erasing_daily(conversations):
        for _ in range(3):
            looked.clear()
            await asyncio.wait_for(looked.wait(), 20)
        assert purged == 0, "it was erased on the day on which it was opened"
        today = datetime.now(UTC).date()
        await asyncio.wait_for(is_done.wait(), 20)
    found = conversations.kept(kept)
    assert found is not None and found.question is None
    conversations.close()
