"""What is erased and when: everything of a person at their word, every text after the days to keep."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, bindparam, delete, select, update

from assistant.conversations import personal
from assistant.conversations.database import Database
from assistant.conversations.errors import DatabaseBusy
from assistant.conversations.recording import storable
from assistant.conversations.schema import answers, escalations, feedback

_log = logging.getLogger(__name__)


def forget(database: Database, person: str, *, at_once: bool) -> int:
    """In the order in which a rating locks what it needs, so that the two do not wait for each other."""
    person = storable(person)
    with database.writing() as connection:
        count = 0
        for table in (answers, feedback, escalations):
            count += connection.execute(delete(table).where(table.c.person == person)).rowcount
        count += _forget_expert(connection, person)
    if at_once:
        # Also where nothing was left: an earlier call may have been kept from it.
        leave_no_trace(database)
    elif count:
        _leave_no_trace_soon(database)
    return count


def forget_thread(database: Database, person: str, thread: str) -> list[str]:
    with database.writing() as connection:
        erased = personal.forget_thread(connection, person, thread)
    if erased:
        _leave_no_trace_soon(database)
    return erased


def purge(database: Database, now: datetime, keep_days: int, *, always_rewrite: bool) -> int:
    """``always_rewrite``: also where nothing was old, for what an earlier run erased and could not clean up after."""
    before = now.astimezone(UTC) - timedelta(days=keep_days)
    with database.writing() as connection:
        count = _erase(connection, answers.c.asked_at, before, "thread", "person", "question", "answer", "found")
        others = _erase(connection, feedback.c.at, before, "person", "comment")
        others += _erase(connection, escalations.c.at, before, "person", "note", "expert", "reply", "place")
    if always_rewrite or count or others:
        leave_no_trace(database)
    return count


def leave_no_trace(database: Database) -> None:
    """Rewrites a SQLite file: when its pages are balanced, copies of a row stay in their unused parts, which deleting
    the row does not reach. PostgreSQL uses the room of deleted rows again by itself."""
    if not database.is_sqlite:
        return
    with database.upkeep() as connection:
        connection.exec_driver_sql("VACUUM")
        is_busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
    if is_busy:
        raise DatabaseBusy(
            f"{database.name}: the texts are erased, but a long reading keeps their last traces in its journal. Run "
            "the command again in a moment."
        )


def _leave_no_trace_soon(database: Database) -> None:
    """It is gone for everybody who asks the desk; what cannot be cleaned up now is by the daily purge."""
    try:
        leave_no_trace(database)
    except DatabaseBusy as error:
        _log.warning("what is left in the file of what was erased is cleaned up later: %s", error)


def _erase(connection: Connection, moment: Column[datetime], before: datetime, *names: str) -> int:
    """Empties the named columns of every row whose time lies before, and leaves only the day of that time."""
    table = moment.table
    rows = connection.execute(select(table.c.number, moment).where(moment < before, table.c.person.is_not(None))).all()
    if rows:
        chosen = update(table).where(table.c.number == bindparam("of"))
        values: dict[str, Any] = {**dict.fromkeys(names), moment.name: bindparam("midnight")}
        days = [{"of": row[0], "midnight": row[1].replace(hour=0, minute=0, second=0, microsecond=0)} for row in rows]
        connection.execute(chosen.values(values), days)
    return len(rows)


def _forget_expert(connection: Connection, person: str) -> int:
    """What they had claimed is open again; the replies they gave stay with those who asked, without their name."""
    own = escalations.c.expert == person
    claimed = update(escalations).where(own, escalations.c.state == "claimed")
    count = connection.execute(claimed.values(state="open", expert=None)).rowcount
    return count + connection.execute(update(escalations).where(own).values(expert=None)).rowcount
