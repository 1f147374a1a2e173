"""Delegations: whose members read as ``partner:<slug>`` while it is open."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from integrations.accounts import audit, tables
from integrations.accounts.errors import AlreadyThere, UnknownDelegation
from integrations.accounts.labels import name_from, slug_from
from integrations.accounts.types import Delegation, audience_of, delegation_of

_table = tables.delegations


def add(connection: Connection, now: datetime, slug: str, name: str, by: str) -> Delegation:
    made = Delegation(slug_from(slug), name_from(name), now)
    if _row(connection, made.slug) is not None:
        raise AlreadyThere(f"There is a delegation '{made.slug}' already. Choose another short name, or reopen it.")
    connection.execute(insert(_table).values(audience=made.audience, name=made.name, created_at=now))
    audit.append(connection, now, by, "delegation.added", made.slug)
    return made


def every(connection: Connection) -> list[Delegation]:
    return [_delegation_from(row) for row in connection.execute(select(_table).order_by(_table.c.audience))]


def close(connection: Connection, now: datetime, slug: str, by: str) -> Delegation:
    return _set(connection, now, slug, now, by, "delegation.closed")


def reopen(connection: Connection, now: datetime, slug: str, by: str) -> Delegation:
    return _set(connection, now, slug, None, by, "delegation.reopened")


def _set(
    connection: Connection, now: datetime, slug: str, closed_at: datetime | None, by: str, action: str
) -> Delegation:
    slug = slug_from(slug)
    state = _table.c.closed_at.is_(None) if closed_at is not None else _table.c.closed_at.is_not(None)
    changing = update(_table).where(_table.c.audience == audience_of(slug), state).values(closed_at=closed_at)
    if connection.execute(changing).rowcount:
        audit.append(connection, now, by, action, slug)
    row = _row(connection, slug)
    if row is None:
        raise UnknownDelegation(f"There is no delegation '{slug}'. `migdesk accounts delegation list` shows them.")
    return _delegation_from(row)


def _row(connection: Connection, slug: str) -> Row[Any] | None:
    return connection.execute(select(_table).where(_table.c.audience == audience_of(slug))).first()


def _delegation_from(row: Row[Any]) -> Delegation:
    return Delegation(delegation_of(row.audience) or "", row.name, row.created_at, row.closed_at)
