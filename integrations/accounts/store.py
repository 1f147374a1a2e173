"""The one object through which surfaces know who may ask: accounts, what is shown for them, and what operators do.

All methods block, so async callers go through ``asyncio.to_thread``; all are safe from several threads and processes.
Every method raises a ``ConversationsError`` when the database cannot be used, and an ``AccountsError`` where something
that was asked for cannot be done. ``by`` is who does it: ``web:<account id>``, or another name that is no account's,
such as that of somebody at the machine's terminal.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine

from assistant.conversations.database import Database
from assistant.conversations.errors import ConversationsError
from integrations.accounts import (
    audit,
    delegations,
    invitations,
    keys,
    people,
    sessions,
    shares,
    standing,
    states,
    switch,
    tables,
)
from integrations.accounts.types import Account, AuditEntry, Closed, Delegation, Invitation, Key, Scope

_REST = timedelta(minutes=1)
_log = logging.getLogger("migdesk.accounts")


def _now() -> datetime:
    return datetime.now(UTC)


def open_accounts(engine: Engine, clock: Callable[[], datetime] = _now) -> "Accounts":
    """In the database of the desk's conversations (``Conversations.engine``), where missing tables are made. Whoever
    opened the database closes it. ``clock`` gives aware times."""
    url = engine.url
    place = f" at {url.host}{f':{url.port}' if url.port else ''}" if url.host else ""
    database = Database(engine, f"The database {url.database or ''}{place}")
    tables.make_tables(database)
    return Accounts(database, clock)


class Accounts:
    """Made by ``open_accounts``."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._notes_rest_until: datetime | None = None

    # ---- delegations ------------------------------------------------------------------------------------------------

    def add_delegation(self, slug: str, name: str, by: str) -> Delegation:
        """Raises UnusableEntry and AlreadyThere."""
        with self._changing() as (connection, now):
            return delegations.add(connection, now, slug, name, by)

    def delegations(self) -> list[Delegation]:
        """By short name, closed ones among them."""
        with self._database.reading() as connection:
            return delegations.every(connection)

    def close_delegation(self, slug: str, by: str) -> Delegation:
        """Its members and keys are let in no more, from now on. Raises UnknownDelegation."""
        with self._changing() as (connection, now):
            return delegations.close(connection, now, slug, by)

    def reopen_delegation(self, slug: str, by: str) -> Delegation:
        """Sessions and keys that have not ended are good again. Raises UnknownDelegation."""
        with self._changing() as (connection, now):
            return delegations.reopen(connection, now, slug, by)

    # ---- invitations ------------------------------------------------------------------------------------------------

    def invite(
        self, audience: str, name: str, by: str, *, is_operator: bool = False, days: int = invitations.DAYS
    ) -> tuple[Invitation, str]:
        """The secret of the link is not to be had again. Raises knowledge.errors.UnknownAudience, UnknownDelegation,
        DelegationClosed, UnusableEntry, NotAnOperator."""
        with self._changing() as (connection, now):
            return invitations.invite(connection, now, audience, name, by, is_operator=is_operator, days=days)

    def invite_again(self, account_id: str, by: str, *, days: int = invitations.DAYS) -> tuple[Invitation, str]:
        """A new link for somebody who is known, in place of open ones. Raises UnknownAccount, AccountDisabled,
        DelegationClosed, UnusableEntry, NotAnOperator."""
        with self._changing() as (connection, now):
            return invitations.invite_again(connection, now, account_id, by, days)

    def invitations(self) -> list[Invitation]:
        """Newest first; those that nobody used are erased 30 days after their end, when the next is made."""
        with self._database.reading() as connection:
            return invitations.every(connection)

    def withdraw_invitation(self, invitation_id: str, by: str) -> bool:
        """False where it is not there, or was used."""
        with self._changing() as (connection, now):
            return invitations.withdraw(connection, now, invitation_id, by)

    def peek(self, secret: str) -> Invitation | None:
        """The invitation, where accepting it would let somebody in. Uses nothing up."""
        with self._database.reading() as connection:
            return invitations.usable(connection, self._clock(), secret)

    def accept(self, secret: str) -> tuple[Account, str] | None:
        """Uses the invitation up, for one of however many try at once: the account, and the secret of its session."""
        if self.peek(secret) is None:
            return None
        with self._changing() as (connection, now):
            return invitations.accept(connection, now, secret)

    # ---- accounts and sessions --------------------------------------------------------------------------------------

    def account_for(self, issuer: str, subject: str, *, name: str, audience: str, is_operator: bool) -> Account:
        """Of whom a sign-in provider names: made, or brought up to date. A disabled one stays disabled. Raises as
        ``invite`` does, but never for the name: of an unusable one is kept what can be shown."""
        with self._changing() as (connection, now):
            return people.of_provider(
                connection, now, issuer, subject, name=name, audience=audience, is_operator=is_operator
            )

    def open_session(self, account_id: str, *, days: int = sessions.DAYS) -> str:
        """The secret. Raises UnknownAccount, AccountDisabled, DelegationClosed."""
        with self._changing() as (connection, now):
            return sessions.start(connection, now, account_id, days)

    def session(self, secret: str) -> Account | None:
        """Whose session it is: with the rights of this moment, and None where it has ended, the account is disabled or
        removed, or its delegation closed."""
        now = self._clock()
        with self._database.reading() as connection:
            account = sessions.holder(connection, now, secret)
        if account is not None and sessions.is_worth_noting(account.last_seen_at, now):
            self._note(now, lambda connection: sessions.note_seen(connection, now, account.id))
        return account

    def end_session(self, secret: str) -> bool:
        """Signs out. False where there was no such session."""
        with self._database.writing() as connection:
            return sessions.end(connection, secret)

    def end_sessions(self, account_id: str, by: str) -> int:
        """Signs an account out everywhere; how many sessions that were. Raises UnknownAccount."""
        with self._changing() as (connection, now):
            return sessions.end_all(connection, now, account_id, by)

    def accounts(self) -> list[Account]:
        """By name."""
        with self._database.reading() as connection:
            return people.every(connection)

    def account(self, account_id: str) -> Account | None:
        """Also one that is disabled, or whose delegation is closed."""
        with self._database.reading() as connection:
            return standing.found_account(connection, account_id)

    def change_rights(self, account_id: str, by: str, *, audience: str, is_operator: bool) -> Account:
        """From the next request on. A sign-in provider that says otherwise undoes it at the next sign-in. Raises
        UnknownAccount, and as ``invite`` does."""
        with self._changing() as (connection, now):
            return people.change_rights(connection, now, account_id, by, audience=audience, is_operator=is_operator)

    def disable(self, account_id: str, by: str) -> Account:
        """Ends its sessions and open links for good. Links and keys that it made as an operator, and answers that it
        shared, are good for nothing while it is disabled. Raises UnknownAccount."""
        with self._changing() as (connection, now):
            return people.disable(connection, now, account_id, by)

    def enable(self, account_id: str, by: str) -> Account:
        """Raises UnknownAccount."""
        with self._changing() as (connection, now):
            return people.enable(connection, now, account_id, by)

    def remove(self, account_id: str, by: str) -> None:
        """Erases it, with its sessions, invitations, the keys and links that it made and the answers that it shared.
        The audit keeps its id. What it has asked is kept elsewhere: ``Conversations.forget``. Raises UnknownAccount."""
        with self._changing() as (connection, now):
            people.remove(connection, now, account_id, by)

    # ---- keys -------------------------------------------------------------------------------------------------------

    def make_key(
        self, name: str, audience: str, scopes: Iterable[Scope], by: str, *, days: int | None = None
    ) -> tuple[Key, str]:
        """The secret is not to be had again. A key that an operator's account made is good while that is an operator's.
        Raises as ``invite`` does."""
        with self._changing() as (connection, now):
            return keys.make(connection, now, name, audience, scopes, by, days)

    def key(self, secret: str) -> Key | None:
        """None where it was revoked or has ended, its delegation is closed, or who made it is an operator no more."""
        now = self._clock()
        with self._database.reading() as connection:
            key = keys.key(connection, now, secret)
        if key is not None and sessions.is_worth_noting(key.last_used_at, now):
            self._note(now, lambda connection: keys.note_used(connection, now, key.id))
        return key

    def keys(self) -> list[Key]:
        """Newest first, revoked ones among them."""
        with self._database.reading() as connection:
            return keys.every(connection)

    def revoke_key(self, key_id: str, by: str) -> bool:
        """False where it is not there, or was revoked before."""
        with self._changing() as (connection, now):
            return keys.revoke(connection, now, key_id, by)

    # ---- shared answers ---------------------------------------------------------------------------------------------

    def share(self, answer_id: str, by: str, *, days: int = shares.DAYS) -> str:
        """The secret of a link to the answer, in place of an earlier one. Whose the answer is, is for the caller to
        check. Raises UnusableEntry for the days."""
        with self._changing() as (connection, now):
            return shares.share(connection, now, answer_id, by, days)

    def shared(self, secret: str) -> str | None:
        """The answer's id. Whether the reader may see the answer is for the caller to check."""
        with self._database.reading() as connection:
            return shares.shared(connection, self._clock(), secret)

    def unshare(self, answer_id: str, by: str) -> bool:
        """False where it was not shared."""
        with self._changing() as (connection, now):
            return shares.unshare(connection, now, answer_id, by)

    def unshare_all_of(self, person: str) -> int:
        """Ends all links of a person, such as ``visitor:…``, whose questions are being erased; how many those were."""
        with self._database.writing() as connection:
            return shares.unshare_all_of(connection, person)

    def is_shared(self, answer_id: str) -> bool:
        with self._database.reading() as connection:
            return shares.is_shared(connection, self._clock(), answer_id)

    # ---- the kill switch --------------------------------------------------------------------------------------------

    def closed(self) -> Closed | None:
        """Why nobody can ask at present; None while the desk is open."""
        with self._database.reading() as connection:
            return switch.closed(connection)

    def close_desk(self, reason: str, by: str) -> Closed:
        """Raises UnusableEntry without a reason: readers see it."""
        with self._changing() as (connection, now):
            return switch.close(connection, now, reason, by)

    def open_desk(self, by: str) -> bool:
        """False where it was open."""
        with self._changing() as (connection, now):
            return switch.reopen(connection, now, by)

    # ---- what is known again when somebody comes back ---------------------------------------------------------------

    def put_state(self, purpose: str, payload: Mapping[str, str]) -> str:
        """The secret by which ``take_state`` finds it, once, within ten minutes and for the same purpose."""
        with self._database.writing() as connection:
            return states.put(connection, self._clock(), purpose, payload)

    def take_state(self, purpose: str, secret: str) -> dict[str, str] | None:
        with self._database.writing() as connection:
            return states.take(connection, self._clock(), purpose, secret)

    # ---- audit ------------------------------------------------------------------------------------------------------

    def audit(self, by: str, action: str, about: str = "") -> None:
        """Adds an entry for good: ``action`` in a word, ``about`` ids only, never a name, a question or a secret."""
        with self._changing() as (connection, now):
            audit.append(connection, now, by, action, about)

    def audited(self, limit: int = 200) -> list[AuditEntry]:
        """Newest first."""
        with self._database.reading() as connection:
            return audit.audited(connection, limit)

    def check_audit(self) -> bool:
        """Whether every entry is there as it was written."""
        with self._database.reading() as connection:
            return audit.holds(connection)

    @contextmanager
    def _changing(self) -> Iterator[tuple[Connection, datetime]]:
        """A transaction that nobody else who changes accounts comes in between: whole, with its entry in the audit."""
        with self._database.writing() as connection:
            audit.take_turn(connection)
            yield connection, self._clock()

    def _note(self, now: datetime, noting: Callable[[Connection], None]) -> None:
        """A database that is busy or full keeps nobody out, and is not waited for at every request."""
        if self._notes_rest_until is not None and now < self._notes_rest_until:
            return
        try:
            with self._database.writing() as connection:
                noting(connection)
        except ConversationsError as error:
            self._notes_rest_until = now + _REST
            _log.warning("when an account or a key was last seen could not be written: %s", error)
