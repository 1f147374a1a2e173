"""Prompts that give away what they are tested with."""

import pytest

from evals.contamination import leaks, prompt_texts, refuse_contaminated
from evals.errors import Contaminated
from evals.library_questions import library_questions
from evals.questions import Question

_LONG = "the ferry on Lake Komani leaves at nine"
_PROMPTS = {
    "answer.md": "Answer briefly.\nFor instance: THE ferry\n on Lake Komani  leaves at nine.",
    "b.md": "45 cars",
}


@pytest.mark.parametrize(
    "given",
    [
        {"question": _LONG},
        {"question": "?", "answers": ("nine", _LONG)},
        {"question": "?", "answer_groups": (("x",), (_LONG,))},
        {"question": "?", "references": (_LONG,)},
        {"question": "?", "evidence": (_LONG,)},
    ],
)
def test_whatever_of_a_question_stands_in_a_prompt_is_found(given: dict[str, object]) -> None:
    question = Question.model_validate({"id": "q", **given})
    assert [(leak.prompt, leak.question_id) for leak in leaks([question], _PROMPTS)] == [("answer.md", "q")]
    with pytest.raises(Contaminated, match=r"answer\.md holds the .* of q"):
        refuse_contaminated([question], _PROMPTS)


@pytest.mark.parametrize(
    "given",
    [
        # Short ones stand anywhere by accident.
        {"question": "leaves at nine"},
        {"question": "?", "answers": ("45", "on Lake Komani leaves at nine"[:30])},
        {"question": "When does the ferry on Lake Komani leave?", "answers": ("at ten in the morning, from the quay",)},
    ],
)
def test_a_question_that_no_prompt_gives_away_may_be_asked(given: dict[str, object]) -> None:
    refuse_contaminated([Question.model_validate({"id": "q", **given})], _PROMPTS)


def test_no_prompt_that_ships_gives_a_case_away() -> None:
    prompts = prompt_texts()
    assert {"answer.md", "condense.md"} <= prompts.keys()
    assert list(leaks(library_questions(), prompts)) == []
