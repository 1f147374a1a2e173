"""Keys: what a program shows, with the rights of an audience and of the scopes it was given."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from integrations.accounts import audit, tables
from integrations.accounts.errors import UnusableEntry
from integrations.accounts.labels import days_from, name_from, shown, who
from integrations.accounts.people import audience_from
from integrations.accounts.secrets import digest_of, new_id, new_secret
from integrations.accounts.sessions import SEEN_EVERY
from integrations.accounts.standing import is_open, may_act, require_operator
from integrations.accounts.types import SCOPES, STAFF, Key, Scope, is_id

MOST_DAYS = 3650
_table = tables.keys


def make(
    connection: Connection,
    now: datetime,
    name: str,
    audience: str,
    scopes: Iterable[str],
    by: str,
    days: int | None,
) -> tuple[Key, str]:
    require_operator(connection, by)
    named = _scopes_from(scopes)
    audience = audience_from(connection, audience, is_operator=False)
    if "admin" in named and audience != STAFF:
        raise UnusableEntry("Only a key with the audience staff can have the scope admin.")
    until = now + days_from(days, MOST_DAYS) if days is not None else None
    key = Key(new_id(), name_from(name), audience, named, now, until, by=who(by))
    secret, digest = new_secret("key")
    connection.execute(
        insert(_table).values(
            id=key.id,
            digest=digest,
            name=key.name,
            audience=audience,
            scopes=_written(named),
            by=key.by,
            created_at=now,
            expires_at=until,
        )
    )
    audit.append(connection, now, key.by, "key.made", f"key:{key.id} {audience} {_written(named)}")
    return key, secret


def key(connection: Connection, now: datetime, secret: str) -> Key | None:
    """The key, where it is good now."""
    digest = digest_of("key", secret)
    if digest is None:
        return None
    c = _table.c
    good = (c.digest == digest, c.revoked_at.is_(None), or_(c.expires_at.is_(None), c.expires_at > now))
    row = connection.execute(select(_table).where(*good)).first()
    if row is None or not is_open(connection, row.audience) or not may_act(connection, row.by, as_operator=True):
        return None
    return _key_from(row)


def note_used(connection: Connection, now: datetime, identifier: str) -> None:
    c = _table.c
    not_lately = or_(c.last_used_at.is_(None), c.last_used_at <= now - SEEN_EVERY)
    connection.execute(update(_table).where(c.id == identifier, not_lately).values(last_used_at=now))


def every(connection: Connection) -> list[Key]:
    """Newest first, those of no use any more among them."""
    rows = connection.execute(select(_table).order_by(_table.c.created_at.desc(), _table.c.id))
    return [_key_from(row) for row in rows]


def revoke(connection: Connection, now: datetime, identifier: str, by: str) -> bool:
    """False where it is not there, or was revoked before."""
    good = (_table.c.id == identifier, _table.c.revoked_at.is_(None))
    if not is_id(identifier) or not connection.execute(update(_table).where(*good).values(revoked_at=now)).rowcount:
        return False
    audit.append(connection, now, by, "key.revoked", f"key:{identifier}")
    return True


def _scopes_from(scopes: Iterable[str]) -> frozenset[Scope]:
    asked = frozenset(scopes)
    if unknown := sorted(asked - frozenset(SCOPES)):
        raise UnusableEntry(f"'{shown(unknown[0], 40)}' is no scope. Choose among {', '.join(SCOPES)}.")
    if not asked:
        raise UnusableEntry(f"A key needs a scope. Choose among {', '.join(SCOPES)}.")
    return frozenset(scope for scope in SCOPES if scope in asked)


def _written(scopes: frozenset[Scope]) -> str:
    return ",".join(scope for scope in SCOPES if scope in scopes)


def _key_from(row: Row[Any]) -> Key:
    written = row.scopes.split(",")
    return Key(
        id=row.id,
        name=row.name,
        audience=row.audience,
        scopes=frozenset(scope for scope in SCOPES if scope in written),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        by=row.by,
    )
