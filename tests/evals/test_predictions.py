"""Predictions in the format of the packs' own scorer: what becomes of an answer, and a file that is whole or absent."""

from pathlib import Path

import pytest

from evals.errors import InvalidRun
from evals.predictions import Prediction, Quoted, prediction_of, write_predictions
from evals.records import AnswerRecord, CitationRecord, NoticeRecord, SentenceRecord
from tests.evals.packs import read_lines


def _cited(document_id: str, quote: str) -> CitationRecord:
    return CitationRecord(
        document_id=document_id, passage_id="p", version=1, quote=quote, start=0, end=len(quote), verified=True,
        audience="public",
    )  # fmt: skip


def _record(outcome: str, *citations: CitationRecord) -> AnswerRecord:
    sentences = tuple(SentenceRecord(text=citation.quote, citations=(citation,)) for citation in citations)
    return AnswerRecord(question_id="q", outcome=outcome, answer="What was said.", language="en", sentences=sentences)


@pytest.mark.parametrize(
    ("outcome", "abstained", "clarified"),
    [
        ("ANSWERED", False, False),
        ("PARTIAL", False, False),
        ("EVIDENCE_ONLY", False, False),
        ("NOT_COVERED", True, False),
        ("DECLINED", True, False),
        ("FAILED", True, False),
        ("NEEDS_CLARIFICATION", False, True),
    ],
)
def test_every_outcome_is_told_for_what_it_is(outcome: str, abstained: bool, clarified: bool) -> None:
    prediction = prediction_of(_record(outcome))

    assert (prediction.abstained, prediction.clarified) == (abstained, clarified)
    assert prediction.answer_text == ("" if abstained else "What was said.")


@pytest.mark.parametrize(("kind", "flagged"), [("disagree", True), ("superseded", True), ("old", False)])
def test_a_contradiction_told_is_a_flag(kind: str, flagged: bool) -> None:
    told = _record("ANSWERED").model_copy(update={"notices": (NoticeRecord(kind=kind, text="Look again."),)})

    assert prediction_of(told).flagged is flagged


def test_a_document_is_cited_once_and_a_quote_told_once() -> None:
    cited = [_cited("b", "Two."), _cited("a", "One."), _cited("b", "Two."), _cited("a", "Two.")]

    prediction = prediction_of(_record("ANSWERED", *cited))

    assert prediction.cited_doc_ids == ("b", "a")
    assert [(quote.doc_id, quote.text) for quote in prediction.quotes] == [("b", "Two."), ("a", "One."), ("a", "Two.")]


def _prediction(identifier: str) -> Prediction:
    return Prediction(
        id=identifier,
        ranked_doc_ids=("d1", "d2"),
        answer_text="Nepal – и Србија.",
        abstained=False,
        cited_doc_ids=("d1",),
        quotes=(Quoted(doc_id="d1", text="Nepal"),),
        clarified=False,
        flagged=False,
    )


def test_predictions_are_written_one_a_line_in_the_format_of_the_packs(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "predictions.jsonl"

    write_predictions(path, [_prediction("q2"), _prediction("q1")])

    assert read_lines(path) == [
        {
            "id": identifier,
            "ranked_doc_ids": ["d1", "d2"],
            "answer_text": "Nepal – и Србија.",
            "abstained": False,
            "cited_doc_ids": ["d1"],
            "quotes": [{"doc_id": "d1", "text": "Nepal"}],
            "clarified": False,
            "flagged": False,
        }
        for identifier in ("q2", "q1")
    ]
    assert "Србија" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("out", ["a-file/predictions.jsonl", "a-folder"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, out: str) -> None:
    (tmp_path / "a-file").write_text("", encoding="utf-8")
    (tmp_path / "a-folder").mkdir()

    with pytest.raises(InvalidRun) as raised:
        write_predictions(tmp_path / out, [_prediction("q1")])

    assert f"{tmp_path / out} cannot be written" in str(raised.value)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a-file", "a-folder"]
