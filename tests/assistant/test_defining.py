import pytest

from assistant.defining import defines, name_asked_about


@pytest.mark.parametrize(
    "question",
    ["What is MARRI?", "What does MARRI mean?", "Šta je MARRI?", "MARRI কী?", "MARRI کیا ہے؟", "ما هو MARRI؟"],
)
def test_a_question_what_an_abbreviation_is_is_known_in_our_languages(question: str) -> None:
    assert name_asked_about(question) == "MARRI"


@pytest.mark.parametrize(
    "question", ["Who funds MARRI?", "MARRI", "What is the difference between MARRI and the RCC?", "What is a quota?"]
)
def test_a_question_that_asks_more_is_not(question: str) -> None:
    assert name_asked_about(question) is None


def test_a_sentence_that_says_what_a_name_stands_for_is_told_from_one_that_only_holds_it() -> None:
    assert defines("RCC stands for Regional Cooperation Council.", "RCC")
    assert defines("The Council (RCC) is a body of six.", "RCC")
    assert not defines("The RCC was paid by the EU.", "RCC")
