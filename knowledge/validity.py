"""On which days a version of a document is in force. Pure.

Days are written YYYY-MM-DD and compared as text. Publications often name only a month or a year: they count from its
first day, and what is valid until a month or year is valid until its last.
"""

import calendar
import re
from datetime import date, timedelta

from knowledge.errors import InvalidDecision

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def parse_day(when: str) -> str:
    """The date, checked. Raises InvalidDecision for anything but YYYY, YYYY-MM or YYYY-MM-DD."""
    try:
        if not _DATE.fullmatch(when):
            raise ValueError
        date.fromisoformat(first_day(when))
    except ValueError:
        raise InvalidDecision(f"'{when[:40]}' is no date; write YYYY, YYYY-MM or YYYY-MM-DD.") from None
    return when


def first_day(when: str) -> str:
    """The first day of a YYYY, YYYY-MM or YYYY-MM-DD date."""
    return f"{when}-01-01"[:10] if len(when) == 4 else f"{when}-01"[:10]


def day_after(when: str) -> str:
    """The day after a YYYY, YYYY-MM or YYYY-MM-DD date is over. Raises InvalidDecision where there is none."""
    year, month, day = (int(part) for part in f"{when}-00-00".split("-")[:3])
    month = month or 12
    try:
        return (date(year, month, day or calendar.monthrange(year, month)[1]) + timedelta(days=1)).isoformat()
    except OverflowError:
        raise InvalidDecision(f"No day comes after {when}; clear the date of what does not end.") from None


def starts_on(
    valid_from: str | None, dated: str | None, today: str, before: str | None = None, is_first: bool = True
) -> str | None:
    """The day from which a version is in force: what the operator said; else its own date; None where neither is known.

    A later version that does not carry a later date than the one ``before`` it counts from the day on which the change
    was seen, and not before that one itself does. A text's own date in the future is no decision of an operator's: it
    counts from today.
    """
    if valid_from is not None:
        return first_day(valid_from)
    own = min(first_day(dated), today) if dated is not None else None
    if is_first:
        return own
    return own if own is not None and before is not None and own > before else max(today, before or today)


def is_in_force(starts: str | None, ends: str | None, day: str) -> bool:
    return (starts is None or starts <= day) and (ends is None or day < ends)
