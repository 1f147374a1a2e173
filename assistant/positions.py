"""Where the sources of an answer differ, and what each of them says: from the disagreements that briefs mark, and from
figures that differ. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from assistant.differing import differing
from assistant.types import Citation, Sentence, SourcePosition
from knowledge.normalisation import one_line
from knowledge.types import Attribution, Disagreement, Reference, Retrieved, Source


def statements(
    citations: Sequence[Citation], passages: Sequence[Retrieved]
) -> Iterator[tuple[Citation, Source, Attribution]]:
    """Every cited statement of a brief, with what its author noted of it."""
    documents = {(found.passage.document_id, found.passage.version): found for found in passages}
    for citation in citations:
        found = documents.get((citation.document_id, citation.version))
        for attribution in found.attributions if found else ():
            if found and attribution.span.start < citation.end and citation.start < attribution.span.end:
                yield citation, found.source, attribution


def disagreements(
    citations: Sequence[Citation], passages: Sequence[Retrieved]
) -> list[tuple[Citation, Source, Disagreement]]:
    """What the sources differ on in the cited statements, each once with the first that touches it, in the order of the
    citations."""
    result: dict[tuple[str, str], tuple[Citation, Source, Disagreement]] = {}
    for citation, source, attribution in statements(citations, passages):
        for disagreement in source.disagreements:
            if disagreement.id in attribution.disagreement_ids:
                result.setdefault((source.id, disagreement.id), (citation, source, disagreement))
    return list(result.values())


def differing_unmarked(sentences: Sequence[Sentence], passages: Sequence[Retrieved]) -> list[tuple[Citation, Citation]]:
    """The pairs of quotes with different figures for one thing that no brief marks itself."""
    citations = _citations(sentences)
    marked = {
        citation.passage_id
        for citation, _, attribution in statements(citations, passages)
        if attribution.disagreement_ids
    }
    return [pair for pair in differing(sentences) if not marked & {citation.passage_id for citation in pair}]


def positions_of(sentences: Sequence[Sentence], passages: Sequence[Retrieved]) -> tuple[SourcePosition, ...]:
    """What each source says where those of the sentences differ: a row for each publication, those on one thing
    together, the newest first and what has no date last."""
    citations = _citations(sentences)
    marked: dict[str, list[SourcePosition]] = {}
    for citation, source, disagreement in disagreements(citations, passages):
        rows = list(_marked(citation, source, disagreement, citations))
        marked.setdefault(one_line(disagreement.about).casefold(), []).extend(rows)
    quoted = [list(map(_quoted, group)) for group in _together(differing_unmarked(sentences, passages))]
    return tuple(row for rows in (*marked.values(), *quoted) for row in _newest_first(_once(rows)))


def _marked(
    citation: Citation, source: Source, disagreement: Disagreement, citations: Sequence[Citation]
) -> Iterator[SourcePosition]:
    references = {reference.id: reference for reference in source.references}
    for position in disagreement.positions:
        for reference in (references[identifier] for identifier in dict.fromkeys(position.reference_ids)):
            yield SourcePosition(
                document_id=citation.document_id,
                version=citation.version,
                number=_number_of(reference, citation, citations),
                title=reference.title,
                publisher=reference.publisher,
                published=reference.published,
                url=reference.url,
                says=one_line(position.says),
                about=one_line(disagreement.about),
            )


def _number_of(reference: Reference, of: Citation, citations: Sequence[Citation]) -> int | None:
    """The number under which the answer cites this publication by the same document."""
    wanted = (of.document_id, of.version, reference.title, reference.published, reference.url)
    for citation in citations:
        if (citation.document_id, citation.version, citation.title, citation.published, citation.url) == wanted:
            return citation.number
    return None


def _quoted(citation: Citation) -> SourcePosition:
    return SourcePosition(
        document_id=citation.document_id,
        version=citation.version,
        number=citation.number,
        title=citation.title,
        publisher=citation.publisher,
        published=citation.published,
        url=citation.url,
        says=one_line(citation.quote),
    )


def _together(pairs: Sequence[tuple[Citation, Citation]]) -> list[list[Citation]]:
    """Of three figures for one thing each two differ: they are one group."""
    groups: list[list[Citation]] = []
    for pair in pairs:
        touched = [group for group in groups if any(citation in group for citation in pair)]
        whole = list(dict.fromkeys((*(citation for group in touched for citation in group), *pair)))
        place = groups.index(touched[0]) if touched else len(groups)
        groups = [group for group in groups if group not in touched]
        groups.insert(place, whole)
    return groups


def _once(rows: Iterable[SourcePosition]) -> list[SourcePosition]:
    """Two documents may tell of the same publication: the row that has a number stands for both."""
    result: dict[tuple[str | None, ...], SourcePosition] = {}
    for row in rows:
        key = (row.title, row.publisher, row.published, row.url, row.says)
        if key not in result or (result[key].number is None and row.number is not None):
            result[key] = row
    return list(result.values())


def _newest_first(positions: Iterable[SourcePosition]) -> list[SourcePosition]:
    return sorted(positions, key=lambda position: position.published or "", reverse=True)


def _citations(sentences: Sequence[Sentence]) -> list[Citation]:
    return [citation for sentence in sentences for citation in sentence.citations]
