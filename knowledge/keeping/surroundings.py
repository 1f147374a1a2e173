"""What lies beside the catalogue: the originals it names, the vector index it points to, traces of a killed restore.

Looked at for ``consistency``, and tidied where an operator asks for it.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from knowledge.catalogue import FILE, Catalogue
from knowledge.errors import DataDirectoryError, IndexDamaged, StoreBusy
from knowledge.keeping.archive import Progress
from knowledge.keeping.findings import RESTORE, Finding, damage, reading
from knowledge.keeping.restore import STAGING
from knowledge.locks import writer_lock
from knowledge.originals import FOLDER, Originals, digest_of
from knowledge.probe import probe
from knowledge.snapshots import Snapshots, State

_REPAIR = "`migdesk knowledge check --repair` deletes them."
_REBUILD = "Run `migdesk ingest --rebuild`; until then questions are compared exactly, which is slower and not wrong."
_FILES = "Ingest the files again, or restore a backup; answers come from the stored texts and are not touched."
_SHOWN = 20
_ATTEMPTS = 3


def repair(directory: Path) -> int:
    """Deletes the originals that no version names and what a killed restore left. Returns how many. Raises StoreBusy,
    and DataDirectoryError where the catalogue is damaged: the originals may be all that is left of a document then."""
    with writer_lock(directory):
        try:
            with closing(reading(directory / FILE)) as connection:
                wrong = damage(connection)
        except sqlite3.DatabaseError as error:
            wrong = (str(error),)
        if wrong:
            raise DataDirectoryError(f"The catalogue in {directory} is damaged; nothing was deleted. {RESTORE}")
        left = directory / STAGING
        deleted = int(left.exists())
        shutil.rmtree(left, ignore_errors=True)
        return deleted + Originals(directory).keep_only(_named(directory))


def originals(connection: sqlite3.Connection, directory: Path, told: Progress) -> Iterator[Finding]:
    """Each original that a version names is there and is what its name says, and there are no others."""
    rows = connection.execute("SELECT original, min(id) FROM documents WHERE original IS NOT NULL GROUP BY original")
    named: dict[str, str] = dict(rows.fetchall())
    wrong: dict[str, list[str]] = {"missing": [], "damaged": []}
    for number, (digest, document) in enumerate(sorted(named.items())):
        raw = Originals(directory).get(digest)
        if raw is None or digest_of(raw) != digest:
            wrong["missing" if raw is None else "damaged"].append(document)
        told(number, len(named), "originals")
    for how, documents in wrong.items():
        if documents:
            shown = tuple(sorted(documents)[:_SHOWN])
            yield Finding("originals", False, f"originals that are {how}: {len(documents)}", _FILES, shown)
    if not _stray(directory, set(named)):
        return
    try:
        # An ingest keeps an original before it writes the document that names it.
        with writer_lock(directory):
            stray = _stray(directory, _named(directory))
    except StoreBusy:
        yield Finding("originals", True, "another process is writing; what no document names was not counted")
        return
    if stray:
        yield Finding("originals", False, f"files that no document names: {len(stray)}", _REPAIR, stray[:_SHOWN])


def _stray(directory: Path, named: set[str]) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in (directory / FOLDER).glob("*/*") if path.name not in named))


def _named(directory: Path) -> set[str]:
    catalogue = Catalogue(directory)
    try:
        return catalogue.originals()
    finally:
        catalogue.close()


def restoring(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    """Traces of a restore that was interrupted, unless it is still at work."""
    pending = connection.execute("SELECT value FROM settings WHERE name = 'restoring' AND value <> ''").fetchone()
    if not pending and not (directory / STAGING).exists():
        return
    try:
        with writer_lock(directory):
            left = (directory / STAGING).exists()
    except StoreBusy:
        yield Finding("restore", True, "another process is writing")
        return
    if pending:
        yield Finding("restore", False, "a restore was interrupted", "Run the same `migdesk knowledge restore` again.")
    elif left:
        yield Finding("restore", False, "a restore was interrupted before it changed anything", _REPAIR)


def index(directory: Path, chroma_url: str | None) -> Iterator[Finding]:
    """The vector index opens and holds the passages of today, no more and no fewer."""
    catalogue = Catalogue(directory)
    try:
        snapshots = Snapshots(directory, catalogue, chroma_url)
        for _ in range(_ATTEMPTS):
            state = snapshots.state()
            found = list(_index(directory, catalogue, snapshots, state, chroma_url))
            if snapshots.state() == state:  # else an ingest has put another in its place meanwhile
                break
        yield from found
    finally:
        catalogue.close()


def _index(
    directory: Path, catalogue: Catalogue, snapshots: Snapshots, state: State, chroma_url: str | None
) -> Iterator[Finding]:
    if state.name is None:
        yield Finding("index", False, "there is no vector index", _REBUILD)
        return
    try:
        if chroma_url is None and (directory / "index" / state.name).is_dir():
            probe(directory / "index" / state.name)  # a damaged one may end the process that opens it
        opened = snapshots.open()
    except IndexDamaged as error:
        yield Finding("index", False, str(error), _REBUILD)
        return
    if opened is None:
        return
    store, release = opened
    try:
        counts = catalogue.counts(catalogue.fingerprint)
        stale = store.stale(catalogue.passages, sorted(counts))
        ours = f"{catalogue.base}-" if chroma_url else ""
        held = sum(size for name, size in store.sizes().items() if name.startswith(ours))
    except IndexDamaged as error:
        yield Finding("index", False, str(error), _REBUILD)
        return
    finally:
        release()
    wanted = sum(passages for _, passages in counts.values())
    if state.is_behind:
        detail = f"behind the catalogue: {held} passages in it, {wanted} wanted"
        yield Finding("index", False, detail, "The next `migdesk ingest PATH` brings it up; no answer is wrong.")
    elif stale or held != wanted:
        detail = f"holds {held} passages instead of {wanted}, {stale} of them gone"
        yield Finding("index", False, detail, _REBUILD)
    else:
        yield Finding("index", True, f"{held} passages")
