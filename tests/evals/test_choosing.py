"""Which questions a person gets for their options."""

from datetime import date

import pytest

from evals.choosing import choose, parse_slices
from evals.errors import InvalidChoice
from evals.questions import PackTurn, Question

_ALL = [
    Question(id="1", question="?", part="tuning", kind="near_miss", differs_in="year", never_break=True),
    Question(id="2", question="?", part="test", kind="single"),
    Question(id="3", question="?", part="tuning", lang="sq", kind="single"),
    Question(id="4", question="?", part="tuning", kind="single"),
    Question(
        id="5",
        question="?",
        lang="mk",
        kind="answerable",
        history=(PackTurn(role="user", text="?"),),
        reader="staff",
        as_of=date(2024, 1, 1),
    ),
]


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        ({}, "12345"),
        ({"part": "tuning"}, "134"),
        ({"lang": "sq"}, "3"),
        ({"slices": {"kind": "near_miss"}}, "1"),
        ({"slices": {"never_break": "true"}}, "1"),
        ({"slices": {"kind": "follow_up"}}, "5"),
        ({"slices": {"kind": "answerable"}}, "5"),
        ({"slices": {"near_miss": "year"}}, "1"),
        ({"slices": {"as_of": "as of a day", "audience": "staff"}}, "5"),
        ({"slices": {"kind": "single"}, "part": "tuning", "lang": "en"}, "4"),
        ({"part": "tuning", "limit": 2}, "13"),
        ({"limit": 9}, "12345"),
    ],
)
def test_the_questions_that_are_all_of_what_was_asked_for_are_chosen(options: dict[str, object], chosen: str) -> None:
    assert "".join(question.id for question in choose(_ALL, **options)) == chosen  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"part": "dev"}, "the parts are tuning and test"),
        ({"lang": "de"}, "No question has lang=de; there is en, mk, sq"),
        ({"part": "test", "slices": {"kind": "near_miss"}}, "No question has kind=near_miss; there is single"),
        ({"slices": {"topic": "ferries"}}, "No question has topic=ferries; there is none"),
    ],
)
def test_a_choice_that_leaves_nothing_says_what_there_is(options: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidChoice, match=told):
        choose(_ALL, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", ["kind", "colour=red", "=x"])
def test_a_slice_that_is_none_is_refused_with_those_there_are(given: str) -> None:
    with pytest.raises(InvalidChoice, match="write name=value with one of language, script, topic"):
        parse_slices([given])


def test_slices_are_read_as_they_are_written() -> None:
    assert parse_slices(["kind=near_miss", "topic=a=b"]) == {"kind": "near_miss", "topic": "a=b"}
