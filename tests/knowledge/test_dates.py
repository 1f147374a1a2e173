"""A date is a day, a month and a year together, in figures and in words of any of our languages."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.dates import Day, dates


@pytest.mark.parametrize(
    "written",
    ["31.03.2024", "31/03/2024", "2024-03-31", "31 March 2024", "March 31, 2024", "the 31st of March 2024",
     "31. marta 2024.", "31. марта 2024.", "31 март 2024", "31 mars 2024", "৩১ মার্চ ২০২৪", "३१ मार्च २०२४",
     "२०२४ मार्च ३१", "۳۱ مارچ ۲۰۲۴", "٣١ مارس ٢٠٢٤"],
)  # fmt: skip
def test_one_day_in_every_form(written: str) -> None:
    assert dates(f"It began on {written} in full.")[0] == (Day(2024, 3, 31),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 4-5 June 2024", [Day(2024, 6, 4), Day(2024, 6, 5)]),
        ("From 26 to 28 March 2024", [Day(2024, 3, 26), Day(2024, 3, 28)]),
        ("يومي 26 و27 نوفمبر 2025", [Day(2025, 11, 26), Day(2025, 11, 27)]),
        ("from 1 January to 20 December 2023", [Day(2023, 1, 1), Day(2023, 12, 20)]),
        ("from January to September 2019, 455 people", [Day(2019, 1), Day(2019, 9)]),
        ("২০১৯ সালের জানুয়ারি থেকে সেপ্টেম্বর পর্যন্ত", [Day(2019, 1), Day(2019, 9)]),
        ("सन् २०१९ को जनवरीदेखि सेप्टेम्बरसम्म", [Day(2019, 1), Day(2019, 9)]),
        ("from 16 July 2022 to 15 July 2026", [Day(2022, 7, 16), Day(2026, 7, 15)]),
        ("rok 31.03. u ponoć", [Day(None, 3, 31)]),
        ("2013-2016 and 2023/24", [Day(2013), Day(2016), Day(2023), Day(2024)]),
        ("In May 2021 they may go", [Day(2021, 5)]),
        ("They may march; 12/31/2024 is no day.", [Day(2024)]),
    ],
)
def test_several_days_share_what_is_said_once(text: str, expected: list[Day]) -> None:
    assert list(dates(text)[0]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("في مايو و يونيو 2023", [Day(2023, 5), Day(2023, 6)]),
        ("في مايو ويونيو 2023", [Day(2023, 5), Day(2023, 6)]),
        ("بين 5 مايو و10 يونيو 2023", [Day(2023, 5, 5), Day(2023, 6, 10)]),
        ("ليونيو 2023 وبأبريل 2022", [Day(2023, 6), Day(2022, 4)]),
        ("حزيران/يونيو 2024", [Day(2024, 6)]),
        ("في 5 كانون الأول 2023", [Day(2023, 12, 5)]),
        ("15 كانون الثاني / يناير 2024", [Day(2024, 1, 15)]),
        ("اكتوبر 2022", [Day(2022, 10)]),
        ("ومارس الوزير صلاحياته", []),
        ("مارسيليا", []),
        ("آب و ہوا کی تبدیلی", []),
        ("جولائي 2022 اور مئي 2023", [Day(2022, 7), Day(2023, 5)]),
        ("জুনে ও জুলাইয়ে 2023", [Day(2023, 6), Day(2023, 7)]),
        ("৫ই মার্চ ২০২১", [Day(2021, 3, 5)]),
        ("২০২৩ সালের মে মাসে", [Day(2023, 5)]),
        ("জুন মাসের", [Day(None, 6)]),
        ("मेमा २०२३", [Day(2023, 5)]),
        ("जुन र जुलाई 2023", [Day(2023, 6), Day(2023, 7)]),
        ("जुनदेखि 2023", [Day(2023, 6)]),
        ("जुन देशले सम्झौता गर्‍यो", []),
        ("2023. godine u maju", [Day(2023, 5)]),
        ("maj i 2023", [Day(2023, 5)]),
        ("In May and June 2023 they may march", [Day(2023, 5), Day(2023, 6)]),
    ],
)
def test_a_month_is_read_with_what_its_language_writes_on_it(text: str, expected: list[Day]) -> None:
    assert list(dates(text)[0]) == expected


def test_what_is_left_holds_the_figures_and_not_the_days() -> None:
    assert dates("On 5 June 2024 they helped 12 families under Law 79/2021.")[1].split() == (
        "On June they helped 12 families under Law 79/ .".split()
    )


@settings(deadline=None)
@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)))
def test_every_day_is_read_back_from_figures_and_words(day: datetime.date) -> None:
    wanted = (Day(day.year, day.month, day.day),)
    english = f"{day.day} {day:%B} {day.year}"
    assert dates(f"{day.day}.{day.month:02}.{day.year}")[0] == wanted
    assert dates(day.isoformat())[0] == wanted
    assert dates(english)[0] == wanted


@settings(deadline=None)
@given(st.text(alphabet=st.characters()))
def test_no_text_whatever_breaks_it(text: str) -> None:
    found, rest = dates(text)
    assert len(rest) == len(text)
    assert all(day.month is None or 1 <= day.month <= 12 for day in found)
