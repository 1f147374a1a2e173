import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.naming import name_shares
from tests.knowledge.wild_text import wild_text

TIRANA = "Second meeting\nThe group met in Tirana in June, with delegations from Bangladesh and Nepal."
BELGRADE = "First meeting\nThe group met in Belgrade in March, with delegations from Serbia and Germany."


@pytest.mark.parametrize(
    "question",
    [
        "Who attended the meeting in Tirana?",
        "Ko je bio na sastanku u Tirani?",
        "Ко је био на састанку у Тирани?",
        "Kush mori pjesë në takimin e Tiranës?",
        "Кој беше на средбата во Тирана?",
        "तिराना बैठकमा को सहभागी भए?",
        "তিরানা বৈঠকে কারা ছিলেন?",
        "تیرانا کے اجلاس میں کون شریک تھا؟",
    ],
    ids=["English", "Serbian", "Serbian Cyrillic", "Albanian", "Macedonian", "Nepali", "Bengali", "Urdu"],
)
def test_the_passage_that_holds_the_questions_name_stands_out_in_every_language(question: str) -> None:
    tirana, belgrade = name_shares(question, [TIRANA, BELGRADE])
    assert tirana == pytest.approx(1.0)
    assert belgrade == 0.0


def test_a_name_that_every_passage_holds_says_nothing() -> None:
    assert name_shares("What did the delegations say of Nepal?", [TIRANA, TIRANA]) == [0.0, 0.0]


def test_the_rarer_of_two_names_weighs_more() -> None:
    contexts = ["Nepal and Tirana", "Nepal and Skopje", "Kosovo and Skopje", "Kosovo and Podgorica"]
    shares = name_shares("Nepal Tirana", contexts)
    assert shares[0] == pytest.approx(1.0)
    assert 0 < shares[1] < 0.5
    assert shares[2:] == [0.0, 0.0]


def test_a_question_without_names_weighs_nothing() -> None:
    assert name_shares("what is it about", [TIRANA, BELGRADE]) == [0.0, 0.0]


@given(wild_text, st.lists(wild_text, max_size=4))
def test_shares_lie_between_nothing_and_all_for_any_text(question: str, contexts: list[str]) -> None:
    shares = name_shares(question, contexts)
    assert len(shares) == len(contexts)
    assert all(0.0 <= share <= 1.0 + 1e-9 for share in shares)
