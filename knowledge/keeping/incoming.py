"""A catalogue out of a backup: looked at, made to fit its new place, and put into use.

It came from outside: names in it become names of tables and of folders, so each is looked at first.

The catalogue in use is not renamed away: a desk that runs on it has its file open and would go on answering from what
it was until somebody restarts it, withdrawn documents included, and SQLite's log beside it would belong to neither.
Instead SQLite's backup interface writes the restored pages into the file in one transaction. Whoever reads goes on with
the old pages until it is done and has the new ones with the next question; a kill leaves the old ones. Only where
there is no database to write into any more the file is laid aside, and the desk has to be started again.

The numbers by which a running desk remembers passages and its vector index go on rising and are never used again, so
that nothing it holds in memory passes for something restored.
"""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from knowledge import schema
from knowledge.audiences import parse_audience
from knowledge.errors import UnknownAudience, UnusableBackup
from knowledge.keeping.archive import Manifest, Progress
from knowledge.passages import WITHDRAWN

LEXICON = re.compile(r"lexicon_[0-9a-f]{12}_[a-z_]+_[0-9a-f]{8}")
_SHADOW = re.compile(rf"{LEXICON.pattern}_(?:data|idx|content|docsize|config)")
_FTS = re.compile(rf"CREATE VIRTUAL TABLE (?P<quote>[\"']?){LEXICON.pattern}(?P=quote) USING fts5\(context, body, .*\)")
_FINGERPRINT = re.compile(r"[0-9a-f]{12}")
_ORIGINAL = re.compile(r"[0-9a-f]{32}")
_PAGE_SIZE = 4096  # SQLite's backup into a database in use asks for the same size of pages
_PAGES_A_STEP = 2000


def digest_of_file(path: Path) -> str:
    """As ``originals.digest_of``, of a file that need not fit into the memory."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as content:
        while piece := content.read(2**20):
            digest.update(piece)
    return digest.hexdigest()


def check_catalogue(path: Path, manifest: Manifest) -> None:
    """Raises UnusableBackup unless the file is a sound catalogue of this version's schema that holds what the manifest
    says, and nothing that a catalogue does not hold."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA cell_size_check=ON")
            wrong = next(_wrong(connection, manifest), None)
    except (sqlite3.DatabaseError, ValueError) as error:
        wrong = f"the catalogue in it cannot be read ({error})"
    if wrong:
        raise UnusableBackup(f"The backup cannot be used: {wrong}.")


def _wrong(connection: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        yield f"the catalogue in it is damaged ({found})"
    if connection.execute("PRAGMA page_size").fetchone() != (_PAGE_SIZE,):
        yield "the catalogue in it has pages of another size than ours"
    yield from _strange_tables(connection)
    settings: dict[str, str] = dict(connection.execute("SELECT name, value FROM settings"))
    if settings.get("schema") != schema.VERSION:
        yield f"the catalogue in it has schema {settings.get('schema')}, this version of the desk uses {schema.VERSION}"
    if not settings.get("revision", "0").isdecimal():
        yield "the catalogue in it does not know how often it was changed"
    fingerprints = {row[0] for row in connection.execute("SELECT DISTINCT fingerprint FROM passages")}
    if not all(_FINGERPRINT.fullmatch(str(name)) for name in fingerprints | {settings.get("fingerprint", "0" * 12)}):
        yield "the catalogue in it names its index as no catalogue does"
    query = "SELECT audience, audience FROM passages UNION SELECT audience, label FROM documents"
    audiences = {name for audience, label in connection.execute(query) for name in (audience, label)}
    if not all(_is_audience(str(audience)) for audience in audiences - {WITHDRAWN, None}):
        yield "the catalogue in it knows an audience that there is none of"
    named = {row[0] for row in connection.execute("SELECT original FROM documents WHERE original IS NOT NULL")}
    if not all(_ORIGINAL.fullmatch(str(digest)) for digest in named):
        yield "the catalogue in it names an original as no catalogue does"
    if named != {member.digest for member in manifest.originals} | set(manifest.lost):
        yield "it does not hold the originals that its catalogue names"
    counted = connection.execute(
        "SELECT (SELECT count(*) FROM documents WHERE latest), (SELECT count(*) FROM documents), "
        "(SELECT count(*) FROM passages), (SELECT count(*) FROM decisions)"
    ).fetchone()
    if counted != (manifest.documents, manifest.versions, manifest.passages, manifest.decisions):
        yield "its catalogue holds another number of documents than its manifest says"


def _strange_tables(connection: sqlite3.Connection) -> Iterator[str]:
    """A trigger, a view or a computed column would act in our name whenever the base is written or read."""
    tables: set[str] = set()
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall():
        tables.add(name)
        is_ours = name in schema.metadata.tables or name == "sqlite_sequence" or _SHADOW.fullmatch(name)
        if kind == "table" and LEXICON.fullmatch(name):
            is_ours = _FTS.fullmatch(str(sql))
        if kind not in ("table", "index") or not (is_ours or kind == "index"):
            yield f"the catalogue in it holds a {kind} that is none of ours"
    for name, table in schema.metadata.tables.items():
        columns = connection.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", (name,)).fetchall()
        if name not in tables or columns != [(column.name, 0) for column in table.columns]:
            yield f"the catalogue in it lacks the table {name} as this version of the desk knows it"


def _is_audience(label: str) -> bool:
    try:
        return parse_audience(label) == label
    except UnknownAudience:
        return False


def renumber(path: Path, above: int) -> None:
    """Gives every passage a key higher than ``above`` and than any it had. A desk that is running keeps passages in
    memory by their keys, and keys are never used twice in a base: those of another base must not look like its own."""
    with closing(sqlite3.connect(path)) as connection:
        (last,) = connection.execute(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'passages'"
        ).fetchone()
        (highest,) = connection.execute("SELECT coalesce(max(key), 0) FROM passages").fetchone()
        shift = max(above, last, highest)
        connection.execute("UPDATE passages SET key = key + ?", (shift,))
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            if LEXICON.fullmatch(table):
                # The rows of the stored text, then the index made anew from them: as a row-by-row change would, in a
                # fraction of the time.
                connection.execute(f"UPDATE {table}_content SET id = id + ?", (shift,))
                connection.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")
        connection.execute("DELETE FROM sqlite_sequence WHERE name = 'passages'")
        connection.execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('passages', ?)", (shift + max(last, highest),)
        )
        connection.commit()


def put_into_use(staged: Path, live: Path, told: Progress) -> bool:
    """Whether the catalogue was written in place; False: the old one was laid aside."""
    try:
        _overwrite(staged, live, told)
    except sqlite3.OperationalError:
        raise  # a full disk, a lost right: not the fault of what is there
    except sqlite3.DatabaseError:
        live.replace(live.with_name(f"{live.name}.damaged"))
        for log in ("-wal", "-shm"):
            live.with_name(live.name + log).unlink(missing_ok=True)
        staged.replace(live)
        return False
    return True


def _overwrite(staged: Path, live: Path, told: Progress) -> None:
    with (
        closing(sqlite3.connect(staged, isolation_level=None)) as source,
        closing(sqlite3.connect(live, isolation_level=None, timeout=10)) as target,
    ):
        target.execute("PRAGMA journal_mode=WAL")
        target.execute("PRAGMA synchronous=FULL")
        source.backup(
            target, pages=_PAGES_A_STEP, progress=lambda _, left, all_: told(all_ - left, all_, "putting it into use")
        )
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
