"""Brings a database to the tables that this version of the desk uses, by the steps in ``migrations``."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from assistant.conversations.database import Database
from assistant.conversations.errors import DatabaseUnusable, NewerDatabase
from assistant.conversations.schema import VERSION_TABLE

_FOLDER = Path(__file__).with_name("migrations")
_SERVER_LOCK = 0x6D69676465736B  # any number that every desk agrees on
# The migration tool keeps the step under way in module variables.
_one_thread = threading.Lock()


def migrate(database: Database) -> None:
    """Applies what is missing, in one transaction and one process at a time; the others wait and find it done.
    Raises NewerDatabase for one that a later version has changed."""
    with _one_thread, _one_process(database), database.writing() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SERVER_LOCK})")
        config = Config()
        config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        script = ScriptDirectory.from_config(config)
        present = _present(connection)
        if present == script.get_current_head():
            return
        if present is not None and present not in {step.revision for step in script.walk_revisions()}:
            raise NewerDatabase(
                f"{database.name} was written by a newer version of the desk (schema {present}). Install that version, "
                "or name another database with MIGDESK_DATABASE_URL."
            )
        command.upgrade(config, "head")


def _present(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


@contextmanager
def _one_process(database: Database) -> Iterator[None]:
    """On SQLite, a lock beside the file: it also keeps two from switching a new file to its journal at once. On a
    server the transaction takes a lock there."""
    if not database.is_sqlite:
        yield
        return
    path = Path(database.engine.url.database or "")
    try:
        handle = path.with_name(f"{path.name}.lock").open("a")
    except OSError as error:
        raise DatabaseUnusable(
            f"{database.name} cannot be used: {error.filename} cannot be written ({error.strerror}). Give this user "
            "the right to write there."
        ) from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with database.upkeep() as connection:
            if connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() != "wal":
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        yield
