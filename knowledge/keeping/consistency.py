"""Whether a knowledge base holds together: catalogue, texts, passages, keyword index, days, and what lies beside it.

Reads one moment of the catalogue and changes nothing; each finding says what to do.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from knowledge.catalogue import FILE, Catalogue
from knowledge.errors import DataDirectoryError
from knowledge.keeping import surroundings
from knowledge.keeping.archive import Progress, quietly
from knowledge.keeping.findings import RESTORE, Finding, damage, examples, reading
from knowledge.keeping.incoming import LEXICON
from knowledge.passages import WITHDRAWN

_REBUILD = "Run `migdesk ingest --rebuild`."
_INGEST = "The next `migdesk ingest PATH` puts it right; no answer shows it until then."
_AGAIN = "Restore a backup (`migdesk knowledge restore FILE --replace`), or ingest into a new data directory."
_DECIDE = "Decide on their audience again (`migdesk knowledge relabel`), which puts every passage in its place."


def check(directory: Path, chroma_url: str | None = None, progress: Progress | None = None) -> list[Finding]:
    """One finding or more for each thing looked at, well or not. Raises StoreEmpty and IndexMismatch; that the
    catalogue cannot be read is a finding."""
    told = progress or quietly
    try:
        Catalogue(directory).close()
    except DataDirectoryError as error:
        return [Finding("catalogue", False, str(error), RESTORE)]
    with closing(reading(directory / FILE)) as connection:
        steps: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
            ("catalogue", lambda: _file(connection)),
            ("passages", lambda: _passages(connection)),
            ("texts", lambda: _texts(connection, told)),
            ("keywords", lambda: _keywords(connection)),
            ("days", lambda: _days(connection)),
            ("originals", lambda: surroundings.originals(connection, directory, told)),
            ("restore", lambda: surroundings.restoring(connection, directory)),
            ("index", lambda: surroundings.index(directory, chroma_url)),
        ]
        findings: list[Finding] = []
        for number, (what, step) in enumerate(steps):
            told(number, len(steps), what)
            try:
                found = list(step())
            except (sqlite3.DatabaseError, ValueError) as error:
                found = [Finding(what, False, f"cannot be read: {error}", RESTORE)]
            findings += found or [Finding(what, True, "well")]
        told(len(steps), len(steps), "done")
    return findings


def _file(connection: sqlite3.Connection) -> Iterator[Finding]:
    wrong = damage(connection)
    if wrong:
        yield Finding("catalogue", False, "the file of the catalogue is damaged", RESTORE, wrong)


def _fingerprint(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM settings WHERE name = 'fingerprint'").fetchone()
    return str(row[0]) if row else ""


def _passages(connection: sqlite3.Connection) -> Iterator[Finding]:
    bare = connection.execute(
        "SELECT id, version FROM documents d WHERE NOT EXISTS (SELECT 1 FROM passages p WHERE p.document_id = d.id "
        "AND p.version = d.version AND p.fingerprint = ?) ORDER BY id, version",
        (_fingerprint(connection),),
    ).fetchall()
    if bare:
        yield Finding("passages", False, f"versions that no question can find: {len(bare)}", _REBUILD, examples(bare))
    orphans = connection.execute(
        "SELECT document_id, version FROM passages p WHERE NOT EXISTS "
        "(SELECT 1 FROM documents d WHERE d.id = p.document_id AND d.version = p.version)"
    ).fetchall()
    if orphans:
        yield Finding("passages", False, f"passages of no document: {len(orphans)}", _AGAIN, examples(orphans))
    astray = connection.execute(
        "SELECT DISTINCT d.id, d.version FROM passages p JOIN documents d ON d.id = p.document_id AND "
        "d.version = p.version WHERE p.live <> d.live OR "
        "p.audience <> CASE WHEN d.withdrawn_at IS NULL THEN d.audience ELSE ? END ORDER BY d.id, d.version",
        (WITHDRAWN,),
    ).fetchall()
    if astray:
        yield Finding(
            "passages",
            False,
            f"versions indexed for others than may see them: {len(astray)}",
            _DECIDE,
            examples(astray),
        )


def _texts(connection: sqlite3.Connection, told: Progress) -> Iterator[Finding]:
    """A citation opens the document at a passage's offsets: the words have to stand there."""
    wrong: list[tuple[str, int]] = []
    keys = connection.execute("SELECT id, version FROM documents ORDER BY id, version").fetchall()
    dimensions = Counter(length for (length,) in connection.execute("SELECT length(vector) FROM passages"))
    for number, key in enumerate(keys):
        (text,) = connection.execute("SELECT text FROM documents WHERE id = ? AND version = ?", key).fetchone()
        rows = connection.execute(
            'SELECT start, "end", text, units, unit_vectors, length(vector) FROM passages '
            "WHERE document_id = ? AND version = ?",
            key,
        )
        if not all(_is_whole(text, row) for row in rows):
            wrong.append(key)
        if number % 100 == 0:
            told(number, len(keys), "texts")
    if wrong:
        yield Finding(
            "texts", False, f"versions that do not read as their passages: {len(wrong)}", _AGAIN, examples(wrong)
        )
    if any(length % 4 or not length for length in dimensions):
        yield Finding("texts", False, "there are vectors of no number of dimensions", _AGAIN)


def _is_whole(text: str, row: tuple[int, int, str, bytes, bytes, int]) -> bool:
    """``row``: start, end, text, units (int32 pairs), their vectors (float16), bytes of the passage's own (float32)."""
    start, end, said, units, unit_vectors, length = row
    if text[start:end] != said or len(units) % 8 or len(unit_vectors) != len(units) // 8 * length // 2:
        return False
    pairs = np.frombuffer(units, dtype=np.int32)
    return not pairs.size or bool(pairs.min() >= start and pairs.max() <= end)


def _keywords(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Each part of the keyword index holds the passages of one audience, all of them and no others."""
    fingerprint = _fingerprint(connection)
    tables = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        if LEXICON.fullmatch(name) and name.startswith(f"lexicon_{fingerprint}_")
    ]
    indexed: Counter[tuple[str, int]] = Counter()
    for table in tables:
        parts = connection.execute(
            f"SELECT p.audience, p.live, count(*) FROM {table}_docsize s LEFT JOIN passages p ON p.key = s.id AND "
            "p.fingerprint = ? GROUP BY p.audience, p.live",
            (fingerprint,),
        ).fetchall()
        if len(parts) > 1 or any(audience is None for audience, _, _ in parts):
            yield Finding("keywords", False, f"{table} holds entries of passages that are not its own", _AGAIN)
        indexed.update({(audience, live): count for audience, live, count in parts if audience is not None})
    held = {
        (audience, live): count
        for audience, live, count in connection.execute(
            "SELECT audience, live, count(*) FROM passages WHERE fingerprint = ? GROUP BY audience, live",
            (fingerprint,),
        )
    }
    for (audience, live), count in sorted(held.items()):
        if indexed[audience, live] != count:
            when = "in force" if live else "no longer in force"
            detail = f"{indexed[audience, live]} of {count} passages for {audience}, {when}, are in it"
            yield Finding("keywords", False, detail, _AGAIN)


def _days(connection: sqlite3.Connection) -> Iterator[Finding]:
    rows = connection.execute(
        "SELECT id, version, live FROM documents WHERE live <> (withdrawn_at IS NULL AND (ends IS NULL OR ends > ?)) "
        "ORDER BY id, version",
        (datetime.now(UTC).date().isoformat(),),
    ).fetchall()
    over = [(identifier, version) for identifier, version, live in rows if live]
    if over:
        yield Finding("days", False, f"versions indexed for days that are over: {len(over)}", _INGEST, examples(over))
    left_out = [(identifier, version) for identifier, version, live in rows if not live]
    if left_out:
        detail = f"versions in force that are not indexed: {len(left_out)}"
        yield Finding("days", False, detail, _DECIDE, examples(left_out))
