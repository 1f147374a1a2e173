"""When two texts say the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from evals.metrics.matching import contains, normalised, overlap, same_passage, share_within


def test_words_are_compared_without_case_accents_punctuation_and_digit_grouping() -> None:
    assert normalised("Bradić’s “4–5 June”, 1,300") == "bradic s 4 5 june 1300"
    assert normalised("२०२४ ١٬٣٠٠") == "2024 1300"
    assert normalised("Đurđa") == "durda"
    assert normalised("1,30 and 12,3456") == "1 30 and 12 3456"


def test_articles_do_not_count_unless_there_is_nothing_else() -> None:
    assert normalised("The Panthers") == "panthers"
    assert normalised("the a") == "the a"
    assert normalised("The Panthers", articles=True) == "the panthers"


@given(some.text(max_size=60))
def test_what_is_normalised_stays_so_and_holds_only_words(text: str) -> None:
    once = normalised(text)
    assert all(c == " " or unicodedata.category(c)[0] in "LNM" for c in once)
    assert "  " not in once
    assert normalised(text.upper() if text.isascii() else text) == once


@pytest.mark.parametrize(
    ("answer", "text", "language", "found"),
    [
        ("1,300", "over 1300 migrants", "en", True),
        ("300", "over 1,300 migrants", "en", False),
        ("art", "the party", "en", False),
        ("Beograd", "u Beogradu", "sr-Latn", True),
        ("Beograd", "u Beogradu", "en", False),
        ("Nil", "Nilom", "sr-Latn", False),
        ("Белград", "во Белград.", "mk", True),
        ("१,३००", "1300 जना", "ne", True),
        ("", "anything", "en", False),
        ("…", "anything", "en", False),
    ],
)
def test_an_answer_stands_in_a_text_as_a_word(answer: str, text: str, language: str, found: bool) -> None:
    assert contains(answer, text, language) is found


def test_overlap_counts_each_word_as_often_as_it_occurs() -> None:
    precision, recall, f1 = overlap("two two rivers", "two rivers and lakes")
    assert precision == pytest.approx(2 / 3)
    assert recall == pytest.approx(2 / 4)
    assert f1 == pytest.approx(4 / 7)
    assert overlap("", "two") == (0.0, 0.0, 0.0)
    assert share_within("two two rivers", ["two", "two rivers"]) == 1.0
    assert share_within("", ["two"]) == 0.0


def test_a_snippet_is_of_the_same_passage_when_it_is_held_or_shares_most_words() -> None:
    statement = "About 145,600 irregular crossings were reported by Frontex in 2022."
    assert same_passage(statement, f"It said: {statement} Then it fell.")
    assert same_passage("145,600 irregular crossings were reported in 2022", statement)
    assert not same_passage("in 2022", statement)
    assert not same_passage("crossings fell by 31 per cent in the year after", statement)
