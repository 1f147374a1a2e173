import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.normalisation import words_of
from knowledge.wording import Wording, beginnings, wording_shares
from tests.knowledge.wild_text import wild_text

IDF = {"when": 0.5, "must": 1.0, "employers": 3.0, "register": 2.5, "workers": 2.0}
TOGETHER = ["Employers must register each worker within five days.", "The form is free."]
APART = ["Employers pay a fee.", "Workers may choose a school.", "Each register is public."]


def share(sentences: list[str], above: str = "", idf: dict[str, float] = IDF) -> float:
    held = Wording(tuple(beginnings(sentence) for sentence in sentences), beginnings(above))
    (value,) = wording_shares(idf, [held])
    return value


def test_words_in_one_sentence_weigh_more_than_the_same_words_apart() -> None:
    assert share(TOGETHER) > share(APART) > share(["The ferry leaves at noon."]) == 0.0


def test_a_sentence_stands_under_its_title_and_headings() -> None:
    sentence = ["The form must be sent in within five days."]
    assert share(sentence, "Employers\nHow to register workers") > share(sentence) > 0.0


def test_endings_scripts_and_diacritics_make_no_difference() -> None:
    idf = {"послодавци": 1.0, "регистрација": 1.0, "лутрија": 1.0}
    assert share(["Poslodavce čeka registracija."], idf=idf) == pytest.approx(2 / 3)
    assert share(["Ministria e Brendshme"], idf={"ministritë": 1.0}) == 1.0


@given(st.dictionaries(wild_text, st.floats(0, 20), max_size=5), st.lists(wild_text, max_size=4), wild_text)
def test_a_share_is_a_share(idf: dict[str, float], sentences: list[str], above: str) -> None:
    assert 0.0 <= share(sentences, above, idf) <= 1.0 + 1e-9


@given(wild_text, wild_text)
def test_a_sentence_that_holds_every_word_has_the_whole_share(sentence: str, other: str) -> None:
    idf = dict.fromkeys((word.lower() for word in words_of(sentence)), 1.0)
    if beginnings(sentence):
        assert share([other, sentence], idf=idf) == pytest.approx(1.0)
