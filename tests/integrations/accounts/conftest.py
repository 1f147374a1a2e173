"""Accounts on SQLite, with a clock that tests set."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.conversations.store import Conversations, open_conversations
from integrations.accounts.store import Accounts, open_accounts

BY = "terminal:test"


class Clock:
    now = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    opened = open_conversations(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def accounts(kept: Conversations, clock: Clock) -> Accounts:
    return open_accounts(kept.engine, clock)
