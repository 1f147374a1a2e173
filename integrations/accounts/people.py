"""The accounts of people: made by an accepted invitation or by the provider that signs them in."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from assistant.types import Reader
from integrations.accounts import audit, tables
from integrations.accounts.errors import UnusableEntry
from integrations.accounts.labels import shown
from integrations.accounts.secrets import new_id
from integrations.accounts.standing import account_from, known_account, require_open, require_operator
from integrations.accounts.types import STAFF, Account

_table = tables.accounts
_NAMELESS = "Colleague"
_MOST_OF_A_SUBJECT = 500


def audience_from(connection: Connection, label: str, *, is_operator: bool) -> str:
    """The label, checked. Raises knowledge.errors.UnknownAudience for one that is none, UnknownDelegation,
    DelegationClosed, and UnusableEntry where an operator would not be staff."""
    audience = label.strip().lower()
    Reader.of(audience)
    require_open(connection, audience)
    if is_operator and audience != STAFF:
        raise UnusableEntry("Only staff can be operators. Choose staff, or leave the right of an operator out.")
    return audience


def make(
    connection: Connection,
    now: datetime,
    *,
    name: str,
    audience: str,
    is_operator: bool,
    issuer: str | None = None,
    subject: str | None = None,
) -> Account:
    """Of what was checked already."""
    made = Account(new_id(), name, audience, is_operator, now)
    connection.execute(
        insert(_table).values(
            id=made.id,
            name=name,
            audience=audience,
            is_operator=is_operator,
            created_at=now,
            issuer=issuer,
            subject=subject,
        )
    )
    return made


def of_provider(
    connection: Connection,
    now: datetime,
    issuer: str,
    subject: str,
    *,
    name: str,
    audience: str,
    is_operator: bool,
) -> Account:
    """Whoever the provider says has signed in, with the name and the rights of today."""
    if not all(part.isprintable() and 0 < len(part) <= _MOST_OF_A_SUBJECT for part in (issuer, subject)):
        raise UnusableEntry("The sign-in provider does not say in a usable way who signed in. Check its settings.")
    audience = audience_from(connection, audience, is_operator=is_operator)
    name = shown(name) if any(character.isalnum() for character in shown(name)) else _NAMELESS
    row = connection.execute(select(_table).where(_table.c.issuer == issuer, _table.c.subject == subject)).first()
    if row is None:
        account = make(
            connection, now, name=name, audience=audience, is_operator=is_operator, issuer=issuer, subject=subject
        )
        audit.append(connection, now, account.person, "account.made", _rights(account))
        return account
    before = account_from(row)
    if (before.name, before.audience, before.is_operator) == (name, audience, is_operator):
        return before
    return _change(connection, now, before, before.person, name, audience, is_operator)


def every(connection: Connection) -> list[Account]:
    """By name."""
    rows = connection.execute(select(_table).order_by(_table.c.name, _table.c.id))
    return [account_from(row) for row in rows]


def change_rights(
    connection: Connection, now: datetime, identifier: str, by: str, *, audience: str, is_operator: bool
) -> Account:
    require_operator(connection, by)
    before = known_account(connection, identifier)
    audience = audience_from(connection, audience, is_operator=is_operator)
    return _change(connection, now, before, by, before.name, audience, is_operator)


def disable(connection: Connection, now: datetime, identifier: str, by: str) -> Account:
    """Sessions and open links are gone for good; what the account made as an operator rests until it is enabled."""
    before = known_account(connection, identifier)
    if before.disabled_at is not None:
        return before
    drop_open_links(connection, identifier)
    connection.execute(delete(tables.sessions).where(tables.sessions.c.account_id == identifier))
    connection.execute(update(_table).where(_table.c.id == identifier).values(disabled_at=now))
    audit.append(connection, now, by, "account.disabled", before.person)
    return known_account(connection, identifier)


def enable(connection: Connection, now: datetime, identifier: str, by: str) -> Account:
    before = known_account(connection, identifier)
    if before.disabled_at is None:
        return before
    connection.execute(update(_table).where(_table.c.id == identifier).values(disabled_at=None))
    audit.append(connection, now, by, "account.enabled", before.person)
    return known_account(connection, identifier)


def remove(connection: Connection, now: datetime, identifier: str, by: str) -> None:
    """The account with all that names it or was made by it. The audit keeps the id."""
    gone = known_account(connection, identifier)
    theirs = (gone.id, gone.person)
    invitations, keys, shares = tables.invitations, tables.keys, tables.shares
    of_theirs = or_(invitations.c.account_id == gone.id, invitations.c.by.in_(theirs))
    connection.execute(delete(invitations).where(of_theirs))
    connection.execute(delete(tables.sessions).where(tables.sessions.c.account_id == gone.id))
    connection.execute(delete(keys).where(keys.c.by.in_(theirs)))
    connection.execute(delete(shares).where(shares.c.by.in_(theirs)))
    connection.execute(delete(_table).where(_table.c.id == gone.id))
    audit.append(connection, now, by, "account.removed", gone.person)


def drop_open_links(connection: Connection, identifier: str) -> None:
    """The sign-in links of this account that nobody has used."""
    c = tables.invitations.c
    connection.execute(delete(tables.invitations).where(c.account_id == identifier, c.used_at.is_(None)))


def _change(
    connection: Connection, now: datetime, before: Account, by: str, name: str, audience: str, is_operator: bool
) -> Account:
    changed = {"name": name, "audience": audience, "is_operator": is_operator}
    connection.execute(update(_table).where(_table.c.id == before.id).values(changed))
    account = known_account(connection, before.id)
    if _rights(account) != _rights(before):
        audit.append(connection, now, by, "account.changed", _rights(account))
    return account


def _rights(account: Account) -> str:
    return f"{account.person} {account.audience}{' operator' if account.is_operator else ''}"
