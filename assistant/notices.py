"""What a careful colleague would add to an answer, and how a refusal is worded. Pure."""

from collections.abc import Sequence
from datetime import date

from assistant.coverage import Coverage
from assistant.language import are_alike, language_of
from assistant.positions import differing_unmarked, disagreements, statements
from assistant.replies import message
from assistant.types import Citation, Notice, Sentence
from assistant.written_dates import written_date
from knowledge.normalisation import one_line
from knowledge.topics import is_review_due
from knowledge.types import Disagreement, Reference, Retrieved, Source

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
            _of_disagreement(disagreement, source, language)
            for _, source, disagreement in disagreements(citations, passages)
        )
    )
    result += [
        Notice("sources_differ", message("notice.sources_differ", language, positions=_side_by_side(pair, language)))
        for pair in differing_unmarked(sentences, passages)
    ]
    dates = [citation.published for citation in citations if citation.published]
    if dates and _months_before(max(dates), today) > _OLD_AFTER_MONTHS:
        result.append(Notice("dated", message("notice.dated", language, date=_newest(dates, language))))
    elif changeable := _dates_of_what_may_change(citations, passages):
        result.append(Notice("may_change", message("notice.may_change", language, date=_newest(changeable, language))))
    elif asks_for_latest and (known := dates or _dates_of_documents(citations, passages)):
        result.append(Notice("may_change", message("notice.may_change", language, date=_newest(known, language))))
    cited = {(citation.document_id, citation.version) for citation in citations}
    cited_passages = [found for found in passages if (found.passage.document_id, found.passage.version) in cited]
    for source in dict.fromkeys(found.source for found in cited_passages):
        if source.review_by and is_review_due(source.review_by, today):
            due = written_date(source.review_by, language)
            result.append(Notice("review_due", message("notice.review_due", language, title=source.title, date=due)))
    for title in dict.fromkeys(found.source.title for found in cited_passages if found.superseded):
        result.append(Notice("superseded", message("notice.superseded", language, title=title)))
    quoted = language_of(citations[0].quote, fallback=language)
    if not are_alike(quoted, language) and citations[0].quote == sentences[0].text:
        result.append(Notice("original_language", message("notice.original_language", language)))
    return result


def _of_disagreement(disagreement: Disagreement, source: Source, language: str) -> Notice:
    positions = _positions(disagreement, source, language)
    return Notice("disagree", message("notice.disagree", language, about=disagreement.about, positions=positions))


def _newest(dates: Sequence[str], language: str) -> str:
    return written_date(max(dates), language)


def _positions(disagreement: Disagreement, source: Source, language: str) -> str:
    """Each side with the publishers and dates that it rests on."""
    references = {reference.id: reference for reference in source.references}
    said = []
    for position in disagreement.positions:
        of = [references[identifier] for identifier in position.reference_ids]
        names = dict.fromkeys(_source(one, language) for one in of)
        said.append(f"{position.says} ({'; '.join(names)})")
    return " · ".join(said)


def _side_by_side(pair: Sequence[Citation], language: str) -> str:
    """What each of two sources says, with publisher and date."""
    return " · ".join(f"“{one_line(citation.quote)}” ({_source(citation, language)})" for citation in pair)


def _source(named: Reference | Citation, language: str) -> str:
    date = written_date(named.published, language) if named.published else None
    return ", ".join(filter(None, (named.publisher or named.title, date)))


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
