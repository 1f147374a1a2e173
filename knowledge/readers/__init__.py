"""One file a format: bytes in, a Reading out. ``read_file`` picks the reader by the file's name.

A reader knows nothing of audiences, ids or storage; it raises UnreadableDocument with a reason a person can act on.
"""

from pathlib import Path

from knowledge.errors import UnreadableDocument
from knowledge.readers import html, markdown, plain
from knowledge.readers.reading import Reading

MAX_BYTES = 20_000_000
_READERS = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": plain.read,
    ".text": plain.read,
    ".html": html.read,
    ".htm": html.read,
}
SUFFIXES = frozenset(_READERS)


def read_file(path: Path) -> tuple[bytes, Reading]:
    """The file's bytes and what was read from them. Raises UnreadableDocument."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableDocument(
            f"files of type '{path.suffix or path.name}' are not read; use {', '.join(sorted(SUFFIXES))}"
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableDocument(f"larger than {MAX_BYTES // 1_000_000} MB; split it into parts")
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(f"cannot be read: {error.strerror or error}") from error
    reading = reader(raw, path.stem)
    if not reading.blocks:
        raise UnreadableDocument("holds no text")
    return raw, reading
