"""A knowledge base as a whole: opened on a data directory, with its fingerprint checked before anything is answered."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from knowledge import chunking, schema
from knowledge.catalogue import Catalogue
from knowledge.embedding import Embedder
from knowledge.errors import IndexMismatch, StoreEmpty
from knowledge.originals import Originals
from knowledge.search import Searcher
from knowledge.snapshots import Snapshots
from knowledge.types import Document


def fingerprint_of(embedder: Embedder) -> str:
    """Of everything that shapes the index: embedder, dimensions, chunker and schema."""
    parts = (embedder.name, str(embedder.dimensions), chunking.VERSION, schema.VERSION)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()


@dataclass(slots=True)
class KnowledgeBase:
    """The catalogue, its index and a searcher over both."""

    directory: Path
    catalogue: Catalogue
    snapshots: Snapshots
    searcher: Searcher
    fingerprint: str
    originals: Originals
    embedder: Embedder
    chroma_url: str | None = None

    def has_original(self, document: Document) -> bool:
        """Whether the file that the document was read from is kept."""
        return document.original is not None and self.originals.has(document.original)

    def close(self) -> None:
        self.searcher.close()
        self.catalogue.close()


def open_base(directory: Path, embedder: Embedder, chroma_url: str | None = None) -> KnowledgeBase:
    """Raises StoreEmpty, IndexMismatch or DataDirectoryError, each saying what to do."""
    catalogue = Catalogue(directory)
    wanted = fingerprint_of(embedder)
    found = catalogue.fingerprint
    if found is None or not catalogue.counts(found):
        catalogue.close()
        raise StoreEmpty(f"The knowledge base in {directory} is empty. Run `migdesk ingest PATH --data {directory}`.")
    if found != wanted:
        made_by = catalogue.setting("embedder") or "another embedder"
        catalogue.close()
        raise IndexMismatch(
            f"The index in {directory} was built with other settings ({made_by}, fingerprint {found}) than this "
            f"process uses "
            f"({embedder.name}, fingerprint {wanted}). Run `migdesk ingest --rebuild --data {directory}`, or "
            f"restore the "
            "settings it was built with."
        )
    snapshots = Snapshots(directory, catalogue, chroma_url)
    searcher = Searcher(catalogue, embedder, snapshots, wanted)
    return KnowledgeBase(directory, catalogue, snapshots, searcher, wanted, Originals(directory), embedder, chroma_url)
