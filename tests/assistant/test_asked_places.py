import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.asked_places import are_listed, as_written, other_names, places_asked, places_missing

_IN_OUR_SCRIPTS = {
    "Nepal": "NP", "Непал": "NP", "नेपाल": "NP", "নেপাল": "NP", "نیپال": "NP", "نيبال": "NP",
    "Tirana": "tirana", "Тирана": "tirana", "तिराना": "tirana", "তিরানা": "tirana", "تیرانا": "tirana",
    "تيرانا": "tirana", "North Macedonia": "MK", "شمالی مقدونیہ": "MK", "উত্তর মেসিডোনিয়া": "MK",
}  # fmt: skip
_MARKS = "؟۔।॥،؛?!.,;:…\"'“”„«»()[]*-–—/٪%\u200c\u200d\u200f\u2068\u2069"


@pytest.mark.parametrize(
    ("question", "listed"),
    [
        ("What are the quotas of Serbia and of North Macedonia?", True),
        ("Колике су квоте Србије и Албаније?", True),
        ("What did Serbia sign with Pakistan?", False),
        ("What was agreed between Serbia and Pakistan?", False),
        ("What are the quotas of Serbia?", False),
    ],
    ids=["one after the other", "in Serbian", "one with the other", "between two", "a place alone"],
)
def test_places_named_one_after_the_other_are_told_from_one_with_the_other(question: str, listed: bool) -> None:
    assert are_listed(places_asked(question), question) is listed


def test_a_capital_is_named_where_its_country_is_and_a_country_where_its_city_is() -> None:
    assert places_missing(places_asked("What did Skopje decide?"), "North Macedonia set a quota.") == []
    assert places_missing(places_asked("What did Albania decide?"), "The forum met in Tirana.") == []
    assert places_missing(places_asked("What did Tirana and Ohrid decide?"), "Albania set a quota.") == ["ohrid"]


def test_the_union_is_spoken_of_under_so_many_names_that_nobody_asks_for_it() -> None:
    assert places_asked("What does the European Union pay Serbia?") == {"RS"}


def test_a_missing_place_is_told_in_the_words_of_the_question() -> None:
    assert as_written("AL", "Шта каже Албанија?") == "Албанија"
    assert as_written("MK", "ما الذي قررته مقدونيا الشمالية؟") == "مقدونيا الشمالية"
    assert as_written("NP", "What are Nepal's quotas?") == "Nepal"


@given(st.sampled_from(sorted(_IN_OUR_SCRIPTS)), st.text(_MARKS, max_size=3), st.text(_MARKS, max_size=3))
def test_no_mark_beside_a_name_hides_it_or_is_told_with_it(name: str, before: str, after: str) -> None:
    for question in (f"{before}{name}{after}", f"IOM {before}{name}{after} 2024"):
        assert places_asked(question) == {_IN_OUR_SCRIPTS[name]}
        assert as_written(_IN_OUR_SCRIPTS[name], question) == name


def test_a_lake_or_a_city_is_no_name_beside_that_of_the_place() -> None:
    assert other_names("What did RGRS agree at Lake Ohrid?") == ["RGRS"]
