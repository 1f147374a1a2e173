"""Who is let in and who is not, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest

from assistant.conversations.store import Conversations
from integrations.accounts.errors import (
    AccountDisabled,
    AlreadyThere,
    DelegationClosed,
    NotAnOperator,
    UnknownAccount,
    UnknownDelegation,
    UnusableEntry,
)
from integrations.accounts.store import Accounts, open_accounts
from integrations.accounts.types import Account
from tests.assistant.conversations.conftest import Place, memory, place, server
from tests.integrations.accounts.conftest import BY, Clock

__all__ = ["memory", "place", "server"]  # the fixtures
ANSWER = "Zr0_-x4Yl5s"
WILD = ("", "\x00", "x", "\ud800", "ses_" + "a" * 43, "inv_" + "a" * 43, "' OR 1=1 --", "x" * 5000, "0" * 32)
_T = TypeVar("_T")


@pytest.fixture
def accounts(memory: Conversations, clock: Clock) -> Accounts:
    """With the delegation Nepal."""
    opened = open_accounts(memory.engine, clock)
    opened.add_delegation("nepal", "Nepal", BY)
    return opened


def let_in(accounts: Accounts, audience: str = "partner:nepal", *, is_operator: bool = False) -> tuple[Account, str]:
    accepted = accounts.accept(accounts.invite(audience, "Sita Sharma", BY, is_operator=is_operator)[1])
    assert accepted is not None
    return accepted


def at_once(count: int, doing: Callable[[int], _T]) -> list[_T]:
    """What ``count`` threads got that began in the same moment."""
    barrier = Barrier(count)

    def begin(number: int) -> _T:
        barrier.wait()
        return doing(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


def test_an_invitation_lets_one_person_in_once(accounts: Accounts, clock: Clock) -> None:
    made, link = accounts.invite("partner:nepal", " Sita\u202e  Sharma ", BY)
    assert accounts.peek(link) == made == accounts.peek(link) and accounts.accounts() == []

    accepted = accounts.accept(link)
    assert accepted is not None
    account, secret = accepted
    assert (account.name, account.audience, account.delegation, account.is_operator) == (
        "Sita Sharma",
        "partner:nepal",
        "nepal",
        False,
    )
    assert accounts.session(secret) == account
    assert accounts.peek(link) is None and accounts.accept(link) is None
    [used] = accounts.invitations()
    assert (used.used_at, used.account_id) == (clock.now, account.id)
    assert not accounts.withdraw_invitation(made.id, BY)
    assert accounts.end_session(secret) and accounts.session(secret) is None and not accounts.end_session(secret)


def test_of_many_at_once_one_is_let_in(place: Place) -> None:
    """Processes of their own, as far as the database can tell."""
    opened = [open_accounts(place.open().engine) for _ in range(4)]
    _, link = opened[0].invite("staff", "Ana", BY)
    state = opened[0].put_state("oidc", {"nonce": "n"})

    accepted = at_once(4, lambda number: opened[number].accept(link))
    assert len([one for one in accepted if one is not None]) == 1 == len(opened[0].accounts())
    taken = at_once(4, lambda number: opened[number].take_state("oidc", state))
    assert [one for one in taken if one is not None] == [{"nonce": "n"}]
    known = at_once(
        4,
        lambda number: opened[number].account_for(
            "https://id.example", "s-1", name="Bo", audience="staff", is_operator=False
        ),
    )
    assert len({one.id for one in known}) == 1
    shares = at_once(4, lambda number: opened[number].share(ANSWER, BY))
    assert len([link for link in shares if opened[0].shared(link) == ANSWER]) == 1

    def add_five(number: int) -> None:
        for n in range(5):
            opened[number].audit(BY, "document.added", str(n))
            assert opened[number].check_audit()

    at_once(4, add_five)
    assert opened[0].check_audit() and len({entry.digest for entry in opened[0].audited(1000)}) == 28


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that can be shown for one operator, and one member of a delegation."""

    operator: Account
    member: Account
    good: dict[str, Callable[[], object]]

    def names(self) -> set[str]:
        return {name for name, look_up in self.good.items() if look_up() is not None}


@pytest.fixture
def shown(accounts: Accounts) -> Shown:
    operator, operators_session = let_in(accounts, "staff", is_operator=True)
    member, members_session = let_in(accounts)
    links = {
        "open link": accounts.invite("partner:nepal", "New", BY)[1],
        "operator's link": accounts.invite("staff", "Friend", operator.person, is_operator=True)[1],
        "member's sign-in link": accounts.invite_again(member.id, BY)[1],
    }
    keys = {
        "delegation's key": accounts.make_key("Program", "partner:nepal", ["ask"], BY)[1],
        "operator's key": accounts.make_key("Mine", "staff", ["ask", "admin"], operator.person)[1],
        "public key": accounts.make_key("Public", "public", ["read"], BY)[1],
    }
    share = accounts.share(ANSWER, member.person)
    return Shown(
        operator,
        member,
        {
            "operator's session": lambda: accounts.session(operators_session),
            "member's session": lambda: accounts.session(members_session),
            "member's share": lambda: accounts.shared(share),
            **{name: partial(accounts.peek, link) for name, link in links.items()},
            **{name: partial(accounts.key, key) for name, key in keys.items()},
        },
    )


def test_a_closed_delegation_lets_nobody_in_until_it_is_open_again(accounts: Accounts, shown: Shown) -> None:
    everything = set(shown.good)
    assert shown.names() == everything
    closed = accounts.close_delegation("nepal", BY)
    assert closed.closed_at is not None
    assert shown.names() == {"operator's session", "operator's link", "operator's key", "public key"}
    for refused in (
        lambda: accounts.invite("partner:nepal", "X", BY),
        lambda: accounts.invite_again(shown.member.id, BY),
        lambda: accounts.make_key("X", "partner:nepal", ["ask"], BY),
        lambda: accounts.open_session(shown.member.id),
    ):
        with pytest.raises(DelegationClosed, match="delegation reopen nepal"):
            refused()
    assert accounts.reopen_delegation("nepal", BY).closed_at is None
    assert shown.names() == everything


def test_a_disabled_account_and_what_it_made_are_good_for_nothing(accounts: Accounts, shown: Shown) -> None:
    everything = set(shown.good)
    disabled = accounts.disable(shown.operator.id, BY)
    assert disabled.disabled_at is not None
    operators = {"operator's session", "operator's link", "operator's key"}
    assert shown.names() == everything - operators
    accounts.disable(shown.member.id, BY)
    members = {"member's session", "member's sign-in link", "member's share"}
    assert shown.names() == everything - operators - members
    with pytest.raises(AccountDisabled):
        accounts.open_session(shown.member.id)
    with pytest.raises(AccountDisabled):
        accounts.invite_again(shown.member.id, BY)

    assert accounts.enable(shown.operator.id, BY).disabled_at is None
    accounts.enable(shown.member.id, BY)
    gone_for_good = {"operator's session", "member's session", "member's sign-in link"}
    assert shown.names() == everything - gone_for_good


def test_who_is_removed_leaves_nothing_but_an_id_in_the_audit(
    accounts: Accounts, shown: Shown, memory: Conversations
) -> None:
    accounts.remove(shown.operator.id, BY)
    accounts.remove(shown.member.id, BY)
    assert shown.names() == {"open link", "delegation's key", "public key"}
    assert accounts.accounts() == [] and not accounts.is_shared(ANSWER)
    with memory.engine.connect() as connection:
        for table in ("accounts", "accounts_invitations", "accounts_sessions", "accounts_keys", "accounts_shares"):
            rows = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            assert "Sita" not in rows and shown.member.id not in rows and shown.operator.id not in rows
    assert shown.member.person in [entry.about for entry in accounts.audited()]
    with pytest.raises(UnknownAccount):
        accounts.remove(shown.member.id, BY)


def test_everything_ends(accounts: Accounts, shown: Shown, clock: Clock) -> None:
    _, short = accounts.make_key("Short", "staff", ["ask"], BY, days=1)
    state = accounts.put_state("oidc", {"nonce": "n"})
    clock.advance(minutes=10)
    assert accounts.take_state("oidc", state) is None
    clock.advance(days=1)
    assert accounts.key(short) is None
    clock.advance(days=6)
    assert not shown.names() & {"open link", "operator's link", "member's sign-in link"}
    clock.advance(days=7)
    assert shown.names() == {"member's share", "delegation's key", "operator's key", "public key"}
    clock.advance(days=20)
    assert shown.names() == {"delegation's key", "operator's key", "public key"}
    accounts.invite("staff", "Later", BY)
    assert "New" in {one.name for one in accounts.invitations()}
    clock.advance(days=10)
    accounts.invite("staff", "Later", BY)
    assert "New" not in {one.name for one in accounts.invitations()}, "who never came is forgotten"


def test_rights_that_are_taken_away_are_gone_at_the_next_request(accounts: Accounts) -> None:
    def signs_in(audience: str, *, is_operator: bool) -> Account:
        return accounts.account_for(
            "https://id.example", "s-1", name="Bo\x00", audience=audience, is_operator=is_operator
        )

    operator = signs_in("staff", is_operator=True)
    session = accounts.open_session(operator.id)
    _, key = accounts.make_key("Mine", "staff", ["ask"], operator.person)
    _, link = accounts.invite("staff", "Friend", operator.id, is_operator=True)
    assert accounts.key(key) and accounts.peek(link)

    assert signs_in("partner:nepal", is_operator=False).id == operator.id
    now = accounts.session(session)
    assert now is not None and (now.name, now.audience, now.is_operator) == ("Bo", "partner:nepal", False)
    assert accounts.key(key) is None and accounts.peek(link) is None and accounts.accept(link) is None
    for refused in (
        lambda: accounts.invite("staff", "X", operator.person),
        lambda: accounts.invite_again(operator.id, operator.person),
        lambda: accounts.make_key("X", "staff", ["ask"], operator.person),
    ):
        with pytest.raises(NotAnOperator):
            refused()

    accounts.disable(operator.id, BY)
    assert signs_in("staff", is_operator=True).disabled_at is not None, "signing in enables nobody"
    with pytest.raises(AccountDisabled):
        accounts.open_session(operator.id)
    other = accounts.account_for("https://id.example", "s-2", name="\u202e\x00", audience="staff", is_operator=False)
    assert other.id != operator.id and other.name == "Colleague"


def test_an_operator_changes_the_rights_of_others(accounts: Accounts) -> None:
    operator, _ = let_in(accounts, "staff", is_operator=True)
    member, session = let_in(accounts)
    changed = accounts.change_rights(member.id, operator.person, audience="staff", is_operator=True)
    assert (changed.audience, changed.is_operator) == ("staff", True)
    now = accounts.session(session)
    assert now is not None and now.is_operator and now.delegation is None
    accounts.change_rights(member.id, operator.person, audience="staff", is_operator=True)
    accounts.change_rights(operator.id, member.person, audience="partner:nepal", is_operator=False)
    with pytest.raises(NotAnOperator):
        accounts.change_rights(operator.id, operator.person, audience="staff", is_operator=True)
    with pytest.raises(UnusableEntry):
        accounts.change_rights(member.id, BY, audience="public", is_operator=True)
    told = [(entry.by, entry.about) for entry in accounts.audited() if entry.action == "account.changed"]
    assert told == [
        (member.person, f"{operator.person} partner:nepal"),
        (operator.person, f"{member.person} staff operator"),
    ]


def test_what_cannot_be_is_refused_and_says_what_to_do(accounts: Accounts) -> None:
    with pytest.raises(UnknownDelegation, match="delegation add bhutan"):
        accounts.invite("partner:bhutan", "X", BY)
    with pytest.raises(Exception, match="is not an audience"):
        accounts.invite("everybody", "X", BY)
    with pytest.raises(UnusableEntry, match="Only staff"):
        accounts.invite("partner:nepal", "X", BY, is_operator=True)
    with pytest.raises(UnusableEntry, match="Only a key with the audience staff"):
        accounts.make_key("X", "public", ["admin"], BY)
    with pytest.raises(UnusableEntry, match="'all' is no scope"):
        accounts.make_key("X", "public", ["all"], BY)  # type: ignore[list-item]
    with pytest.raises(UnusableEntry, match="needs a scope"):
        accounts.make_key("X", "public", [], BY)
    with pytest.raises(AlreadyThere):
        accounts.add_delegation("Nepal ", "Again", BY)
    with pytest.raises(UnknownDelegation):
        accounts.close_delegation("bhutan", BY)
    with pytest.raises(UnusableEntry, match="readers see it"):
        accounts.close_desk(" \u202e", BY)
    with pytest.raises(UnusableEntry, match="provider"):
        accounts.account_for("https://id.example", "", name="X", audience="staff", is_operator=False)
    assert not (accounts.accounts() or accounts.invitations() or accounts.keys() or accounts.closed())
    assert [entry.action for entry in accounts.audited()] == ["delegation.added"]


@pytest.mark.parametrize("wild", WILD)
def test_what_was_never_given_out_is_nobodys(accounts: Accounts, wild: str) -> None:
    found: list[object] = [accounts.session(wild), accounts.key(wild), accounts.shared(wild), accounts.peek(wild)]
    found += [accounts.accept(wild), accounts.take_state("oidc", wild), accounts.account(wild)]
    assert found == [None] * 7 and not accounts.is_shared(wild)
    assert not accounts.end_session(wild) and not accounts.withdraw_invitation(wild, BY)
    assert not accounts.revoke_key(wild, BY) and not accounts.unshare(wild, BY)
    with pytest.raises(UnknownAccount):
        accounts.disable(wild, BY)


def test_a_new_link_takes_the_place_of_the_old_and_opens_the_same_account(accounts: Accounts) -> None:
    member, session = let_in(accounts)
    _, first = accounts.invite_again(member.id, BY)
    again, second = accounts.invite_again(member.id, BY)
    assert accounts.peek(first) is None and again.account_id == member.id
    accepted = accounts.accept(second)
    assert accepted is not None and accepted[0].id == member.id and accepted[1] != session
    assert accounts.end_sessions(member.id, BY) == 2 and accounts.session(session) is None
    withdrawn, link = accounts.invite_again(member.id, BY)
    assert accounts.withdraw_invitation(withdrawn.id, BY) and accounts.accept(link) is None


def test_looking_somebody_up_writes_once_an_hour(accounts: Accounts, clock: Clock) -> None:
    _, session = let_in(accounts)
    _, secret = accounts.make_key("Program", "public", ["ask"], BY)
    seen = []
    for _ in range(4):
        assert accounts.session(session) and accounts.key(secret)
        [known], [used] = accounts.accounts(), accounts.keys()
        assert known.last_seen_at is not None and known.last_seen_at == used.last_used_at
        seen.append(known.last_seen_at)
        clock.advance(minutes=31)
    start = seen[0]
    assert seen == [start, start, start + timedelta(minutes=62), start + timedelta(minutes=62)]


def test_shared_again_the_old_link_is_good_for_nothing(accounts: Accounts) -> None:
    visitor = "visitor:" + "0a" * 16
    first = accounts.share(ANSWER, visitor)
    second = accounts.share(ANSWER, visitor, days=1)
    assert accounts.shared(first) is None and accounts.shared(second) == ANSWER and accounts.is_shared(ANSWER)
    assert accounts.unshare(ANSWER, visitor) and not accounts.unshare(ANSWER, visitor)
    assert accounts.shared(second) is None and not accounts.is_shared(ANSWER)
    accounts.share(ANSWER, visitor)
    accounts.share("another", BY)
    assert accounts.unshare_all_of(visitor) == 1 and accounts.is_shared("another") and not accounts.is_shared(ANSWER)


def test_a_state_is_for_one_purpose(accounts: Accounts) -> None:
    state = accounts.put_state("oidc", {"next": "/\ud800\x00", "nonce": "й"})
    assert accounts.take_state("other", state) is None
    assert accounts.take_state("oidc", state) == {"next": "/\ud800\x00", "nonce": "й"}
    assert accounts.take_state("oidc", state) is None


def test_the_desk_is_closed_with_a_reason_for_all_who_look(accounts: Accounts, memory: Conversations) -> None:
    elsewhere = open_accounts(memory.engine)
    accounts.close_desk("Moved\u202e to Monday", BY)
    accounts.close_desk("Back on Tuesday", BY)
    closed = elsewhere.closed()
    assert closed is not None and (closed.reason, closed.by) == ("Back on Tuesday", BY)
    assert elsewhere.open_desk(BY) and not elsewhere.open_desk(BY) and accounts.closed() is None


def test_no_secret_is_in_the_database_or_in_what_is_given_back(accounts: Accounts, memory: Conversations) -> None:
    invitation, link = accounts.invite("staff", "Ana", BY)
    accepted = accounts.accept(link)
    assert accepted is not None
    key, key_secret = accounts.make_key("Program", "staff", ["ask"], BY)
    secrets = [link, accepted[1], key_secret, accounts.share(ANSWER, BY), accounts.put_state("oidc", {})]
    with memory.engine.connect() as connection:
        tables = ("invitations", "sessions", "keys", "shares", "states", "audit")
        stored = "".join(str(connection.exec_driver_sql(f"SELECT * FROM accounts_{name}").all()) for name in tables)
    listed = repr((invitation, accepted[0], key, accounts.invitations(), accounts.keys(), accounts.audited()))
    for secret in secrets:
        assert secret[4:] not in stored + listed


def test_processes_that_start_at_once_make_the_tables_once(place: Place) -> None:
    opened = [place.open() for _ in range(4)]
    at_once(4, lambda number: open_accounts(opened[number].engine).audit(BY, "document.added"))
    accounts = open_accounts(opened[0].engine)
    assert accounts.check_audit() and len(accounts.audited()) == 4
