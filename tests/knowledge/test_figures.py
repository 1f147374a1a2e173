"""A figure is the same value in digits of any script, grouped, scaled or in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.figures import figures


@pytest.mark.parametrize(
    ("value", "spellings"),
    [
        ("1200000", ["1.2 million", "1,200,000", "1,2 miliona", "1,2 milion", "12 lakh", "১২ লাখ", "१२ लाख", "12 لاکھ"]),
        ("16000000", ["16 million", "1 crore 60 lakh", "১ কোটি ৬০ লাখের বেশি", "१ करोड ६० लाखभन्दा"]),
        ("3000", ["3,000", "three thousand", "৩,০০০", "3 hiljade"]),
        ("5", ["five", "fifth", "5", "pet", "peti", "пет", "pesë", "পাঁচ", "पाँच", "پانچ", "خمس", "الخامس"]),
        ("2", ["two", "dva", "dy", "دو", "দুই", "दुई", "два"]),
        ("21", ["twenty-one", "21", "২১"]),
        ("20", ["twenty years", "two decades", "dvadeset", "two decades ago"]),
        ("39.6", ["39.6 per cent", "39,6 odsto", "৩৯.৬ শতাংশ", "٣٩٫٦"]),
    ],
)
def test_a_figure_is_one_value_however_it_is_written(value: str, spellings: list[str]) -> None:
    assert {written: figures(written) for written in spellings} == {written: {value} for written in spellings}


def test_words_can_be_left_out() -> None:
    assert figures("five of 12 people", words=False) == {"12"}


@settings(deadline=None)
@given(st.integers(0, 10**12), st.sampled_from(["০১২৩৪৫৬৭৮৯", "०१२३४५६७८९", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]))
def test_a_whole_number_is_the_same_in_every_script_and_with_grouping(number: int, digits: str) -> None:
    grouped = f"{number:,}"
    translated = grouped.translate({ord(str(value)): digit for value, digit in enumerate(digits)})
    assert figures(str(number)) == figures(grouped) == figures(translated) == {str(number)}


@settings(deadline=None)
@given(st.text(alphabet=st.characters()))
def test_no_text_whatever_breaks_it(text: str) -> None:
    assert all(figure and not set(figure) - set("0123456789.") for figure in figures(text))
