"""What an ingest is offered: the files of folders, and the lines of a corpus. Nothing is read before its turn comes."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.audiences import PUBLIC, parse_audience
from knowledge.errors import UnknownAudience, UnreadableDocument
from knowledge.normalisation import title_of
from knowledge.readers import SUFFIXES, plain, read_file
from knowledge.readers.reading import Reading
from knowledge.types import Refusal


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to ingest: where it comes from, the id it would like, and how to read it. Of a file (or a page that was
    fetched) the original is kept. ``uploaded``: an operator brought it for the document that is ingested from
    ``origin``."""

    origin: str
    name: str
    read: Callable[[], tuple[bytes, Reading]]
    is_file: bool = True
    uploaded: bool = False


def files_in(paths: Sequence[Path]) -> tuple[list[Candidate], list[Refusal]]:
    """The files of these paths, folders recursively, in a stable order; names are relative to the path given."""
    candidates: list[Candidate] = []
    refused: list[Refusal] = []
    for path in paths:
        try:
            is_folder, exists = path.is_dir(), path.exists()
        except (OSError, ValueError) as error:
            refused.append(
                Refusal(_printable(path)[:200], getattr(error, "strerror", None) or "no path that can exist")
            )
            continue
        if is_folder:
            found = sorted(p for p in path.rglob("*") if p.is_file() and not _is_hidden(p.relative_to(path)))
            if not any(p.suffix.lower() in SUFFIXES for p in found):
                refused.append(
                    Refusal(str(path), f"holds no file of a type that is read ({', '.join(sorted(SUFFIXES))})")
                )
            candidates.extend(_file(p, p.relative_to(path).as_posix()) for p in found)
        elif exists:
            candidates.append(_file(path, path.name))
        else:
            refused.append(Refusal(_printable(path), "no such file or directory"))
    return candidates, refused


def lines_of(corpus: Path) -> tuple[list[Candidate], list[Refusal]]:
    """The documents of a JSON-lines corpus, ``{"id", "title", "text"}`` a line, with ``"audience"`` where a document is
    not for everybody."""
    candidates: list[Candidate] = []
    refused: list[Refusal] = []
    given: set[str] = set()
    try:
        lines = corpus.read_bytes().split(b"\n")
    except OSError as error:
        return [], [Refusal(str(corpus), error.strerror or str(error))]
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            identifier, title, text = record["id"], record.get("title") or "", record["text"]
            if not all(isinstance(value, str) for value in (identifier, title, text)) or not identifier.strip():
                raise TypeError
            (identifier + title).encode()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            refused.append(Refusal(f"{corpus}:{number}", 'not an object with "id", "title" and "text" as strings'))
            continue
        try:
            audience = parse_audience(str(record.get("audience") or PUBLIC))
        except UnknownAudience as error:
            refused.append(Refusal(f"{corpus}:{number}", str(error)))
            continue
        if identifier in given:
            refused.append(Refusal(f"{corpus}:{number}", f'the id "{identifier}" was given in an earlier line'))
            continue
        given.add(identifier)
        candidates.append(_corpus_line(corpus, identifier, title, text, audience))
    return candidates, refused


def _file(path: Path, name: str) -> Candidate:
    def read() -> tuple[bytes, Reading]:
        if shown != name:
            raise UnreadableDocument("its name is not valid UTF-8; rename it")
        return read_file(path)

    shown = _printable(name)
    return Candidate(_printable(path.resolve()), shown, read)


def _printable(path: Path | str) -> str:
    """A path as text that can be stored and printed, also where its bytes are no UTF-8."""
    return str(path).encode("utf-8", "replace").decode()


def _corpus_line(corpus: Path, identifier: str, title: str, text: str, audience: str) -> Candidate:
    def read() -> tuple[bytes, Reading]:
        raw = text.encode("utf-8", "replace")
        reading = plain.read(raw, title or identifier)
        if not reading.blocks:
            raise UnreadableDocument("holds no text")
        named = Reading(
            title=title_of(title) or reading.title, text=reading.text, blocks=reading.blocks, audience=audience
        )
        return raw, named

    return Candidate(f"{_printable(corpus.resolve())}#{identifier}", identifier, read)


def _is_hidden(relative: Path) -> bool:
    return any(part.startswith(".") for part in relative.parts)
