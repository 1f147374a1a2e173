"""Dates of sources in a reader's words. The month names are ours, so that page and script say the same in every
language."""

import re
from typing import TypedDict

from assistant.message_files import MessageFiles

_FILES = MessageFiles("integrations.web")
_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?")


class DateWords(TypedDict):
    """``months`` from January; ``day`` and ``month`` are how a day and a month of a year are written."""

    months: list[str]
    day: str
    month: str


def date_words(language: str) -> DateWords:
    """What a script needs to write dates as ``readable_date`` does."""
    return {
        "months": [_FILES.template(f"months.m{number:02}", language) for number in range(1, 13)],
        "day": _FILES.template("date.day", language),
        "month": _FILES.template("date.month", language),
    }


def readable_date(published: str, language: str) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD as people write it; anything else as it stands."""
    match = _DATE.fullmatch(published)
    if match is None or match[2] is None:
        return published
    year, month, day = match.groups()
    name = _FILES.template(f"months.m{month}", language)
    if day is None:
        return _FILES.template("date.month", language).format(month=name, year=year)
    return _FILES.template("date.day", language).format(day=int(day), month=name, year=year)
