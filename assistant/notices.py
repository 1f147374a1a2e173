"""What a careful colleague would add to an answer, and how a refusal is worded. Pure."""

from collections.abc import Sequence
from datetime import date

from assistant.coverage import Coverage
from assistant.language import language_of
from assistant.positions import differing_unmarked, disagreements, statements
from assistant.replies import message
from assistant.types import Citation, Notice, Sentence
from knowledge.normalisation import one_line
from knowledge.topics import is_review_due
from knowledge.types import Disagreement, Retrieved, Source

# A source older than this is still quoted, with its date said.
_OLD_AFTER_MONTHS = 24


def not_covered(coverage: Coverage, language: str) -> str:
    if coverage.missing:
        return message("outcome.not_covered_missing", language, terms=", ".join(coverage.missing))
    return message("outcome.not_covered", language)


def of_sources(
    sentences: Sequence[Sentence],
    passages: Sequence[Retrieved],
    language: str,
    today: date,
    *,
    asks_for_latest: bool = False,
) -> list[Notice]:
    """Notices on the sources that the sentences cite. Where the question ``asks_for_latest``, the date of what is told
    is always said."""
    citations = [citation for sentence in sentences for citation in sentence.citations]
    if not citations:
        return []
    # Two briefs on one meeting may tell the same.
    result = list(
        dict.fromkeys(
            Notice("disagree", message("notice.disagree", language, about=d.about, positions=_positions(d, source)))
            for _, source, d in disagreements(citations, passages)
        )
    )
    result += [
        Notice("sources_differ", message("notice.sources_differ", language, positions=_side_by_side(pair)))
        for pair in differing_unmarked(sentences, passages)
    ]
    dates = [citation.published for citation in citations if citation.published]
    if dates and _months_before(max(dates), today) > _OLD_AFTER_MONTHS:
        result.append(Notice("dated", message("notice.dated", language, date=max(dates))))
    elif changeable := _dates_of_what_may_change(citations, passages):
        result.append(Notice("may_change", message("notice.may_change", language, date=max(changeable))))
    elif asks_for_latest and (known := dates or _dates_of_documents(citations, passages)):
        result.append(Notice("may_change", message("notice.may_change", language, date=max(known))))
    cited = {(citation.document_id, citation.version) for citation in citations}
    cited_passages = [found for found in passages if (found.passage.document_id, found.passage.version) in cited]
    for source in dict.fromkeys(found.source for found in cited_passages):
        if is_review_due(source.review_by, today):
            text = message("notice.review_due", language, title=source.title, date=source.review_by)
            result.append(Notice("review_due", text))
    for title in dict.fromkeys(found.source.title for found in cited_passages if found.superseded):
        result.append(Notice("superseded", message("notice.superseded", language, title=title)))
    if language_of(citations[0].quote, fallback=language) != language and citations[0].quote == sentences[0].text:
        result.append(Notice("original_language", message("notice.original_language", language)))
    return result


def _positions(disagreement: Disagreement, source: Source) -> str:
    """Each side with the publishers and dates that it rests on."""
    references = {reference.id: reference for reference in source.references}
    said = []
    for position in disagreement.positions:
        of = [references[identifier] for identifier in position.reference_ids]
        names = dict.fromkeys(", ".join(filter(None, (one.publisher or one.title, one.published))) for one in of)
        said.append(f"{position.says} ({'; '.join(names)})")
    return " · ".join(said)


def _side_by_side(pair: Sequence[Citation]) -> str:
    """What each of two sources says, with publisher and date."""
    said = []
    for citation in pair:
        known = ", ".join(filter(None, (citation.publisher or citation.title, citation.published)))
        said.append(f"“{one_line(citation.quote)}” ({known})")
    return " · ".join(said)


def _dates_of_what_may_change(citations: Sequence[Citation], passages: Sequence[Retrieved]) -> list[str]:
    return [
        date
        for citation, source, attribution in statements(citations, passages)
        if attribution.may_change and (date := citation.published or source.as_of)
    ]


def _dates_of_documents(citations: Sequence[Citation], passages: Sequence[Retrieved]) -> list[str]:
    """The days on which the cited documents were brought up to date, for what cites no dated publication."""
    cited = {(citation.document_id, citation.version) for citation in citations}
    return [
        found.source.as_of
        for found in passages
        if found.source.as_of and (found.passage.document_id, found.passage.version) in cited
    ]


def _months_before(published: str, today: date) -> int:
    """Whole months from a YYYY[-MM[-DD]] date to today; a bare year counts from its end."""
    year = int(published[:4])
    month = int(published[5:7]) if len(published) >= 7 else 12
    return (today.year - year) * 12 + today.month - month
