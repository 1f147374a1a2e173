"""An answer with its citations, and each quote beside the passage it was taken from."""

from collections.abc import Iterable, Iterator

from evals.records import AnswerRecord, CitationRecord, PassageRecord, SentenceRecord
from evals.report.excerpts import excerpt, shortened
from evals.report.markup import Markup, element, foreign, web_link

_OUTCOMES = {
    "ANSWERED": "Answered",
    "PARTIAL": "Answered in part",
    "NOT_COVERED": "Not covered",
    "NEEDS_CLARIFICATION": "Asked back",
    "DECLINED": "Declined",
    "EVIDENCE_ONLY": "Quotes only",
    "FAILED": "Broke off",
}
_Publication = tuple[str, str, str | None]
_AROUND, _LONGEST, _NOTICE, _READ = 260, 1200, 240, 3


def outcome_told(outcome: str) -> str:
    return _OUTCOMES.get(outcome, outcome)


def part(heading: str, *pieces: Markup) -> Markup:
    return element("div", {"class": "part"}, element("h4", {}, heading), *pieces)


def columns(*parts: Markup, kind: str = "") -> Markup:
    """Beside each other where there is room."""
    return element("div", {"class": f"columns {kind}".strip()}, *parts)


def answered(answer: AnswerRecord, heading: str = "Answer", *, sources: bool = True, notices: bool = True) -> Markup:
    """The answer as it was shown: sentences with the numbers of their sources, quotes where they say it in other words,
    the sources with title, publisher and date, and the notices."""
    pieces = [*_pieces(answer), *(_sources(answer) if sources else ()), *(_notices(answer) if notices else ())]
    return part(f"{heading}: {outcome_told(answer.outcome)}", *pieces)


def beside(answer: AnswerRecord) -> Markup:
    """The quotes of each passage beside it, with their source."""
    passages = {passage.passage_id: passage for passage in answer.passages}
    numbers = _numbers(answer)
    quoted: dict[str, list[CitationRecord]] = {}
    for citation in _citations(answer):
        quoted.setdefault(citation.passage_id, []).append(citation)
    rows = []
    for identifier, citations in quoted.items():
        quotes = {citation.quote: citation for citation in citations}
        left = [_quote(citation) for citation in quotes.values()]
        for citation in {(*_publication(citation), citation.locator): citation for citation in citations}.values():
            locator = [" · ", element("bdi", {}, citation.locator)] if citation.locator else []
            sign = f"[{numbers[_publication(citation)]}] "
            left.append(element("p", {"class": "facts"}, sign, *_source(citation), *locator))
        rows.append(columns(element("div", {}, *left), _passage(passages.get(identifier), quotes)))
    return part("Each quote beside its passage", *rows)


def passages_read(answer: AnswerRecord, evidence: Iterable[str]) -> Markup:
    """The best passages an answer could have rested on, the evidence marked in them."""
    wanted = tuple(evidence)
    pieces = []
    for passage in [passage for passage in answer.passages if passage.text][:_READ]:
        named = element("p", {"class": "facts"}, element("bdi", {}, passage.document_id), f" · {passage.score:.3f}")
        text = foreign("p", "", None, "passage", *excerpt(passage.text, wanted, _AROUND))
        pieces.append(element("div", {}, named, text))
    return part("The best passages found", *(pieces or [element("p", {}, "No passage was read.")]))


def _pieces(answer: AnswerRecord) -> Iterator[Markup]:
    if answer.failure:
        yield foreign("p", answer.failure, None, "facts")
    if not answer.sentences:
        yield foreign("p", shortened(answer.answer, _LONGEST), answer.language)
        return
    numbers = _numbers(answer)
    for sentence in answer.sentences:
        sign = element("span", {"class": "sign"}, _signs(sentence, numbers))
        # Without its language: a quote is in that of its document.
        yield foreign("p", shortened(sentence.text, _LONGEST), None, "", Markup(" "), sign)
        for citation in sentence.citations:
            if citation.quote.strip() != sentence.text.strip():
                yield foreign("blockquote", shortened(citation.quote, _LONGEST // 2))


def _sources(answer: AnswerRecord) -> Iterator[Markup]:
    first = {_publication(citation): citation for citation in reversed(_citations(answer))}
    if first:
        listed = (element("li", {}, *_source(first[each])) for each in _numbers(answer))
        yield element("ol", {"class": "sources"}, *listed)


def _notices(answer: AnswerRecord) -> Iterator[Markup]:
    for notice in answer.notices:
        yield foreign("p", f"! {shortened(notice.text, _NOTICE)}", answer.language, "facts")


def _quote(citation: CitationRecord) -> Markup:
    if citation.verified:
        return foreign("blockquote", shortened(citation.quote, _LONGEST))
    sign = element("b", {"class": "wrong"}, " ✗ not letter for letter in its document")
    return foreign("blockquote", shortened(citation.quote, _LONGEST), None, "", sign)


def _citations(answer: AnswerRecord) -> list[CitationRecord]:
    return [citation for sentence in answer.sentences for citation in sentence.citations]


def _publication(citation: CitationRecord) -> _Publication:
    """One document may rest on several."""
    return citation.document_id, citation.title, citation.url


def _numbers(answer: AnswerRecord) -> dict[_Publication, int]:
    cited = dict.fromkeys(map(_publication, _citations(answer)))
    return {publication: number for number, publication in enumerate(cited, start=1)}


def _signs(sentence: SentenceRecord, numbers: dict[_Publication, int]) -> str:
    return "".join(
        f"[{number}]" for number in dict.fromkeys(numbers[_publication(each)] for each in sentence.citations)
    )


def _source(citation: CitationRecord) -> Iterator[str]:
    """The title leads to the publication where that has an address."""
    title = citation.title or citation.document_id
    yield web_link(citation.url, title) or element("bdi", {}, title)
    audience = f"for {citation.audience} only" if citation.audience != "public" else None
    told = (citation.publisher, citation.published or "undated", citation.document_id, audience)
    yield element("bdi", {}, " · " + " · ".join(part for part in told if part))


def _passage(passage: PassageRecord | None, quotes: Iterable[str]) -> Markup:
    if passage is None or not passage.text:
        return element("p", {"class": "facts"}, "The run holds no text of this passage.")
    return foreign("p", "", None, "passage", *excerpt(passage.text, quotes, _AROUND))
