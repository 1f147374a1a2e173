"""The dateline a press release opens with, "Tirana, 4-5 June 2024 – The Group met": where and when it was. Pure."""

import re

from knowledge.dates import dates
from knowledge.months import month_of
from knowledge.normalisation import words_of
from knowledge.places import country_of, place_spans

# A title, and what a web page has above it, come first.
_LINES = 8
_LONGEST = 90
# Beside places and date: an agency, a weekday.
_FURTHER_WORDS = 3
_MARK = re.compile(r"\s*(?:(?<=\s)[-–—―]{1,2}|[–—―]|[:：])\s")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
# Where we do not know the town: "Struga, 12 June 2024". "Posted 12 June 2024" is something else.
_TOWN_AND_DATE = re.compile(r"(?:[^\W\d]\w*[\s-]?){1,3},\s*(?:[^\W\d]\w*,?\s*)?\d")


def dateline(text: str) -> str:
    """The place and the date that open one of the text's first lines, as they are written and without the mark behind
    them: a month at least and one city at most. Empty where no line opens so."""
    lines = [line for line in map(str.strip, text.split("\n")) if line][:_LINES]
    return next((found for line in lines if (found := _opening(line))), "")


def _opening(line: str) -> str:
    """The beginning of a line that is a dateline. A mark may stand inside one too, as in 31 May - 1 June 2024: up to
    the first behind which a year is named."""
    runs = [line[: match.start()] for match in _MARK.finditer(line[: _LONGEST + 2])]
    found = [run for run in runs if _is_dateline(run)]
    if len(line) <= _LONGEST and _is_dateline(line, is_line=True):
        found.append(line)
    return next((run for run in found if any(day.year for day in dates(run)[0])), found[0] if found else "")


def _is_dateline(run: str, *, is_line: bool = False) -> bool:
    bare = _IN_BRACKETS.sub(" ", run)
    named, rest = dates(bare)
    if not any(day.month for day in named):
        return False
    spans = place_spans(bare)
    if len({place for _, _, places in spans for place in places if country_of(place)}) > 1:
        return False
    for start, end, _ in spans:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    further = [word for word in words_of(rest) if word[0].isalpha() and not month_of(word)]
    # A date alone in its line is a page's; before a mark it belongs to what follows.
    is_placed = bool(spans) or (not is_line and (not further or _TOWN_AND_DATE.match(bare) is not None))
    return is_placed and len(further) <= _FURTHER_WORDS
