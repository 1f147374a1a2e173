"""Who did what: entries that are added and never changed, each with a digest over itself and the one before it.

The chain shows an entry that was changed, left out or cut off by hand. Whoever can write the database and knows how it
is made could make another chain: that is told only by a digest that was noted elsewhere.
"""

import hashlib
import json
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, true, update

from integrations.accounts import tables
from integrations.accounts.errors import AuditDamaged
from integrations.accounts.labels import shown, who
from integrations.accounts.types import AuditEntry

_table, _end = tables.audit, tables.audit_end
_MOST = 300
_VISITOR = "visitor"


def take_turn(connection: Connection) -> None:
    """Nobody else changes accounts until the transaction ends: of two that accept one invitation the second sees what
    the first has done, and the chain does not fork. First in every transaction that appends, so that none waits for
    another that waits for it. (SQLite lets one write at a time anyway.)"""
    if connection.execute(select(_end).with_for_update()).first() is None:
        raise AuditDamaged(
            f"The table {_end.name} is empty: somebody has changed the audit by hand. Accounts cannot be changed. "
            "Restore the database from a backup."
        )


def append(connection: Connection, now: datetime, by: str, action: str, about: str = "") -> None:
    """In a transaction that has taken its turn."""
    end = connection.execute(select(_end)).one()
    number, named = end.number + 1, _kept_name(by)
    action, about = shown(action, _MOST), shown(about, _MOST)
    digest = _digest(end.digest, number, now, named, action, about)
    values = {"number": number, "at": now, "by": named, "action": action, "about": about, "digest": digest}
    connection.execute(insert(_table).values(values))
    connection.execute(update(_end).values(number=number, digest=digest))


def audited(connection: Connection, limit: int) -> list[AuditEntry]:
    """Newest first."""
    rows = connection.execute(select(_table).order_by(_table.c.number.desc()).limit(max(0, limit)))
    return [AuditEntry(row.at, row.by, row.action, row.about, row.digest) for row in rows]


def holds(connection: Connection) -> bool:
    """Whether the chain is whole, up to its end."""
    number, digest = 0, tables.NOTHING_BEFORE
    end: tuple[int, str] | None = None
    # In one statement, which sees one moment: entries and end belong together even where others add meanwhile.
    both = select(_table, _end.c.number.label("last_number"), _end.c.digest.label("last_digest"))
    both = both.select_from(_end.outerjoin(_table, true())).order_by(_table.c.number)
    for row in connection.execute(both.execution_options(yield_per=1000)):
        end = row.last_number, row.last_digest
        if row.number is None:
            continue
        number += 1
        digest = _digest(digest, number, row.at, row.by, row.action, row.about)
        if (row.number, row.digest) != (number, digest):
            return False
    return (number, digest) == end


def _kept_name(by: str) -> str:
    """A visitor's name leads to what they asked, which is erased in time, and the entry is not."""
    return _VISITOR if by.startswith(f"{_VISITOR}:") else who(by)


def _digest(before: str, number: int, at: datetime, by: str, action: str, about: str) -> str:
    entry = json.dumps([before, number, at.astimezone(UTC).isoformat(), by, action, about], ensure_ascii=True)
    return hashlib.sha256(entry.encode()).hexdigest()
