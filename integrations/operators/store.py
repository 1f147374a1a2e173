"""The one object through which surfaces reach what operators have the desk keep in mind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from assistant.conversations.database import Database
from integrations.operators import tables
from integrations.operators.marks import Marks
from integrations.operators.watches import Watches


@dataclass(frozen=True, slots=True)
class Operators:
    """Made by ``open_operators``."""

    watches: Watches
    marks: Marks


def _now() -> datetime:
    return datetime.now(UTC)


def open_operators(engine: Engine, clock: Callable[[], datetime] = _now) -> Operators:
    """In the database of the desk's conversations (``Conversations.engine``), where missing tables are made. Whoever
    opened the database closes it. ``clock`` gives aware times."""
    url = engine.url
    database = Database(engine, f"The database {url.database or ''}{f' at {url.host}' if url.host else ''}")
    tables.make_tables(database)
    return Operators(Watches(database, clock), Marks(database, clock))
