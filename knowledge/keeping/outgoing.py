"""The catalogue on its way into a backup: copied as it stands at one moment, and described.

SQLite's backup interface copies page by page while others write; inside one read transaction all pages are of the same
moment. The copy is then written anew, because the free pages of a database still hold what was deleted from it.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from knowledge import schema
from knowledge.keeping.archive import Manifest, Member, Progress
from knowledge.keeping.incoming import LEXICON

_PAGES_A_STEP = 2000


def copy_catalogue(live: Path, copy: Path, told: Progress) -> str:
    """The catalogue as it stands now, without the free pages of the live one and without a vector index it could claim.
    Returns the moment. Raises sqlite3.DatabaseError, also where the copy turns out to be damaged."""
    raw = copy.with_name("raw.sqlite3")
    for path in (raw, copy):
        path.unlink(missing_ok=True)
    source = sqlite3.connect(f"{live.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=10)
    with closing(source), closing(sqlite3.connect(raw, isolation_level=None)) as target:
        # Held over all steps: without it every write of an ingest would make the copying begin again.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        source.backup(
            target, pages=_PAGES_A_STEP, progress=lambda _, left, all_: told(all_ - left, all_, "copying the catalogue")
        )
        source.execute("COMMIT")
        target.execute("PRAGMA journal_mode=DELETE")
        (found,) = target.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(f"it is damaged ({found})")
        target.execute("DELETE FROM settings WHERE name IN ('index', 'index_through', 'index_deleted', 'restoring')")
        for (table,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if LEXICON.fullmatch(table):  # its segments too keep words of what was deleted, until they are merged
                target.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")
        target.execute("VACUUM INTO ?", (str(copy),))
    raw.unlink()
    return made_at


def named_originals(catalogue: Path) -> set[str]:
    """The originals of every version."""
    query = "SELECT DISTINCT original FROM documents WHERE original IS NOT NULL"
    with closing(sqlite3.connect(f"{catalogue.resolve().as_uri()}?mode=rw", uri=True, timeout=10)) as connection:
        return {digest for (digest,) in connection.execute(query)}


def manifest_of(copy: Path, made_at: str, files: tuple[Member, ...], lost: frozenset[str]) -> Manifest:
    with closing(sqlite3.connect(copy)) as connection:
        settings: dict[str, str] = dict(connection.execute("SELECT name, value FROM settings"))

        def count(what: str) -> int:
            return int(connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])

        return Manifest(
            schema_version=schema.VERSION,
            made_at=made_at,
            base=settings.get("base", ""),
            revision=int(settings.get("revision", 0)),
            fingerprint=settings.get("fingerprint", ""),
            embedder=settings.get("embedder", ""),
            documents=count("documents WHERE latest"),
            versions=count("documents"),
            passages=count("passages"),
            decisions=count("decisions"),
            lost=tuple(sorted(lost)),
            files=files,
        )
