"""One file a format: bytes in, a Reading out. ``read_file`` has a file read in a process of its own (see ``sandbox``).

A reader knows nothing of audiences, ids or storage; it raises UnreadableDocument with a reason a person can act on.
"""

from pathlib import Path

from knowledge.errors import UnreadableDocument
from knowledge.readers.kinds import SUFFIXES
from knowledge.readers.reading import Reading
from knowledge.readers.sandbox import SANDBOX

__all__ = ["MAX_BYTES", "SUFFIXES", "read_file"]

MAX_BYTES = 100_000_000


def read_file(path: Path) -> tuple[bytes, Reading]:
    """The file's bytes and what was read from them. Raises UnreadableDocument."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UnreadableDocument(
            f"files of type '{path.suffix or path.name}' are not read; use {', '.join(sorted(SUFFIXES))}"
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableDocument(f"larger than {MAX_BYTES // 1_000_000} MB; split it into parts")
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(f"cannot be read: {error.strerror or error}") from error
    return raw, SANDBOX.read(raw, suffix, path.stem)
