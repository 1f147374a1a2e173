"""One file that the desk's memory can be made again from: the SQLite database as it stands at one moment, with the
tables that other packages of ours keep in it (accounts, the audit, what operators marked).

A copy keeps what the desk erases afterwards. So it is taken with nothing in it that is due already, may leave out every
text, is for its owner only, and says of itself when it was made; whoever keeps it has to delete it in time. A database
on a server is copied with the server's own tools.

The copy is a database too. It is written anew (VACUUM INTO), because the free pages of a database in use may still hold
what was deleted from it, and a restore looks at all of it before it takes a name that a desk opens.
"""

import os
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.conversations.database import Database
from assistant.conversations.errors import AlreadyKept, DatabaseUnusable, OnServer, UnusableCopy
from assistant.conversations.figures import holdings
from assistant.conversations.migrating import migrate
from assistant.conversations.opening import file_of, open_file
from assistant.conversations.retention import purge
from assistant.conversations.schema import VERSION_TABLE, answers
from knowledge.beside import flush, folder_beside

_MARK = "copied"
_LOGS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Copied:
    """What is in a copy, or was brought back from one: questions with their texts, and the moment it was made at.
    ``erased``: questions whose texts were due by now and did not come back."""

    file: str
    size: int
    made_at: datetime
    questions: int
    erased: int = 0


def back_up(
    database: Database, file: Path, *, texts: bool = True, transient: Collection[str] = (), now: datetime | None = None
) -> Copied:
    """Makes ``file``, in the place of an earlier copy of that name, while the desk may go on. ``transient`` are tables
    that are of no use later, and are left empty. Without ``texts``, every question is as it is after its last day.
    Raises OnServer, UnusableCopy where the name is that of something else, DatabaseUnusable."""
    if not database.is_sqlite:
        raise OnServer(
            f"{database.name} is copied with the server's own tools (pg_dump) and brought back with them (pg_restore); "
            "everything of the desk's memory and accounts is in it. Keep the copies no longer than you promised people."
        )
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    with _failures(f"{file} cannot be written"):
        if file.exists() and _made_at(file) is None:
            raise UnusableCopy(f"{file} is there already and is no copy of a memory. Name another file.")
        with folder_beside(file) as folder:
            made = folder / "copy"
            os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with database.upkeep() as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(made),))
            if not texts:
                _erase_texts(made, now)
            _mark(made, now, transient)
            questions = _questions(made, str(file))
            flush(made)
            made.replace(file)
            flush(file.parent)
        return Copied(str(file), file.stat().st_size, now, questions)


def restore(file: Path, data: Path, address: str | None, keep_days: int) -> Copied:
    """Brings a copy back to where the desk looks for its memory, with the tables of today and without what is due by
    now. Raises UnusableCopy before anything is touched, AlreadyKept where there is a memory, OnServer."""
    live = file_of(data, address)
    if live is None:
        raise OnServer(
            "MIGDESK_DATABASE_URL names a server: copies of what is there are made and brought back with its own tools "
            "(pg_dump, pg_restore). Without it a copy comes back into the data directory."
        )
    with _failures(f"{file} cannot be brought back to {live}"):
        made_at = _made_at(file)
        if made_at is None:
            what = "is no copy of a memory" if file.exists() else "does not exist"
            raise UnusableCopy(f"{file} {what}. Name a file that `migdesk conversations backup` wrote.")
        there = [path for path in (live, *(live.with_name(live.name + log) for log in _LOGS)) if path.exists()]
        if there:
            raise AlreadyKept(
                f"{there[0]} is there already, and a copy may hold what people have erased since. Stop the desk, move "
                f"{' and '.join(str(path) for path in there)} away, and run the command again."
            )
        live.parent.mkdir(parents=True, exist_ok=True)
        with folder_beside(live) as folder:
            made = folder / "copy"
            shutil.copyfile(file, made)
            _questions(made, str(file))
            _unmark(made)
            erased, questions = _brought_up(made, keep_days)
            flush(made)
            os.link(made, live)  # fails where a desk has been started meanwhile
            flush(live.parent)
        return Copied(str(live), live.stat().st_size, made_at, questions, erased)


def _brought_up(made: Path, keep_days: int) -> tuple[int, int]:
    """To the tables and the day of today: how many questions were due, and how many are left."""
    database = open_file(made)
    try:
        migrate(database)
        erased = purge(database, datetime.now(UTC), keep_days, always_rewrite=True)
        return erased, holdings(database).questions
    finally:
        database.engine.dispose()


def _erase_texts(made: Path, now: datetime) -> None:
    database = open_file(made)
    try:
        # A little ahead: what was kept while the copy was being made is in it or not.
        purge(database, now + timedelta(days=1), 0, always_rewrite=True)
    finally:
        database.engine.dispose()


def _mark(made: Path, now: datetime, transient: Collection[str]) -> None:
    with closing(sqlite3.connect(made, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in sorted(there.intersection(transient)):
            connection.execute(f'DELETE FROM "{table}"')
        connection.execute(f"CREATE TABLE {_MARK} (made_at TEXT NOT NULL)")
        connection.execute(f"INSERT INTO {_MARK} VALUES (?)", (now.isoformat(timespec="seconds"),))
        connection.execute("VACUUM")


def _unmark(made: Path) -> None:
    with closing(sqlite3.connect(made, isolation_level=None)) as connection:
        connection.execute(f"DROP TABLE {_MARK}")


def _made_at(file: Path) -> datetime | None:
    """When the copy was made; None for what is none, a database in use too."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            (told,) = connection.execute(f"SELECT made_at FROM {_MARK}").fetchone()
            return datetime.fromisoformat(told)
    except (sqlite3.DatabaseError, ValueError, TypeError):
        return None


def _questions(made: Path, name: str) -> int:
    """How many questions with their texts are in a copy that is sound. Raises UnusableCopy for another: a trigger or a
    view would act in our name whenever the database is written or read."""
    try:
        with closing(sqlite3.connect(f"{made.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            kinds = dict(connection.execute("SELECT name, type FROM sqlite_master").fetchall())
            if found != "ok":
                raise UnusableCopy(f"{name} is damaged ({found}).")
            if not set(kinds.values()) <= {"table", "index"} or not {VERSION_TABLE, answers.name} <= kinds.keys():
                raise UnusableCopy(f"{name} holds something else than the desk's memory.")
            return int(connection.execute(f"SELECT count(question) FROM {answers.name}").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise UnusableCopy(f"{name} is damaged ({error}).") from error


@contextmanager
def _failures(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise DatabaseUnusable(
            f"{what}: {getattr(error, 'strerror', None) or error}. Free the cause and run the command again; nothing "
            "was changed."
        ) from error
