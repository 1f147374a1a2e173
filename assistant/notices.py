"""What a careful colleague would add to an answer, and how a refusal is worded. Pure."""

from collections.abc import Sequence
from datetime import date

from assistant.coverage import Coverage
from assistant.language import language_of
from assistant.replies import message
from assistant.types import Notice, Sentence
from knowledge.types import Retrieved

# A source older than this is still quoted, with its date said.
_OLD_AFTER_MONTHS = 24


def not_covered(coverage: Coverage, language: str) -> str:
    if coverage.missing:
        return message("outcome.not_covered_missing", language, terms=", ".join(coverage.missing))
    return message("outcome.not_covered", language)


def of_sources(
    sentences: Sequence[Sentence], passages: Sequence[Retrieved], language: str, today: date
) -> list[Notice]:
    """Notices on the sources that the sentences cite."""
    citations = [citation for sentence in sentences for citation in sentence.citations]
    if not citations:
        return []
    result: list[Notice] = []
    dates = [citation.published for citation in citations if citation.published]
    if dates and _months_before(max(dates), today) > _OLD_AFTER_MONTHS:
        result.append(Notice("dated", message("notice.dated", language, date=max(dates))))
    cited = {citation.document_id for citation in citations}
    for source in dict.fromkeys(found.source for found in passages if found.passage.document_id in cited):
        if source.review_by and source.review_by < today.isoformat()[: len(source.review_by)]:
            text = message("notice.review_due", language, title=source.title, date=source.review_by)
            result.append(Notice("review_due", text))
    if language_of(citations[0].quote, fallback=language) != language and citations[0].quote == sentences[0].text:
        result.append(Notice("original_language", message("notice.original_language", language)))
    return result


def _months_before(published: str, today: date) -> int:
    """Whole months from a YYYY[-MM[-DD]] date to today; a bare year counts from its end."""
    year = int(published[:4])
    month = int(published[5:7]) if len(published) >= 7 else 12
    return (today.year - year) * 12 + today.month - month
