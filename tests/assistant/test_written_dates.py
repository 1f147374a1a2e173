"""A date is written as the reader's language writes it, and is one that we can read back."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.replies import languages, message
from assistant.written_dates import written_date
from knowledge.dates import Day, dates

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}")
_ENDS = (".", "।", "۔")


@pytest.mark.parametrize(
    ("language", "day", "month", "year"),
    [
        ("en", "31 March 2021", "March 2021", "2021"),
        ("sq", "31 mars 2021", "mars 2021", "2021"),
        ("sr-Latn", "31. mart 2021.", "mart 2021.", "2021."),
        ("bs", "31. mart 2021.", "mart 2021.", "2021."),
        ("sr", "31. март 2021.", "март 2021.", "2021."),
        ("mk", "31 март 2021 г.", "март 2021 г.", "2021"),
        ("bn", "31 মার্চ 2021", "মার্চ 2021", "2021"),
        ("ne", "31 मार्च 2021", "मार्च 2021", "2021"),
        ("ur", "31 مارچ 2021", "مارچ 2021", "2021"),
        ("ar", "31 آذار/مارس 2021", "آذار/مارس 2021", "2021"),
        ("de", "31 March 2021", "March 2021", "2021"),
    ],
)
def test_a_day_a_month_and_a_year_are_written_as_people_write_them(
    language: str, day: str, month: str, year: str
) -> None:
    assert [written_date(given, language) for given in ("2021-03-31", "2021-03", "2021")] == [day, month, year]


@pytest.mark.parametrize("language", languages())
@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_every_date_is_read_back_as_what_it_was(language: str, day: date) -> None:
    iso = day.isoformat()
    assert dates(f"({written_date(iso, language)})")[0] == (Day(day.year, day.month, day.day),)
    assert dates(f"({written_date(iso[:7], language)})")[0] == (Day(day.year, day.month),)
    assert dates(f"({written_date(iso[:4], language)})")[0] == (Day(day.year),)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("known", ["2021-03-31", "2021-03", "2021"])
def test_no_notice_shows_a_date_as_a_machine_writes_it_or_ends_twice(language: str, known: str) -> None:
    when = written_date(known, language)
    for text in (
        message("notice.dated", language, date=when),
        message("notice.may_change", language, date=when),
        message("notice.as_of", language, date=when),
        message("notice.review_due", language, title="Readmission", date=when),
        message("briefing.as_of", language, date=when),
    ):
        assert when in text and _ISO.search(text) is None
        assert text.endswith(_ENDS) and ".." not in text and ". ." not in text, text


@given(st.text(max_size=20))
def test_what_is_no_date_stays_as_it_stands(text: str) -> None:
    if not text[:1].isdecimal():
        assert written_date(text, "sr") == text
    assert written_date("2021-13", "sr") == "2021-13" and written_date("2021-02-32", "sr") == "2021-02-32"
