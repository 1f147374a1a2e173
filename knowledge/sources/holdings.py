"""What the knowledge base holds of pages: the documents whose origin is a URL."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.catalogue import FILE, Catalogue, Known
from knowledge.readers.reading import Reading
from knowledge.types import Document

_WEB = re.compile(r"https?://")


@dataclass(frozen=True, slots=True)
class Holdings:
    """``pages`` maps the URL to the document made from it; ``others`` the ids of all other documents to where they came
    from; ``documents`` counts what was not withdrawn."""

    pages: dict[str, Known] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    documents: int = 0


def holdings_in(directory: Path) -> Holdings:
    """Empty where there is no knowledge base yet."""
    if not (directory / FILE).exists():
        return Holdings()
    catalogue = Catalogue(directory)
    try:
        known = catalogue.known()
    finally:
        catalogue.close()
    return Holdings(
        {origin: held for origin, held in known.items() if _WEB.match(origin)},
        {held.id: origin for origin, held in known.items() if not _WEB.match(origin)},
        sum(not held.is_withdrawn for held in known.values()),
    )


def stored_reading(directory: Path, document_id: str) -> Reading | None:
    """The document as if it had just been read, for what sources.toml says anew of a page that cannot be fetched now.
    For the operator's own commands; no reader's audience is asked."""
    catalogue = Catalogue(directory)
    try:
        document = catalogue.document(document_id, frozenset(catalogue.counts(catalogue.fingerprint)))
    finally:
        catalogue.close()
    return _reading_of(document) if document else None


def _reading_of(document: Document) -> Reading:
    # No audience: the entry's word is the newest, and may widen what an earlier word of the same operator narrowed.
    return Reading(
        title=document.source.title,
        text=document.text,
        blocks=document.blocks,
        language=document.source.language,
        published=document.source.published,
        as_of=document.source.as_of,
    )
