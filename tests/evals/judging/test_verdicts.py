import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.judging.verdicts import VERDICTS, parse_verdict


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [("yes", "yes"), (" Partly.\n", "partly"), ("NO", "no"), ("no.", "no")],
)
def test_the_word_alone_is_a_verdict(reply: str, verdict: str) -> None:
    assert parse_verdict(reply) == verdict


@pytest.mark.parametrize(
    "reply",
    ["", "yes no", "yes, partly", "Yes!", "yes..", "**yes**", '"yes"', "yes\nyes", "not", "oui", '{"verdict": "yes"}'],
)
def test_anything_more_is_none(reply: str) -> None:
    assert parse_verdict(reply) is None


@given(st.text() | st.lists(st.sampled_from(["yes", "partly", "no", " ", ".", "\n", "ye", "s"])).map("".join))
def test_a_reply_has_a_verdict_only_if_it_is_one_of_the_words(reply: str) -> None:
    letters = "".join(character for character in reply if not character.isspace() and character != ".")
    verdict = parse_verdict(reply)
    assert verdict is None or verdict == letters.lower()
    if letters.lower() not in VERDICTS:
        assert verdict is None
