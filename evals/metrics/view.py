"""One question with the record of its answer, and what several metrics ask of them, worked out once."""

from dataclasses import dataclass

from evals.questions import Question
from evals.records import AnswerRecord, CitationRecord, PassageRecord

Parts = dict[str, tuple[float, float]]
"""Component → (numerator, denominator) of one answer. A component that does not apply is absent."""


@dataclass(frozen=True, slots=True)
class View:
    """``ranked``: documents found, by their best passage; ``cited``: documents cited, in order; ``quotes``: citations
    with words, each document and quote once; ``silent``: no answer was given, for whatever reason; ``refused``: the
    desk said so, and did not merely break off."""

    question: Question
    record: AnswerRecord
    ranked: tuple[str, ...]
    cited: tuple[str, ...]
    quotes: tuple[CitationRecord, ...]
    passages: dict[str, PassageRecord]
    silent: bool
    refused: bool


def view_of(question: Question, record: AnswerRecord) -> View:
    citations = [citation for sentence in record.sentences for citation in sentence.citations]
    quotes = {(citation.document_id, citation.quote): citation for citation in reversed(citations) if citation.quote}
    return View(
        question=question,
        record=record,
        ranked=tuple(dict.fromkeys(passage.document_id for passage in record.passages)),
        cited=tuple(dict.fromkeys(citation.document_id for citation in citations)),
        quotes=tuple(reversed(quotes.values())),
        passages={passage.passage_id: passage for passage in record.passages},
        silent=record.abstained,
        refused=record.abstained and record.outcome != "FAILED" and record.failure is None,
    )
