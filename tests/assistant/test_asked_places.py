import pytest

from assistant.asked_places import are_listed, as_written, other_names, places_asked, places_missing


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


def test_a_lake_or_a_city_is_no_name_beside_that_of_the_place() -> None:
    assert other_names("What did RGRS agree at Lake Ohrid?") == ["RGRS"]
