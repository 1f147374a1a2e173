"""A database that takes no writes: who was let in still is."""

import logging

import pytest

from assistant.conversations.errors import ConversationsError
from assistant.conversations.store import Conversations
from integrations.accounts.store import Accounts
from tests.integrations.accounts.conftest import BY, Clock


def test_a_database_that_cannot_be_written_keeps_nobody_out_and_is_not_tried_each_time(
    accounts: Accounts, kept: Conversations, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    accepted = accounts.accept(accounts.invite("staff", "Ana", BY)[1])
    assert accepted is not None
    account, session = accepted
    _, key = accounts.make_key("Program", "public", ["ask"], BY)
    with kept.engine.execution_options(upkeep=True).connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")

    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert accounts.session(session) is not None and accounts.key(key) is not None
    assert len(caplog.records) == 1 and "could not be written" in caplog.text
    assert not any(secret in caplog.text for secret in (session, key, account.id, "Ana"))
    with pytest.raises(ConversationsError):
        accounts.open_session(account.id)

    with kept.engine.execution_options(upkeep=True).connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
    clock.advance(minutes=1)
    assert accounts.session(session) is not None
    seen = accounts.account(account.id)
    assert seen is not None and seen.last_seen_at == clock.now
