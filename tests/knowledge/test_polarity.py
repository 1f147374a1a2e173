"""Words that turn a sentence are known in our languages; those that only look like them are not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.polarity import polarity


@pytest.mark.parametrize(
    "text",
    ["It is not binding.", "They don't pay.", "Споразум није на снази.", "Sporazum nije na snazi.",
     "Договорот не е во сила.", "Marrëveshja nuk është në fuqi.", "চুক্তি বাধ্যতামূলক নয়।", "सम्झौता बाध्यकारी छैन।",
     "معاہدہ لازم نہیں۔", "الاتفاقية ليست ملزمة."],
)  # fmt: skip
def test_a_denial_is_seen_in_every_language(text: str) -> None:
    assert polarity(text).denials


@pytest.mark.parametrize(
    "text",
    ["No more than six months.", "They can not enter without a visa.", "Pakistanis and Bangladeshis came.",
     "পাকিস্তানি নাগরিক", "عبور غير نظامي", "Takimi u mbajt në Tiranë."],
)  # fmt: skip
def test_what_denies_nothing_is_no_denial(text: str) -> None:
    assert not polarity(text).denials


@pytest.mark.parametrize(
    ("one", "other", "dimension"),
    [
        ("more than 95 per cent", "manje od 95 odsto", "size"),
        ("at most three years", "at least three years", "bound"),
        ("the first meeting", "takimi i fundit", "order"),
        ("after the law", "пре закона", "time"),
    ],
)
def test_two_sides_of_a_dimension_are_told_apart_across_languages(one: str, other: str, dimension: str) -> None:
    assert polarity(one).sides[dimension].isdisjoint(polarity(other).sides[dimension])


@settings(deadline=None)
@given(st.text(alphabet=st.characters()))
def test_no_text_whatever_breaks_it(text: str) -> None:
    assert all(polarity(text).sides.values())


def test_what_is_excluded_is_told_from_what_comes_on_top() -> None:
    assert polarity("Travellers in transit fall outside the clause.").excludes
    more = polarity("It was rolled out to 17 countries beyond the first four.")
    assert more.refuses and not more.excludes
