"""Topics as an index lists them: by theme and country, with the reviews that are due."""

from datetime import date

import pytest

from knowledge.jurisdictions import JURISDICTIONS
from knowledge.topics import OTHER, THEME_NAMES, THEMES, by_theme, in_jurisdiction, is_review_due, jurisdictions_of
from knowledge.types import Source, Subject


def source(
    identifier: str, title: str = "", theme: str | None = None, *codes: str, review: str | None = None
) -> Source:
    subject = Subject(topic=title, theme=theme, jurisdictions=codes) if theme else None
    return Source(identifier, title or identifier, "public", review_by=review, subject=subject)


VISAS = source("visas", "Visas", "borders-and-visas", "RS", "EU")
RETURN = source("return", "Return", "readmission-and-return", "AL", "RS", "PK")
CHARTERS = source("charters", "Charters", "readmission-and-return", "EU")
NOTE = source("note", "A note")


def test_themes_come_in_the_order_of_the_library_and_their_topics_by_title() -> None:
    themes = by_theme([NOTE, VISAS, RETURN, CHARTERS])
    assert list(themes.items()) == [
        ("readmission-and-return", [CHARTERS, RETURN]),
        ("borders-and-visas", [VISAS]),
        (OTHER, [NOTE]),
    ]


def test_a_theme_of_which_there_is_nothing_is_not_listed() -> None:
    assert by_theme([]) == {}


def test_every_theme_has_a_name_and_documents_without_one_come_last() -> None:
    assert list(THEME_NAMES) == [*THEMES, OTHER]
    assert all(THEME_NAMES.values()) and len(set(THEME_NAMES.values())) == len(THEME_NAMES)


def test_a_country_has_the_topics_that_speak_of_it() -> None:
    everything = [NOTE, VISAS, RETURN, CHARTERS]
    assert in_jurisdiction(everything, "RS") == [VISAS, RETURN]
    assert in_jurisdiction(everything, "NP") == []


def test_countries_are_counted_our_region_first_and_those_of_no_topic_left_out() -> None:
    assert list(jurisdictions_of([VISAS, NOTE, RETURN, CHARTERS]).items()) == [
        ("AL", 1),
        ("RS", 2),
        ("PK", 1),
        ("EU", 2),
    ]
    assert jurisdictions_of([NOTE]) == {}


def test_a_country_has_one_code_and_kosovo_its_asterisk() -> None:
    assert len(set(JURISDICTIONS.values())) == len(JURISDICTIONS)
    assert all(len(code) == 2 and code.isupper() for code in JURISDICTIONS)
    assert JURISDICTIONS["XK"] == "Kosovo*"


@pytest.mark.parametrize(
    ("review_by", "last_day", "next_day"),
    [
        ("2026", date(2026, 12, 31), date(2027, 1, 1)),
        ("2028-02", date(2028, 2, 29), date(2028, 3, 1)),
        ("2026-11-22", date(2026, 11, 22), date(2026, 11, 23)),
    ],
)
def test_a_review_is_due_when_its_year_month_or_day_is_over(review_by: str, last_day: date, next_day: date) -> None:
    planned = source("planned", review=review_by)
    assert (is_review_due(planned.review_by, last_day), is_review_due(planned.review_by, next_day)) == (False, True)


def test_a_document_without_a_planned_review_is_never_due() -> None:
    assert not is_review_due(NOTE.review_by, date(2100, 1, 1))
