"""What a check of a knowledge base found, and how damage to a catalogue is looked for. Reads only."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

RESTORE = "Restore a backup: `migdesk knowledge restore FILE --replace`."
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``advice`` says what to do where it is not well, ``examples`` name the first that are
    meant."""

    what: str
    well: bool
    detail: str
    advice: str = ""
    examples: tuple[str, ...] = ()


def reading(path: Path) -> sqlite3.Connection:
    """The catalogue at this moment, whatever is written meanwhile. Whoever asks for it closes it."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")  # damaged bytes are found, not stumbled over
    connection.execute("BEGIN")
    return connection


def damage(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What SQLite finds wrong with the file; empty where it is sound."""
    found = tuple(str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({_SHOWN})"))
    return () if found == ("ok",) else found


def examples(rows: list[tuple[str, int]]) -> tuple[str, ...]:
    """The first versions, as ``id (version n)``."""
    return tuple(f"{identifier} (version {version})" for identifier, version in rows[:_SHOWN])
