"""Dates as a reader's language writes them. Digits stay western, as they stand in the documents. Pure."""

import re
from typing import TypedDict

from assistant.message_files import MessageFiles

_FILES = MessageFiles("assistant")
_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?")


class DateWords(TypedDict):
    """``months`` from January; ``day``, ``month`` and ``year`` are how a day, a month and a year are written."""

    months: list[str]
    day: str
    month: str
    year: str


def date_words(language: str) -> DateWords:
    """What a script needs to write dates as ``written_date`` does."""
    return {
        "months": [_FILES.template(f"months.m{number:02}", language) for number in range(1, 13)],
        "day": _FILES.template("date.day", language),
        "month": _FILES.template("date.month", language),
        "year": _FILES.template("date.year", language),
    }


def written_date(published: str, language: str) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD as people write it; anything else as it stands."""
    match = _DATE.fullmatch(published)
    if match is None:
        return published
    year, month, day = match.groups()
    if month is None:
        return _FILES.template("date.year", language).format(year=year)
    name = _FILES.template(f"months.m{month}", language)
    if day is None:
        return _FILES.template("date.month", language).format(month=name, year=year)
    return _FILES.template("date.day", language).format(day=int(day), month=name, year=year)
