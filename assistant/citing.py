"""From a place in a document to a citation that leads to the original publication and opens at the quoted words."""

from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.types import Citation, SourceCard
from knowledge.locators import locator_at
from knowledge.types import Reference, Retrieved, Span

# The stored characters of a document's version between two offsets, or None when the reader may not see it (any more).
Excerpt = Callable[[str, int, int, int], str | None]


@dataclass(slots=True)
class Citer:
    """Makes the citations of one answer and numbers its sources in the order in which they are first cited."""

    excerpt: Excerpt
    _sources: dict[tuple[str, int, str | None], SourceCard] = field(default_factory=dict)

    def cite(self, found: Retrieved, span: Span) -> tuple[Citation, ...]:
        """The citations for the words of ``span``: one for each original publication that they rest on, or one for the
        document itself. Each is verified against the stored text, not against the passage."""
        quote = found.passage.text_at(span)
        stored = self.excerpt(found.passage.document_id, found.passage.version, span.start, span.end)
        references: tuple[Reference | None, ...] = references_of(found, span) or (None,)
        verified = stored is not None and stored == quote
        return tuple(
            Citation(
                # What cannot be shown takes no number.
                number=self._number(found, reference) if verified else 0,
                passage_id=found.passage.id,
                document_id=found.passage.document_id,
                title=reference.title if reference else found.source.title,
                publisher=reference.publisher if reference else found.source.publisher,
                published=reference.published if reference else found.source.published,
                url=reference.url if reference else found.source.url,
                locator=locator_at(found.passage, span),
                quote=quote,
                start=span.start,
                end=span.end,
                verified=verified,
                version=found.passage.version,
            )
            for reference in references
        )

    def sources(self) -> tuple[SourceCard, ...]:
        return tuple(self._sources.values())

    def _number(self, found: Retrieved, reference: Reference | None) -> int:
        key = (found.passage.document_id, found.passage.version, reference.id if reference else None)
        if key not in self._sources:
            card = SourceCard(
                number=len(self._sources) + 1,
                document_id=found.passage.document_id,
                title=reference.title if reference else found.source.title,
                publisher=reference.publisher if reference else found.source.publisher,
                published=reference.published if reference else found.source.published,
                url=reference.url if reference else found.source.url,
            )
            self._sources[key] = card
        return self._sources[key].number


def references_of(found: Retrieved, span: Span) -> tuple[Reference, ...]:
    """The references of every statement that the span touches, in order."""
    by_id = {reference.id: reference for reference in found.source.references}
    ids: dict[str, None] = {}
    for attribution in found.attributions:
        if attribution.span.start < span.end and span.start < attribution.span.end:
            ids.update(dict.fromkeys(attribution.reference_ids))
    return tuple(by_id[identifier] for identifier in ids if identifier in by_id)
