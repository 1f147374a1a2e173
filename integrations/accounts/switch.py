"""The kill switch: while the desk is closed nobody can ask, and everybody is told why."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from integrations.accounts import audit, tables
from integrations.accounts.labels import reason_from, who
from integrations.accounts.types import Closed

_table = tables.closed


def closed(connection: Connection) -> Closed | None:
    row = connection.execute(select(_table)).first()
    return Closed(row.reason, row.by, row.at) if row is not None else None


def close(connection: Connection, now: datetime, reason: str, by: str) -> Closed:
    """In place of an earlier reason."""
    made = Closed(reason_from(reason), who(by), now)
    connection.execute(delete(_table))
    connection.execute(insert(_table).values(single=1, reason=made.reason, by=made.by, at=now))
    audit.append(connection, now, by, "desk.closed", made.reason)
    return made


def reopen(connection: Connection, now: datetime, by: str) -> bool:
    """False where it was open."""
    if not connection.execute(delete(_table)).rowcount:
        return False
    audit.append(connection, now, by, "desk.opened")
    return True
