"""Where a quote stands is told in the reader's language; what is stored stays as it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.replies import languages
from assistant.written_places import written_place
from knowledge.locators import place_between

_OTHERS = [language for language in languages() if language != "en"]
_ISOLATES = str.maketrans("", "", "\u2068\u2069")
_NUMBERS = st.integers(1, 9999)
_SHEETS = st.text(st.characters(codec="utf-8", exclude_characters="”", exclude_categories=("C", "Z")), min_size=1)
_COUNTED = st.one_of(
    *(st.builds(f"{kind} {{}}".format, _NUMBERS) for kind in ("page", "slide", "row")),
    st.builds("sheet “{}”, row {}".format, _SHEETS, _NUMBERS),
)
_SECTIONS = st.one_of(st.just(""), st.sampled_from(["Key dates", "Pages 3 and 4", "The opening", "рок, 2024", "تاریخ"]))
_ENGLISH = re.compile(r"\b(pages?|slides?|rows?|sheet|paragraph|opening)\b")


@pytest.mark.parametrize(
    ("language", "locator", "said"),
    [
        ("en", "page 4, Key dates", "page 4, Key dates"),
        ("sr", "page 4, Key dates", "страна 4, Key dates"),
        ("sr-Latn", "pages 4–5", "strane 4–5"),
        ("bs", "slide 3", "slajd 3"),
        ("sq", "sheet “2024”, rows 12–15", "fleta “2024”, rreshtat 12–15"),
        ("mk", "paragraph 7", "пасус 7"),
        ("bn", "opening", "সূচনা অংশ"),
        ("ne", "slides 3–4, सारांश", "स्लाइड 3–4, सारांश"),
        ("ur", "page 4, Key dates", "صفحہ 4، \u2068Key dates\u2069"),
        ("ar", "sheet “A”, row 1 – sheet “B”, row 2", "ورقة «\u2068A\u2069»، الصف 1 – ورقة «\u2068B\u2069»، الصف 2"),
        ("sr", "Key dates", "Key dates"),
        ("sr", "paragraphs 3 and 4 of the law", "paragraphs 3 and 4 of the law"),
        ("sr", "page 4 of the annex", "page 4 of the annex"),
        ("sr", "", ""),
    ],
)
def test_a_place_is_told_in_the_language_of_the_reader(language: str, locator: str, said: str) -> None:
    assert written_place(locator, language) == said


@given(_COUNTED, _COUNTED, _SECTIONS, st.sampled_from(_OTHERS))
def test_whatever_a_place_is_made_of_nothing_of_it_is_lost_and_nothing_stays_english(
    first: str, last: str, section: str, language: str
) -> None:
    place = place_between(first, last)
    locator = f"{place}, {section}" if section else place
    assert written_place(locator, "en") == locator

    said = written_place(locator, language).translate(_ISOLATES)

    assert said.endswith(section)
    names = re.findall(r"“(.*?)”", place)
    told = said.removesuffix(section)
    for name in names:
        assert name in told
        told, place = told.replace(name, "", 1), place.replace(name, "", 1)
    assert re.findall(r"[0-9]+", told) == re.findall(r"[0-9]+", place)
    assert _ENGLISH.search(told) is None


@given(st.text())
def test_any_heading_can_be_shown(heading: str) -> None:
    for language in ("en", "ar"):
        assert written_place(heading, language).translate(_ISOLATES) or not heading.translate(_ISOLATES)
