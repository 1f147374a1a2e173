"""Figures, months and names that can be compared across languages and scripts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.names import figures, months, names


@pytest.mark.parametrize(
    "written",
    ["1,300", "1.300", "1 300", "1\u00a0300", "1\u202f300", "1'300", "1’300", "1300",
     "১,৩০০", "१,३००", "١٬٣٠٠", "۱٬۳۰۰"],
)  # fmt: skip
def test_a_thousand_three_hundred_is_one_figure_however_it_is_grouped(written: str) -> None:
    assert figures(f"They helped {written} families.") == {"1300"}


@pytest.mark.parametrize("written", ["1,300,000", "1.300.000", "1 300 000", "1300000", "13,00,000", "১৩,০০,০০০"])
def test_millions_are_one_figure_also_in_the_grouping_of_south_asia(written: str) -> None:
    assert figures(f"About {written} workers left.") == {"1300000"}


@pytest.mark.parametrize("written", ["2.4", "2,4", "২.৪", "٢٫٤"])
def test_a_decimal_point_and_a_decimal_comma_are_one(written: str) -> None:
    assert figures(f"It cost {written} million.") == {"2400000"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 2024 300 people came.", {"2024", "300"}),
        ("In 2019 about 420 workers, on page 7.", {"2019", "420", "7"}),
        ("Between 2018 and 2021.", {"2018", "2021"}),
        ("2018–2021", {"2018", "2021"}),
        ("Rooms 007 and 0", {"7", "0"}),
        ("nothing", set()),
    ],
)
def test_figures_that_stand_side_by_side_stay_apart(text: str, expected: set[str]) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    "date",
    ["31.03.2024", "31/03/2024", "31-3-2024", "2024-03-31", "31 March 2024", "March 31, 2024", "31. marta 2024.",
     "31. марта 2024.", "31 март 2024", "31 mars 2024", "৩১ মার্চ ২০২৪", "३१ मार्च २०२४", "۳۱ مارچ ۲۰۲۴", "٣١ مارس ٢٠٢٤"],
)  # fmt: skip
def test_a_date_is_the_same_day_month_and_year_in_figures_and_in_words(date: str) -> None:
    text = f"The law is in force from {date} on."

    assert figures(text) == {"31", "2024"}
    assert months(text) == {3}


@pytest.mark.parametrize("date", ["Rok ističe 31.03. u ponoć.", "Die Frist endet am 31.3. um Mitternacht."])
def test_a_date_without_a_year_is_a_day_and_a_month(date: str) -> None:
    assert figures(date) == {"31"}
    assert months(date) == {3}


@pytest.mark.parametrize(
    ("month", "written"),
    [
        (1, "January|januara|јануара|јануари|janarit|জানুয়ারি|जनवरी|جنوری|يناير"),
        (2, "February|februara|фебруара|февруари|shkurtit|ফেব্রুয়ারি|फेब्रुअरी|فروری|فبراير"),
        (4, "April|aprila|априла|април|prillit|এপ্রিল|अप्रिल|اپریل|أبريل"),
        (5, "May|maja|маја|мај|majit|মে|मे|مئی|مايو"),
        (6, "June|juna|јуна|јуни|qershorit|জুন|जुन|جون|يونيو"),
        (7, "July|jula|јула|јули|korrikut|জুলাই|जुलाई|جولائی|يوليو"),
        (8, "August|avgusta|августа|август|gushtit|আগস্ট|अगस्ट|اگست|أغسطس"),
        (9, "September|septembra|септембра|септември|shtatorit|সেপ্টেম্বর|सेप्टेम्बर|ستمبر|سبتمبر"),
        (10, "October|oktobra|октобра|октомври|tetorit|অক্টোবর|अक्टोबर|اکتوبر|أكتوبر"),
        (11, "November|novembra|новембра|ноември|nëntorit|নভেম্বর|नोभेम्बर|نومبر|نوفمبر"),
        (12, "December|decembra|децембра|декември|dhjetorit|ডিসেম্বর|डिसेम्बर|دسمبر|ديسمبر"),
    ],
)
def test_a_month_is_known_in_the_languages_of_our_readers(month: int, written: str) -> None:
    assert {name: months(f"12 {name} 2022") for name in written.split("|")} == {
        name: {month} for name in written.split("|")
    }


@pytest.mark.parametrize(
    "text",
    ["Families may choose their home.", "They march to the border.", "They marched on the day after the marches.",
     "Maja leads the talks.", "May I ask?", "Tell me how.", "Takimi u mbajt me Nepalin më 4 të muajit.",
     "Sastanak sa 4 delegacije me zanima."],
)  # fmt: skip
def test_a_word_that_only_looks_like_a_month_is_none(text: str) -> None:
    assert months(text) == set()


def test_impossible_months_of_numeric_dates_are_none() -> None:
    assert months("On 12/31/2024 and 2018-21.") == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Delegations from Nepal and North Macedonia met IOM.", ["Nepal", "North", "Macedonia", "IOM"]),
        ("Nepal took part. Pakistan did not. Families came.", ["Nepal", "Pakistan"]),
        ("RGRS met in Tirana in June 2024.", ["RGRS", "Tirana"]),
        ("Na sastanku u Tirani bila je Donatella Bradić.", ["Tirani", "Donatella", "Bradić"]),
        ("На састанку у Тирани био је Непал.", ["Тирани", "Непал"]),
        ("बैठक तिरानामा भयो।", []),
    ],
)
def test_names_are_told_by_their_capitals_inside_a_sentence(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@settings(deadline=None)
@given(st.text(alphabet=st.characters()))
def test_no_text_whatever_breaks_the_reading_of_figures_months_and_names(text: str) -> None:
    assert all(figure and not set(figure) - set("0123456789.") for figure in figures(text))
    assert months(text) <= set(range(1, 13))
    assert all(name in text for name in names(text))


@settings(deadline=None)
@given(st.integers(0, 10**12), st.sampled_from(["০১২৩৪৫৬৭৮৯", "०१२३४५६७८९", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]))
def test_a_whole_number_is_the_same_in_every_script_and_with_grouping(number: int, digits: str) -> None:
    grouped = f"{number:,}"
    translated = grouped.translate({ord(str(value)): digit for value, digit in enumerate(digits)})

    assert figures(str(number)) == figures(grouped) == figures(translated) == {str(number)}


@pytest.mark.parametrize(
    "text",
    ["ما هي IOM؟", "अब IOMको काम।", "এখন IOM-এর কাজ", "এই IOMএর কাজ", "اب IOM، اور", "کام ہے۔ IOM؟", "the «IOM»…"],
)
def test_a_name_is_found_whatever_another_script_writes_on_it(text: str) -> None:
    assert names(text) == ["IOM"]
