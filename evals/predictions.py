"""Predictions: what the scorer of the public packs reads, one JSON object a line."""

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from evals.records import AnswerRecord
from evals.whole_files import write_whole


class Quoted(BaseModel):
    model_config = ConfigDict(frozen=True)
    doc_id: str
    text: str


class Prediction(BaseModel):
    """One question's result, in the format that packs are scored in."""

    model_config = ConfigDict(frozen=True)
    id: str
    ranked_doc_ids: tuple[str, ...]
    answer_text: str
    abstained: bool
    cited_doc_ids: tuple[str, ...]
    quotes: tuple[Quoted, ...]
    clarified: bool
    flagged: bool


def prediction_of(record: AnswerRecord) -> Prediction:
    """Documents ranked by their best passage, each cited once, quotes as cited."""
    citations = [citation for sentence in record.sentences for citation in sentence.citations]
    quotes = dict.fromkeys((citation.document_id, citation.quote) for citation in citations)
    return Prediction(
        id=record.question_id,
        ranked_doc_ids=tuple(dict.fromkeys(passage.document_id for passage in record.passages)),
        answer_text="" if record.abstained else record.answer,
        abstained=record.abstained,
        cited_doc_ids=tuple(dict.fromkeys(citation.document_id for citation in citations)),
        quotes=tuple(Quoted(doc_id=document, text=text) for document, text in quotes),
        clarified=record.clarified,
        flagged=record.flagged,
    )


def write_predictions(path: Path, predictions: Iterable[Prediction]) -> None:
    """Whole or not at all. Raises InvalidRun where the place cannot be written."""
    write_whole(path, "".join(json.dumps(each.model_dump(), ensure_ascii=False) + "\n" for each in predictions))
