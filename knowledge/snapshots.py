"""The embedded vector index as a row of directories that never change once they are in use.

A build happens beside, in a copy; it is closed, probed in a child process, sealed with the sizes of its files, and only
then does the catalogue point to it. A kill leaves a directory nobody points to. Readers in other processes go on with
the one they opened, and the next question finds the new one.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.catalogue import Catalogue
from knowledge.errors import DataDirectoryError, IndexDamaged
from knowledge.locks import is_unused, shared_lock
from knowledge.probe import probe
from knowledge.store import ChromaStore

_SEAL = "sealed.json"
_IN_USE = "in-use"
# A graph that many vectors were deleted from finds less of what is left (measured: a few in a hundred of the nearest
# fifty are missed at a half); past this share it is built anew.
_MOST_DELETED = 0.2


@dataclass(frozen=True, slots=True)
class State:
    """``name`` of the index that questions are answered from (None: none yet), the ``target`` it would have if it were
    built now, and the last passage key it holds."""

    name: str | None
    target: str
    through: int

    @property
    def is_behind(self) -> bool:
        """True when the catalogue has changed since the index was built, or there is none."""
        return self.name != self.target


class Snapshots:
    """The snapshots under ``<data>/index``; ``chroma_url`` puts a Chroma server in their place."""

    def __init__(self, directory: Path, catalogue: Catalogue, chroma_url: str | None = None) -> None:
        self._root = directory / "index"
        self._catalogue = catalogue
        self._chroma_url = chroma_url

    def state(self) -> State:
        """How the index stands, read at one moment."""
        settings = self._catalogue.settings()
        return State(
            name=settings.get("index") or None,
            target=self._target_of(settings.get("fingerprint"), int(settings.get("revision") or 0)),
            through=int(settings.get("index_through") or 0),
        )

    def current(self) -> str | None:
        return self.state().name

    def is_behind(self) -> bool:
        return self.state().is_behind

    def publish(self) -> bool:
        """Brings the index up to the catalogue; the writer lock is held by the caller. Returns whether it changed."""
        fingerprint = self._catalogue.fingerprint
        if fingerprint is None:
            return False
        if self._chroma_url:
            store = ChromaStore.server(self._chroma_url, fingerprint, self._catalogue.base)
            changed = store.fill(self._catalogue.passages, sorted(self._catalogue.counts(fingerprint)))
            self._point_to(self._target())
            return changed > 0
        target = self._root / self._target()
        if self.current() == target.name and _is_sealed(target):
            self._clean(target.name)
            return False
        try:
            self._build(target, fingerprint)
        except OSError as error:
            raise DataDirectoryError(
                f"The vector index cannot be written to {self._root}: {error.strerror}."
            ) from error
        self._point_to(target.name)
        self._clean(target.name)
        return True

    def open(self) -> tuple[ChromaStore, Callable[[], None]] | None:
        """The current store and what releases it, or None when there is none. Raises IndexDamaged."""
        name, fingerprint = self.current(), self._catalogue.fingerprint
        if name is None or fingerprint is None:
            return None
        if self._chroma_url:
            return ChromaStore.server(self._chroma_url, fingerprint, self._catalogue.base), lambda: None
        directory = self._root / name
        if not directory.is_dir():
            raise IndexDamaged(
                f"The vector index {directory} is missing. Run `migdesk ingest --rebuild` to build it again."
            )
        held = shared_lock(directory / _IN_USE)
        try:
            held.__enter__()
        except OSError as error:
            raise IndexDamaged(f"The vector index {directory} went while it was opened.") from error
        try:
            if not _is_sealed(directory):
                # It was probed before it was sealed; what has changed since may open and still answer wrongly.
                raise IndexDamaged(
                    f"The vector index in {directory} has changed since it was built. "
                    "Run `migdesk ingest --rebuild` to build it again."
                )
            store = ChromaStore.embedded(directory, fingerprint)
        except BaseException:
            held.__exit__(None, None, None)
            raise

        def release() -> None:
            store.close()
            held.__exit__(None, None, None)

        return store, release

    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self._root.rglob("*") if path.is_file())

    def _point_to(self, name: str) -> None:
        self._catalogue.set_settings({"index": name, "index_through": str(self._catalogue.passages.last_key())})

    def _target(self) -> str:
        return self._target_of(self._catalogue.fingerprint, self._catalogue.revision)

    def _target_of(self, fingerprint: str | None, revision: int) -> str:
        return f"{'server-' if self._chroma_url else ''}{fingerprint}-{revision}"

    def _build(self, target: Path, fingerprint: str) -> None:
        building = self._root / f"building-{os.getpid()}"
        shutil.rmtree(building, ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)
        self._root.mkdir(parents=True, exist_ok=True)
        previous = self._root / (self.current() or "none")
        if previous.name.startswith(fingerprint) and _is_sealed(previous):
            shutil.copytree(previous, building, ignore=shutil.ignore_patterns(_SEAL, _IN_USE))
        else:
            building.mkdir()
        counts = self._catalogue.counts(fingerprint)
        deleted = int(self._catalogue.setting("index_deleted") or 0) if any(building.iterdir()) else 0
        store = ChromaStore.embedded(building, fingerprint)
        try:
            deleted += store.stale(self._catalogue.passages, sorted(counts))
            if deleted > _MOST_DELETED * sum(passages for _, passages in counts.values()):
                store.close()
                shutil.rmtree(building)
                building.mkdir()
                store, deleted = ChromaStore.embedded(building, fingerprint), 0
            store.fill(self._catalogue.passages, sorted(counts))
        finally:
            store.close()
        self._catalogue.set_settings({"index_deleted": str(deleted)})
        self._check(building, fingerprint)
        (building / _SEAL).write_text(json.dumps(_manifest(building)), encoding="utf-8")
        building.rename(target)

    def _check(self, directory: Path, fingerprint: str) -> None:
        """Opens it in a child process and counts. Raises IndexDamaged."""
        expected = sum(passages for _, passages in self._catalogue.counts(fingerprint).values())
        found = sum(probe(directory).values())
        if found != expected:
            raise IndexDamaged(
                f"The vector index in {directory} holds {found} passages instead of {expected}. "
                "Run `migdesk ingest --rebuild` to build it again."
            )

    def _clean(self, keep: str) -> None:
        for directory in list(self._root.iterdir()):
            if directory.is_dir() and directory.name != keep and is_unused(directory / _IN_USE):
                shutil.rmtree(directory, ignore_errors=True)


def _manifest(directory: Path) -> dict[str, int]:
    """Each file's size. Not its digest: Chroma writes some of them again whenever it opens them, with other bytes."""
    return {
        str(path.relative_to(directory)): path.stat().st_size
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name not in (_SEAL, _IN_USE)
    }


def _is_sealed(directory: Path) -> bool:
    """True when the directory was probed after it was built and every file of then is still whole. The database may
    grow, and files may be added: what was not in the index files yet comes there when Chroma opens it."""
    try:
        sealed: dict[str, int] = json.loads((directory / _SEAL).read_text(encoding="utf-8"))
        found = _manifest(directory)
    except (OSError, ValueError):
        return False
    for name, size in sealed.items():
        now = found.get(name, -1)
        if now < size if name.endswith(".sqlite3") else now != size:
            return False
    return True
