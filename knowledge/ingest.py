"""Files and corpora into the knowledge base, synchronised by digest: skip, add, or make a new version. Running twice
changes nothing.

What vanished from a folder stays in the base: a sync that empties it by mistake is what users of such systems fear
most. So does a version that an operator uploaded, until its file changes (see ``uploads``).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.audiences import PUBLIC, parse_audience, stricter
from knowledge.base import fingerprint_of
from knowledge.candidates import Candidate
from knowledge.catalogue import Catalogue, Known
from knowledge.chunking import passages_of
from knowledge.embedding import Embedder
from knowledge.errors import IndexMismatch, UnreadableDocument
from knowledge.locks import writer_lock
from knowledge.originals import Originals, digest_of
from knowledge.passages import EmbeddedPassage
from knowledge.readers.reading import Reading
from knowledge.snapshots import Snapshots
from knowledge.types import Document, IngestReport, Refusal, Remark, Source
from knowledge.uploads import upload_of

# Bumped when a reader changes what it makes of the same bytes, so that unchanged files are read again.
READERS_VERSION = "3"
_TEXTS_A_BATCH = 128

Progress = Callable[[int, int, str], None]


class Ingest:
    """Writes into one data directory. Raises KnowledgeError where the whole ingest cannot go on; a single document
    that cannot be read is refused and the rest goes on."""

    def __init__(self, directory: Path, embedder: Embedder, chroma_url: str | None = None) -> None:
        self._directory = directory
        self._embedder = embedder
        self._chroma_url = chroma_url
        self._fingerprint = fingerprint_of(embedder)
        self._originals = Originals(directory)

    def run(
        self, candidates: Sequence[Candidate], audience: str | None = None, progress: Progress | None = None
    ) -> IngestReport:
        """Adds what is new, replaces what changed, and publishes the index. ``audience`` narrows every document's
        own."""
        report = IngestReport()
        audience = parse_audience(audience) if audience else None
        with writer_lock(self._directory):
            catalogue = Catalogue(self._directory, create=True)
            try:
                self._claim(catalogue)
                changes = self._changes(catalogue, candidates, audience, report, progress)
                for batch in _batches(changes):
                    embedded = embed([change.document for change in batch], self._embedder)
                    for change, passages in zip(batch, embedded, strict=True):
                        catalogue.put(change.document, self._fingerprint, passages, change.own)
                        report.passages += len(passages)
                        change.reported.append(change.document.source.id)
                catalogue.settle()
                Snapshots(self._directory, catalogue, self._chroma_url).publish()
            finally:
                catalogue.close()
        return report

    def rebuild(self, progress: Progress | None = None) -> int:
        """Cuts and embeds every stored document anew where the fingerprint changed, beside the index in use, then
        switches; and builds the vector index again. Interrupted, it goes on where it stopped. Returns the documents."""
        with writer_lock(self._directory):
            catalogue = Catalogue(self._directory)
            try:
                done = catalogue.passages.versions_with(self._fingerprint)
                total = catalogue.version_count()
                for number, document in enumerate(catalogue.documents(), start=1):
                    if progress:
                        progress(number, total, document.source.title)
                    if (document.source.id, document.source.version) not in done:
                        catalogue.put_passages(document, self._fingerprint, embed([document], self._embedder)[0])
                if catalogue.fingerprint != self._fingerprint:
                    catalogue.switch(self._fingerprint)
                catalogue.set_settings({"embedder": self._embedder.name, "index": ""})
                catalogue.count_change()  # a new name for the index, so that readers who have the old one open see it
                Snapshots(self._directory, catalogue, self._chroma_url).publish()
                return total
            finally:
                catalogue.close()

    def _claim(self, catalogue: Catalogue) -> None:
        found = catalogue.fingerprint
        if found is None:
            catalogue.set_settings({"fingerprint": self._fingerprint, "embedder": self._embedder.name})
        elif found != self._fingerprint:
            raise IndexMismatch(
                f"The index in {self._directory} was built with {catalogue.setting('embedder')} (fingerprint "
                f"{found}), not with "
                f"{self._embedder.name} (fingerprint {self._fingerprint}). Run `migdesk ingest --rebuild --data "
                f"{self._directory}` first, or restore the settings it was built with."
            )

    def _changes(
        self,
        catalogue: Catalogue,
        candidates: Sequence[Candidate],
        audience: str | None,
        report: IngestReport,
        progress: Progress | None,
    ) -> Iterator["_Change"]:
        """Each new or changed document."""
        known = catalogue.known()
        origins = {held.id: origin for origin, held in known.items()}
        for number, candidate in enumerate(candidates, start=1):
            if progress:
                progress(number, len(candidates), candidate.name)
            try:
                raw, reading = candidate.read()
            except UnreadableDocument as error:
                report.refused.append(Refusal(candidate.origin, str(error)))
                continue
            report.remarks.extend(Remark(candidate.origin, remark) for remark in reading.remarks)
            before = known.get(candidate.origin)
            identifier = before.id if before else _free_id(reading.id or candidate.name, candidate.origin, origins)
            if before is None and identifier in origins:  # the same document, found at another place than before
                before = known[origins[identifier]]
                catalogue.move(identifier, candidate.origin)
            own = reading.audience or PUBLIC
            label = (before.label if before else None) or stricter(own, audience or PUBLIC)
            digest, original = _digest(raw, reading), digest_of(raw)
            differs = before is not None and digest != before.digest
            if before is not None and differs and _stays(catalogue, candidate, before, original, reading, report):
                origins[identifier], known[candidate.origin] = candidate.origin, before
                narrower = stricter(before.audience, label)  # its own file may be for fewer than the folder's
                if narrower != before.audience:
                    catalogue.relabel(identifier, narrower)
                    report.relabelled.append(identifier)
                continue
            version = _next_version(before, original)
            origins[identifier] = candidate.origin
            known[candidate.origin] = Known(
                identifier,
                version,
                digest,
                label,
                original,
                before.label if before else None,
                before is not None and before.is_withdrawn,
            )
            if before is not None and before.is_withdrawn:
                if stricter(before.audience, label) != before.audience:
                    catalogue.relabel(identifier, stricter(before.audience, label))  # for when it is reinstated
                report.withdrawn.append(identifier)
            elif before is None or digest != before.digest:
                if candidate.is_file:
                    self._originals.put(raw)
                document = _document(identifier, version, candidate, reading, label, digest, original)
                yield _Change(document, own, report.added if before is None else report.replaced)
            elif label != before.audience:
                catalogue.relabel(identifier, label)
                report.relabelled.append(identifier)
            else:
                report.unchanged.append(identifier)


@dataclass(frozen=True, slots=True)
class _Change:
    """A new or changed document, the audience that its file names itself, and the list of the report that it goes into
    once it is stored."""

    document: Document
    own: str
    reported: list[str]


def _stays(
    catalogue: Catalogue, candidate: Candidate, before: Known, original: str, reading: Reading, report: IngestReport
) -> bool:
    """Whether the version in the base was uploaded and outlasts the file, which goes into the report; an upload that
    does not is remarked on."""
    upload = None if candidate.uploaded or before.is_withdrawn else upload_of(catalogue, before.id)
    if upload is None:
        return False
    if upload.stays(original, reading.text):
        (report.unchanged if original == before.original else report.kept).append(before.id)
        return True
    day = upload.latest.ingested_at[:10]
    took = f"has changed and takes the place of version {before.version}, which was uploaded on {day}"
    report.remarks.append(Remark(candidate.origin, took))
    return False


def _next_version(before: Known | None, original: str) -> int:
    """The same bytes read in another way are no new version."""
    if before is None:
        return 1
    return before.version if before.original == original else before.version + 1


def embed(documents: Sequence[Document], embedder: Embedder) -> list[list[EmbeddedPassage]]:
    """Each document's passages with their vectors, all texts in one call. A unit that is its whole passage, and a text
    met before, is embedded once."""
    cut = [passages_of(document) for document in documents]
    texts: dict[str, int] = {}
    for document, passages in zip(documents, cut, strict=True):
        for passage in passages:
            for text in (passage.text, *(document.text[u.start : u.end] for u in passage.units)):
                texts.setdefault(text, len(texts))
    vectors = embedder.passages(list(texts))
    return [
        [
            EmbeddedPassage(
                passage,
                vectors[texts[passage.text]],
                vectors[[texts[document.text[u.start : u.end]] for u in passage.units]],
            )
            for passage in passages
        ]
        for document, passages in zip(documents, cut, strict=True)
    ]


def _batches(changes: Iterable[_Change]) -> Iterator[list[_Change]]:
    """Documents together until there is enough text to keep the embedder busy."""
    batch: list[_Change] = []
    size = 0
    for change in changes:
        batch.append(change)
        size += len(change.document.blocks) + 1
        if size >= _TEXTS_A_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _free_id(wanted: str, origin: str, origins: dict[str, str]) -> str:
    """The id wanted, unless a document that still lies elsewhere has it."""
    held_by = origins.get(wanted)
    if held_by is None or held_by == origin:
        return wanted
    # A page on the web may move; whether it is still at its old address is for ``sources`` to find out.
    both_pages = _is_page(held_by) and _is_page(origin)
    if both_pages or not (_is_page(held_by) or _still_there(held_by)):
        return wanted
    return f"{wanted}-{hashlib.blake2b(origin.encode(), digest_size=4).hexdigest()}"


def _is_page(origin: str) -> bool:
    return origin.startswith(("http://", "https://"))


def _still_there(origin: str) -> bool:
    """Whether the file that a document came from, or the corpus whose line it was, exists."""
    ends = [len(origin), *(index for index, character in enumerate(origin) if character == "#")]
    return any(Path(origin[:end]).exists() for end in ends)


def _digest(raw: bytes, reading: Reading) -> str:
    said = "\0".join((READERS_VERSION, reading.title))
    return hashlib.blake2b(said.encode() + b"\0" + raw, digest_size=16).hexdigest()


def _document(
    identifier: str, version: int, candidate: Candidate, reading: Reading, audience: str, digest: str, original: str
) -> Document:
    source = Source(
        id=identifier,
        version=version,
        title=reading.title,
        audience=audience,
        origin=candidate.origin,
        publisher=reading.publisher,
        url=reading.url,
        language=reading.language,
        published=reading.published,
        as_of=reading.as_of,
        review_by=reading.review_by,
        references=reading.references,
        subject=reading.subject,
        disagreements=reading.disagreements,
        uploaded=candidate.uploaded,
    )
    return Document(source, digest, reading.text, reading.blocks, reading.attributions, original)
