"""The audit: every change leaves an entry, and an entry that is changed afterwards shows."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.conversations.store import Conversations
from integrations.accounts.errors import AuditDamaged
from integrations.accounts.store import Accounts, open_accounts
from tests.integrations.accounts.conftest import BY, Clock

_NOTHING = "0" * 64


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_audit SET about = 'x' WHERE number = 2",
        "UPDATE accounts_audit SET \"by\" = 'x' WHERE number = 1",
        "UPDATE accounts_audit SET at = '2020-01-01 00:00:00.000000' WHERE number = 3",
        "DELETE FROM accounts_audit WHERE number = 1",
        "DELETE FROM accounts_audit WHERE number = 2",
        "DELETE FROM accounts_audit WHERE number = 3",
        "DELETE FROM accounts_audit",
        "UPDATE accounts_audit SET number = number + 10",
        "UPDATE accounts_audit SET digest = upper(digest) WHERE number = 2",
        f"UPDATE accounts_audit_end SET number = 0, digest = '{_NOTHING}'",
        "DELETE FROM accounts_audit_end",
    ],
)
def test_an_entry_that_is_altered_left_out_or_cut_off_shows(
    accounts: Accounts, kept: Conversations, statement: str
) -> None:
    for about in ("one", "two", "three"):
        accounts.audit(BY, "document.added", about)
    assert accounts.check_audit()
    with kept.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert not accounts.check_audit()
    assert not open_accounts(kept.engine).check_audit(), "opening mends nothing"


def test_without_its_end_nothing_is_added_and_nothing_changed(accounts: Accounts, kept: Conversations) -> None:
    accounts.add_delegation("nepal", "Nepal", BY)
    with kept.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM accounts_audit_end")
    with pytest.raises(AuditDamaged, match="backup"):
        accounts.close_delegation("nepal", BY)
    assert accounts.delegations()[0].closed_at is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.text(min_size=1), st.text(), st.text())
def test_no_text_makes_a_second_entry_or_breaks_the_chain(accounts: Accounts, by: str, action: str, about: str) -> None:
    before = len(accounts.audited(100_000))
    accounts.audit(f"web:{by}", action, f"{about}\n2026-01-01 terminal:root desk.opened")
    entries = accounts.audited(100_000)
    assert len(entries) == before + 1 and accounts.check_audit()
    assert not any(
        c in "".join((entries[0].by, entries[0].action, entries[0].about)) for c in "\n\r\x00\x1b\u202e\u2028"
    )


def test_each_change_is_told_with_who_did_it_and_without_names_or_secrets(accounts: Accounts, clock: Clock) -> None:
    accounts.add_delegation("nepal", "Nepal embassy", BY)
    invitation, link = accounts.invite("partner:nepal", "Sita Sharma", BY)
    accepted = accounts.accept(link)
    assert accepted is not None
    account, session = accepted
    accounts.session(session)
    key, key_secret = accounts.make_key("Reader of Nepal", "partner:nepal", ["ask", "read"], BY)
    share = accounts.share("answer-1", "visitor:" + "ab" * 16)
    accounts.disable(account.id, BY)
    accounts.disable(account.id, BY)
    accounts.enable(account.id, BY)
    accounts.revoke_key(key.id, BY)
    accounts.close_desk("We are back\non Monday", BY)
    accounts.open_desk(BY)
    accounts.open_desk(BY)
    accounts.remove(account.id, BY)

    entries = accounts.audited()
    told = [(entry.by, entry.action, entry.about) for entry in reversed(entries)]
    me = f"web:{account.id}"
    assert told == [
        (BY, "delegation.added", "nepal"),
        (BY, "invitation.made", f"invitation:{invitation.id} partner:nepal"),
        (me, "invitation.accepted", f"invitation:{invitation.id}"),
        (me, "session.started", ""),
        (BY, "key.made", f"key:{key.id} partner:nepal ask,read"),
        ("visitor", "answer.shared", "answer:answer-1"),
        (BY, "account.disabled", me),
        (BY, "account.enabled", me),
        (BY, "key.revoked", f"key:{key.id}"),
        (BY, "desk.closed", "We are back on Monday"),
        (BY, "desk.opened", ""),
        (BY, "account.removed", me),
    ]
    assert entries[0].at == clock.now and accounts.check_audit()
    written = repr(entries)
    assert "Sita" not in written and not any(secret in written for secret in (link, session, key_secret, share))
