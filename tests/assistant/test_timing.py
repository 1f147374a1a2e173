"""Questions for how things stand now, in all our languages."""

import pytest

from assistant.timing import asks_for_latest
from evals.cases import as_questions, load_cases


@pytest.mark.parametrize(
    "question",
    [
        "What is the current quota?",
        "Is the agreement still in force?",
        "What are the latest figures?",
        "Cila është kuota aktuale?",
        "Колика је тренутна квота?",
        "Je li sporazum još uvijek na snazi?",
        "Која е сегашната квота денес?",
        "বর্তমানে কোটা কত?",
        "अहिले कोटा कति छ?",
        "موجودہ کوٹا کیا ہے؟",
        "ما هي الحصة الحالية؟",
    ],
)
def test_what_holds_now_is_asked_for_in_any_language(question: str) -> None:
    assert asks_for_latest(question)


@pytest.mark.parametrize(
    "question", ["What was the quota in 2023?", "Who knows the answer?", "Koliko je osoba vraćeno?", "كم شخصا أعيد؟"]
)
def test_other_questions_are_not(question: str) -> None:
    assert not asks_for_latest(question)


def test_few_questions_on_the_library_ask_for_now() -> None:
    questions = as_questions(load_cases())
    assert 0 < sum(asks_for_latest(question.question) for question in questions) < 0.1 * len(questions)
