import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.normalisation import normalise, one_line, words_of
from tests.knowledge.wild_text import wild_text


@given(wild_text)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(wild_text)
def test_normalising_leaves_single_blanks_and_at_most_one_blank_line(text: str) -> None:
    result = normalise(text)
    assert "  " not in result and "\t" not in result and "\r" not in result
    assert "\n\n\n" not in result and " \n" not in result and "\n " not in result
    assert result == result.strip()


@given(wild_text)
def test_normalising_keeps_every_letter_digit_and_combining_mark(text: str) -> None:
    assert "".join(words_of(normalise(text))) == "".join(words_of(text))


@pytest.mark.parametrize(
    "text",
    ["गर्\u200dयो", "র\u200d্যাব", "می\u200cخواهد", "👩\u200d🌾"],
    ids=["Nepali", "Bengali", "Persian", "emoji"],
)
def test_joiners_that_spelling_needs_are_kept(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x9b",
        "\u00ad",
        "\u200b",
        "\ufeff",
        "\ufff9",
        "\U000e0001",
        "\U000e0041",
        "\ud800",
    ],
    ids=lambda c: f"U+{ord(c):04X}",
)
def test_control_soft_hyphen_and_tag_characters_are_removed(character: str) -> None:
    assert normalise(f"re{character}turn") == "return"


@pytest.mark.parametrize(
    "code", [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], ids=lambda code: f"U+{code:04X}"
)
def test_every_character_that_turns_the_direction_of_text_is_removed(code: int) -> None:
    assert normalise(f"re{chr(code)}turn") == "return"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\x85"], ids=ascii)
def test_every_kind_of_line_end_becomes_one(line_end: str) -> None:
    assert normalise(f"first{line_end}second") == "first\nsecond"


def test_misprints_and_letters_stay_as_the_author_wrote_them() -> None:
    text = "Readmision in Kosovo* – “ﬁrst” café, naïve e\u0301, ½ m²"
    assert normalise(text) == text


def test_a_title_is_brought_to_one_line() -> None:
    assert one_line("  A title\n over \t two\u00a0lines ") == "A title over two lines"


@pytest.mark.parametrize(
    "words",
    [
        ["পুনঃএকত্রীকরণ", "কর্মসূচি", "বাংলাদেশ"],
        ["पुनःएकीकरण", "कार्यक्रम", "काठमाडौँ"],
        ["تارکین", "وطن", "کی", "واپسی"],
        ["𑄌𑄋𑄴𑄟𑄳𑄦"],
        ["Tiranë", "e\u0301tat"],
    ],
    ids=["Bengali", "Nepali", "Urdu", "Chakma", "Latin"],
)
def test_words_with_combining_marks_stay_whole(words: list[str]) -> None:
    assert words_of(", ".join(words)) == words


@pytest.mark.parametrize("word", ["गर्\u200dयो", "র\u200d্যাব"], ids=["Nepali", "Bengali"])
def test_words_spelt_with_a_joiner_stay_whole(word: str) -> None:
    assert words_of(f"एक {word} दुई") == ["एक", word, "दुई"]


@pytest.mark.parametrize("text", ["", "?!", "\u200d", "👩\u200d🌾 — 🙂", "\u200c \u200d"], ids=ascii)
def test_what_holds_no_letter_or_digit_holds_no_word(text: str) -> None:
    assert words_of(text) == []


@given(st.text())
def test_the_words_of_a_text_do_not_depend_on_the_scripts_beside_it(text: str) -> None:
    assert words_of(text + " नेपाल") == [*words_of(text), "नेपाल"]
