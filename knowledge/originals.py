"""The files that documents were read from, kept under the digest of their bytes and never under a name of theirs."""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from knowledge.errors import DataDirectoryError

FOLDER = "originals"


def digest_of(raw: bytes) -> str:
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


class Originals:
    """The folder ``originals`` of a data directory."""

    def __init__(self, directory: Path) -> None:
        self._root = directory / FOLDER

    def put(self, raw: bytes) -> str:
        """Stores the bytes, whole or not at all, and returns their digest. Raises DataDirectoryError."""
        digest = digest_of(raw)
        path = self._path(digest)
        if path.is_file() and path.stat().st_size == len(raw):
            return digest
        beside = path.with_name(f".{digest}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(raw)
            beside.replace(path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise DataDirectoryError(
                f"The original file cannot be kept in {self._root}: {error.strerror}. What was finished before is "
                "kept; free the cause and run the command again."
            ) from error
        return digest

    def get(self, digest: str) -> bytes | None:
        """The bytes, or None where there are none."""
        try:
            return self._path(digest).read_bytes()
        except OSError:
            return None

    def has(self, digest: str) -> bool:
        return self._path(digest).is_file()

    def keep_only(self, digests: Iterable[str]) -> int:
        """Deletes what no document names any more, and leftovers of interrupted writes. Returns how many."""
        kept = set(digests)
        gone = [path for path in self._root.glob("*/*") if path.name not in kept]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _path(self, digest: str) -> Path:
        if not digest.isalnum():
            raise ValueError("a digest holds letters and digits only")
        return self._root / digest[:2] / digest
