"""The library's cases asked of a desk: what is counted, and what the command prints."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cases import Case
from evals.cli import app
from evals.dataset import Prediction
from evals.library import Tally, tally

GOLD = {"document": "ferry", "statement": "The ferry carries 45 passengers and six cars."}
BOTH = Case.model_validate(
    {"id": "ferry/load", "question": "?", "kind": "answerable", "evidence": [GOLD], "accepted": [["45"], ["six", "6"]]}
)
MISS = Case.model_validate({"id": "ferry/miss", "question": "?", "kind": "near_miss", "differs_in": "year"})


def predicted(text: str, *ranked: str, abstained: bool = False) -> Prediction:
    return Prediction(
        id="x",
        ranked_doc_ids=ranked,
        answer_text=text,
        abstained=abstained,
        cited_doc_ids=ranked[:1],
        quotes=(),
        clarified=False,
    )


@pytest.mark.parametrize(
    ("text", "inside"),
    [("It carries 45 passengers and SIX cars.", 1), ("45 passengers, 6 cars", 1), ("45 passengers", 0), ("", 0)],
)
def test_an_answer_holds_every_group_by_one_of_its_strings(text: str, inside: int) -> None:
    assert tally("en", [(BOTH, predicted(text, "ferry"))]).answer_inside == inside


def test_refusals_count_for_near_misses_and_against_answerable_questions() -> None:
    results = [
        (BOTH, predicted("45 and six", "bakery", "ferry")),
        (BOTH, predicted("", "ferry", abstained=True)),
        (MISS, predicted("", "ferry", abstained=True)),
        (MISS, predicted("45 and six", "ferry")),
    ]
    assert tally("sq", results) == Tally(
        "sq", 2, 2, document_first=1, answer_inside=1, wrongly_refused=1, rightly_refused=1
    )


def test_without_a_knowledge_base_the_command_says_what_to_do(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["library", "--no-model", "--data", str(tmp_path / "nothing")])
    assert ran.exit_code == 1
    assert "migdesk ingest" in ran.stderr
