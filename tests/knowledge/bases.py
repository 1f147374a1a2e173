"""Knowledge bases as the tests make and ask them: real files, real SQLite, real Chroma."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.audiences import audiences_seen_by
from knowledge.base import fingerprint_of, open_base
from knowledge.candidates import Candidate, files_in
from knowledge.catalogue import Catalogue
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest, embed
from knowledge.readers import plain
from knowledge.readers.reading import Reading
from knowledge.types import Attribution, Block, Document, IngestReport, Passage, Retrieved, Scope, Source, Span
from tests.knowledge.embedders import word_embedder

EVERYONE = frozenset({"public", "partner", "partner:nepal", "partner:bangladesh", "staff"})
PUBLIC = Scope(frozenset({"public"}))


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def ingest(data: Path, *paths: Path, audience: str | None = None, embedder: Embedder | None = None) -> IngestReport:
    """As the command does it: what is refused among the paths stands in the report too."""
    candidates, refused = files_in(paths)
    report = Ingest(data, embedder or word_embedder()).run(candidates, audience)
    report.refused.extend(refused)
    return report


def upload(data: Path, document_id: str, content: str, title: str = "") -> IngestReport:
    """A new version that an operator brings for a document of a folder."""
    catalogue = Catalogue(data)
    info = catalogue.info(document_id)
    catalogue.close()
    raw = content.encode()

    def read() -> tuple[bytes, Reading]:
        reading = plain.read(raw, document_id)
        return raw, replace(reading, title=title or reading.title)

    candidate = Candidate(info.origin, document_id, read, uploaded=True)
    return Ingest(data, word_embedder()).run([candidate], info.audience)


def note(identifier: str, text: str, audience: str = "public") -> Document:
    """A document of one paragraph."""
    source = Source(identifier, f"Note {identifier}", audience, origin=f"/notes/{identifier}")
    return Document(source, f"digest of {text}", text, (Block("paragraph", Span(0, len(text))),))


def store(data: Path, documents: Sequence[Document], embedder: Embedder | None = None) -> None:
    """Puts documents straight into the catalogue. No index is built: questions are compared exactly."""
    embedder = embedder or word_embedder()
    data.mkdir(parents=True, exist_ok=True)
    catalogue = Catalogue(data, create=True)
    try:
        fingerprint = fingerprint_of(embedder)
        catalogue.set_settings({"fingerprint": fingerprint, "embedder": embedder.name})
        for document, passages in zip(documents, embed(documents, embedder), strict=True):
            catalogue.put(document, fingerprint, passages)
    finally:
        catalogue.close()


@dataclass(frozen=True)
class Contents:
    """All that a base holds, without what differs from run to run (row keys, times)."""

    documents: dict[str, Document]
    passages: dict[str, tuple[Passage, Source, tuple[Attribution, ...]]]
    vectors: dict[str, bytes]


def contents(data: Path, embedder: Embedder | None = None) -> Contents:
    fingerprint = fingerprint_of(embedder or word_embedder())
    catalogue = Catalogue(data)
    try:
        keys, _ = catalogue.passages.matrix(fingerprint, Scope(EVERYONE))
        stored = catalogue.passages.fetch(keys, Scope(EVERYONE))
        assert len(stored) == len(keys)
        return Contents(
            documents={document.source.id: document for document in catalogue.documents()},
            passages={
                item.embedded.passage.id: (item.embedded.passage, item.source, item.attributions) for item in stored
            },
            vectors={
                item.embedded.passage.id: item.embedded.vector.tobytes() + item.embedded.unit_vectors.tobytes()
                for item in stored
            },
        )
    finally:
        catalogue.close()


def revision_of(data: Path) -> int:
    catalogue = Catalogue(data)
    try:
        return catalogue.revision
    finally:
        catalogue.close()


def search(
    data: Path,
    question: str,
    reader: str = "public",
    *,
    documents: frozenset[str] | None = None,
    depth: int = 50,
    embedder: Embedder | None = None,
) -> list[Retrieved]:
    """Opens the base, asks one question for a reader, closes it."""
    base = open_base(data, embedder or word_embedder())
    try:
        return list(base.searcher.search(question, Scope(audiences_seen_by(reader), documents), depth).passages)
    finally:
        base.close()


def ranking(found: Sequence[Retrieved]) -> list[tuple[str, float]]:
    """What a reader notices of a search: which passages, in which order, how well."""
    return [(item.passage.id, round(item.score, 5)) for item in found]


def documents_found(found: Sequence[Retrieved]) -> list[str]:
    return list(dict.fromkeys(item.source.id for item in found))
