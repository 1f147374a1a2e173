"""The library's cases asked of a desk: what is counted, and what the command prints."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.library import Tally, tallies, tally
from evals.questions import Question
from evals.records import AnswerRecord, PassageRecord

BOTH = Question(
    id="load", question="?", gold_doc_ids=("ferry",), answer_groups=(("45",), ("six", "6")), kind="answerable"
)
MISS = Question(id="miss", question="?", expected="abstain", kind="near_miss")


def answered(question: Question, text: str, *ranked: str, refused: bool = False) -> AnswerRecord:
    return AnswerRecord(
        question_id=question.id,
        outcome="NOT_COVERED" if refused else "ANSWERED",
        answer=text,
        language="en",
        passages=tuple(PassageRecord(passage_id=d, document_id=d, score=1.0, audience="public") for d in ranked),
    )


@pytest.mark.parametrize(
    ("text", "inside"),
    [("It carries 45 passengers and SIX cars.", 1), ("45 passengers, 6 cars", 1), ("45 passengers", 0), ("", 0)],
)
def test_an_answer_holds_every_group_by_one_of_its_strings(text: str, inside: int) -> None:
    assert tally("en", [(BOTH, answered(BOTH, text, "ferry"))]).answer_inside == inside


def test_refusals_count_for_near_misses_and_against_answerable_questions() -> None:
    results = [
        (BOTH, answered(BOTH, "45 and six", "bakery", "ferry")),
        # The message of a refusal is no answer, whatever it says.
        (BOTH, answered(BOTH, "Not 45, not six.", "ferry", refused=True)),
        (MISS, answered(MISS, "", "ferry", refused=True)),
        (MISS, answered(MISS, "45 and six", "ferry")),
    ]
    assert tally("sq", results) == Tally(
        "sq", 2, 2, document_first=1, answer_inside=1, wrongly_refused=1, rightly_refused=1
    )


def test_there_is_a_line_a_language_and_english_comes_first() -> None:
    questions = {each.id: each for each in (BOTH.model_copy(update={"lang": "ar", "id": "ar"}), BOTH)}
    lines = tallies(questions, [answered(question, "45 and six", "ferry") for question in questions.values()])
    assert [(line.language, line.answer_inside) for line in lines] == [("en", 1), ("ar", 1)]


def test_without_a_knowledge_base_the_command_says_what_to_do(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["library", "--no-model", "--data", str(tmp_path / "nothing")])
    assert ran.exit_code == 1
    assert "migdesk ingest" in ran.stderr
