import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.normalisation import words_of
from knowledge.wording import beginnings, wording_share
from tests.knowledge.wild_text import wild_text

IDF = {"when": 0.5, "must": 1.0, "employers": 3.0, "register": 2.5, "workers": 2.0}
TOGETHER = ["Employers must register each worker within five days.", "The form is free."]
APART = ["Employers pay a fee.", "Workers may choose a school.", "Each register is public."]
NOWHERE: frozenset[str] = frozenset()


def share(sentences: list[str], around: str = "") -> float:
    return wording_share(IDF, [beginnings(sentence) for sentence in sentences], beginnings(around))


def test_words_in_one_sentence_weigh_more_than_the_same_words_apart() -> None:
    assert share(TOGETHER) > share(APART) > share(["The ferry leaves at noon."]) == 0.0


def test_a_sentence_stands_under_its_title_and_headings() -> None:
    sentence = ["The form must be sent in within five days."]
    assert share(sentence, "Employers\nHow to register workers") > share(sentence) > 0.0


def test_endings_scripts_and_diacritics_make_no_difference() -> None:
    idf = {"послодавци": 1.0, "регистрација": 1.0, "Tiranës": 1.0}
    sentence = beginnings("Poslodavce čeka registracija u Tirani.")
    assert wording_share(idf, [sentence], NOWHERE) == pytest.approx(2 / 3)  # "tirane" and "tirani" differ
    assert wording_share({"ministritë": 1.0}, [beginnings("Ministria e Brendshme")], NOWHERE) == 1.0


@given(st.dictionaries(wild_text, st.floats(0, 20), max_size=5), st.lists(wild_text, max_size=4), wild_text)
def test_a_share_is_a_share(idf: dict[str, float], sentences: list[str], around: str) -> None:
    value = wording_share(idf, [beginnings(sentence) for sentence in sentences], beginnings(around))
    assert 0.0 <= value <= 1.0 + 1e-9


@given(wild_text, wild_text)
def test_a_sentence_that_holds_every_word_has_the_whole_share(sentence: str, other: str) -> None:
    idf = dict.fromkeys((word.lower() for word in words_of(sentence)), 1.0)
    if beginnings(sentence):
        held = [beginnings(other), beginnings(sentence)]
        assert wording_share(idf, held, NOWHERE) == pytest.approx(1.0)
