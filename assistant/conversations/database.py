"""Transactions on the database of conversations, in SQLite and PostgreSQL alike, with failures in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from assistant.conversations.errors import (
    ConversationsError,
    DatabaseBusy,
    DatabaseFull,
    DatabaseUnreachable,
    DatabaseUnusable,
)

# What PostgreSQL calls them: a full disk, and out of memory, of connections and of patience.
_FULL, _SPENT, _LOCKED = "53100", ("53200", "53300"), ("55P03", "40P01", "57014")


class Database:
    """An engine whose transactions raise this package's errors. A writing transaction on SQLite takes the write lock
    at once: one that began by reading could not wait for it."""

    def __init__(self, engine: Engine, name: str) -> None:
        """``name`` is what messages call the database; it holds no password."""
        self.engine = engine
        self.name = name
        self._upkeep = engine.execution_options(upkeep=True)
        self._reading = engine.execution_options(reading=True)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that sees the database as it stood when it began to read, and writes nothing."""
        with translated(self.name), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: whole, or not at all."""
        with translated(self.name), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def upkeep(self) -> Iterator[Connection]:
        """For what SQLite does only outside a transaction."""
        with translated(self.name), self._upkeep.connect() as connection:
            yield connection


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turns a failure of the database ``name`` into an error of ours, without the statement and what stood in it."""
    try:
        yield
    except NoConnectionFree as error:
        raise DatabaseBusy(f"{name} is busy: no connection came free. Try again in a moment.") from error
    except DBAPIError as error:
        raise _error_for(name, error) from None


def _error_for(name: str, error: DBAPIError) -> ConversationsError:
    said, state = _words_of(error), str(getattr(error.orig, "sqlstate", None) or "")
    low = said.lower()
    if state == _FULL or "disk is full" in low or "no space left" in low:
        return DatabaseFull(
            f"{name} has no room left on its disk. Free some space, or lower MIGDESK_KEEP_DAYS and run "
            "`migdesk conversations purge`."
        )
    if state in _LOCKED or "is locked" in low:
        return DatabaseBusy(f"{name} is held by another process for too long ({said}). Try again in a moment.")
    if state in _SPENT:
        return DatabaseBusy(f"{name} takes no more connections ({said}). Try again, or raise its limit.")
    if _is_about_connecting(error, state):
        return DatabaseUnreachable(
            f"{name} cannot be reached, or does not let the desk in: {said}. Check that it runs, and the host, the "
            "user, the password and the name in MIGDESK_DATABASE_URL."
        )
    return DatabaseUnusable(
        f"{name} cannot be used: {said}. Check the rights and the state of it, or name another with "
        "MIGDESK_DATABASE_URL."
    )


def _is_about_connecting(error: DBAPIError, state: str) -> bool:
    is_server = type(error.orig).__module__.startswith("psycopg")
    return is_server and (error.connection_invalidated or not state or state.startswith(("08", "28", "3D", "57P")))


def _words_of(error: DBAPIError) -> str:
    """What the database said: its first line only, since further ones repeat values or give advice that is not ours."""
    diagnosis = getattr(error.orig, "diag", None)
    said = str(getattr(diagnosis, "message_primary", None) or error.orig).strip()
    first = said.partition("\n")[0].removeprefix("connection failed: ")
    return " ".join(first.split())[:300].rstrip(".") or type(error.orig).__name__
