"""Shared answers: a link that leads to one. Whether its reader may see the answer is for the page to check."""

import re
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from integrations.accounts import audit, tables
from integrations.accounts.errors import UnusableEntry
from integrations.accounts.labels import days_from, who
from integrations.accounts.secrets import digest_of, new_secret
from integrations.accounts.standing import may_act

DAYS = 30
MOST_DAYS = 365
_table = tables.shares
_ANSWER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def share(connection: Connection, now: datetime, answer_id: str, by: str, days: int) -> str:
    """The secret of the link. A link that was given out for the answer before is good no longer."""
    lasting = days_from(days, MOST_DAYS)
    if not _ANSWER_ID.fullmatch(answer_id):
        raise UnusableEntry("There is no such answer to share.")
    secret, digest = new_secret("shr")
    connection.execute(delete(_table).where((_table.c.answer_id == answer_id) | (_table.c.expires_at <= now)))
    values = {"answer_id": answer_id, "digest": digest, "by": who(by), "created_at": now, "expires_at": now + lasting}
    connection.execute(insert(_table).values(values))
    audit.append(connection, now, by, "answer.shared", f"answer:{answer_id}")
    return secret


def shared(connection: Connection, now: datetime, secret: str) -> str | None:
    """The answer's id, where the link is good and who shared it may still be here."""
    digest = digest_of("shr", secret)
    if digest is None:
        return None
    row = connection.execute(select(_table).where(_table.c.digest == digest, _table.c.expires_at > now)).first()
    return row.answer_id if row is not None and may_act(connection, row.by, as_operator=False) else None


def unshare(connection: Connection, now: datetime, answer_id: str, by: str) -> bool:
    theirs = delete(_table).where(_table.c.answer_id == answer_id)
    if not _ANSWER_ID.fullmatch(answer_id) or not connection.execute(theirs).rowcount:
        return False
    audit.append(connection, now, by, "answer.unshared", f"answer:{answer_id}")
    return True


def unshare_all_of(connection: Connection, person: str) -> int:
    return connection.execute(delete(_table).where(_table.c.by == who(person))).rowcount


def is_shared(connection: Connection, now: datetime, answer_id: str) -> bool:
    if not _ANSWER_ID.fullmatch(answer_id):
        return False
    good = (_table.c.answer_id == answer_id, _table.c.expires_at > now)
    row = connection.execute(select(_table.c.by).where(*good)).first()
    return row is not None and may_act(connection, row.by, as_operator=False)
