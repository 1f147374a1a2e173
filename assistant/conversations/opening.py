"""From an address to a database that can be worked with: file and rights, driver, encoding."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from assistant.conversations.address import checked_address
from assistant.conversations.database import Database
from assistant.conversations.errors import DatabaseUnusable, NothingKept, UnusableAddress

FILE = "conversations.sqlite3"
_WAIT_SECONDS = 10
_CONNECT_SECONDS = 10


def open_database(data: Path, address: str | None, *, create: bool) -> Database:
    """A database that answers; its tables may be missing. Raises a ConversationsError otherwise. ``create=False``
    raises NothingKept where the data directory has no file yet."""
    path = file_of(data, address)
    if address is None and path is not None and not create and not path.exists():
        raise NothingKept(
            f"Nothing is kept in {data}: conversations are kept once the desk is served there. Name another "
            "directory with --data or MIGDESK_DATA, or a database with MIGDESK_DATABASE_URL."
        )
    return _open_server(_url(address or "")) if path is None else open_file(path)


def file_of(data: Path, address: str | None) -> Path | None:
    """The file of a SQLite database, there or not; None for a server. Raises UnusableAddress."""
    if address is None:
        return data / FILE
    url = _url(address)
    return Path(url.database or FILE) if url.get_backend_name() == "sqlite" else None


def _url(address: str) -> URL:
    try:
        return make_url(checked_address(address))
    except ArgumentError:
        reason = "cannot be read as an address"
    except ValueError as error:
        # A port that is no number is repeated by the error, and may be a part of the password.
        reason = str(error) if "must be" in str(error) else "has a port that is no number"
    raise UnusableAddress(
        f"MIGDESK_DATABASE_URL {reason}. Write special characters of the user and the password as %XX."
    ) from None


def open_file(path: Path) -> Database:
    """A SQLite database, for its owner only; made where it is missing. Raises DatabaseUnusable."""
    _make_private(path)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _WAIT_SECONDS, "check_same_thread": False, "isolation_level": None},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: Any) -> None:
        # Without secure_delete an erased text would stay readable in the file until its place is used again.
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("upkeep"):
            connection.exec_driver_sql("BEGIN" if options.get("reading") else "BEGIN IMMEDIATE")

    return Database(engine, f"The database {path}")


def _make_private(path: Path) -> None:
    """The file, for its owner only, before anything is written into it. Its companions take over its rights."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        if path.stat().st_uid == os.geteuid() and path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise DatabaseUnusable(
            f"The database {path} cannot be used: {error.strerror}. Choose another directory with --data or "
            "MIGDESK_DATA, or give this user the right to write there."
        ) from error


def _open_server(url: URL) -> Database:
    name = f"The database {url.database or ''} at {url.host or 'this machine'}{f':{url.port}' if url.port else ''}"
    engine = create_engine(
        url.update_query_dict({"connect_timeout": str(_CONNECT_SECONDS), "application_name": "migdesk", **url.query}),
        pool_pre_ping=True,
        hide_parameters=True,
    )
    database = Database(engine, name)
    try:
        with database.reading() as connection:
            encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    except BaseException:
        engine.dispose()
        raise
    if encoding != "UTF8":
        engine.dispose()
        raise DatabaseUnusable(
            f"{name} stores texts as {encoding}, which does not hold every language of our readers. Make one with "
            "`createdb --encoding=UTF8 --template=template0 NAME`."
        )
    return database
