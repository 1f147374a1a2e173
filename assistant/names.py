"""Figures, months and names in a text, in a form that can be compared. Spelling itself is knowledge.spelling. Pure."""

import re
import unicodedata

from knowledge.months import month_of
from knowledge.normalisation import words_of
from knowledge.spelling import fold

_NUMBER = re.compile(r"\d+(?:[.,٬٫'’\u00a0\u202f ]\d{3}(?!\d))+(?:[.,٫]\d+)?|\d+(?:[.,٫]\d+)?")
_GROUPED = re.compile(r"[.,٬٫'’\u00a0\u202f ](?=\d{3}(?!\d))")
_AMBIGUOUS = frozenset({"may", "march", "mart", "marta", "mars", "maj", "maja", "মে", "मे"})
_NUMERIC_DATE = re.compile(
    r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)|(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)"
)


def figures(text: str) -> set[str]:
    """The numbers of a text with any script's digits as 0 to 9, digit grouping taken out and one decimal point. Of a
    numeric date its day and year; its month is told by ``months``."""
    western = _western_digits(text)
    found: set[str] = set()
    for match in _NUMERIC_DATE.finditer(western):
        day, _, year, iso_year, _, iso_day = match.groups()
        found.update(str(int(part)) for part in (day, year, iso_year, iso_day) if part)
    for match in _NUMBER.finditer(_NUMERIC_DATE.sub(" ", western)):
        number = re.sub(r"[,٫]", ".", _GROUPED.sub("", match.group()))
        found.add(number if "." in number else number.lstrip("0") or "0")
    return found


def _western_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def months(text: str) -> set[int]:
    """The months (1 to 12) that a text names, in words or in a numeric date. A word that is also something else (the
    verb "may") counts only beside a figure."""
    found = {int(m.group(2) or m.group(5)) for m in _NUMERIC_DATE.finditer(_western_digits(text))}
    words = words_of(text)
    for index, word in enumerate(words):
        month = month_of(fold(word))
        if month is None:
            continue
        beside = words[max(0, index - 1) : index] + words[index + 1 : index + 2]
        if fold(word) not in _AMBIGUOUS or any(w.isdecimal() for w in beside):
            found.add(month)
    return {month for month in found if 1 <= month <= 12}


def names(text: str) -> list[str]:
    """Words that are names by their capitals: not at the start of a sentence unless written in capitals. Scripts
    without capitals give none."""
    found: list[str] = []
    at_start = True
    for match in re.finditer(r"\w[\w'’.-]*|[^\w\s]", text):
        token = match.group()
        if not token[0].isalnum():
            if token in '.!?:;…“”"„«(':
                at_start = at_start or token in ".!?…:"
            continue
        word = token.rstrip("'’.-")
        capitals = sum(character.isupper() for character in word)
        if word[:1].isupper() and len(word) > 1 and (not at_start or capitals > 1) and month_of(fold(word)) is None:
            found.append(word)
        at_start = token.endswith((".", "!", "?")) and len(word) > 2
    return list(dict.fromkeys(found))
