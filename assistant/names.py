"""Figures, months and names in a text, in a form that can be compared. Spelling itself is knowledge.spelling. Pure."""

import re
import unicodedata

from knowledge.jurisdictions import JURISDICTIONS
from knowledge.months import month_of
from knowledge.normalisation import words_of
from knowledge.spelling import fold

_SPACES = "\u00a0\u202f "
# Grouped by threes, or as in South Asia by twos before the last three (13,00,000); else plain, with or without
# decimals.
_NUMBER = re.compile(
    rf"(?<!\d)\d{{1,3}}(?:[.,٬'’{_SPACES}]\d{{3}}(?!\d))+(?:[.,٫]\d+)?"
    r"|(?<!\d)\d{1,2}(?:[,٬]\d{2})+[,٬]\d{3}(?!\d)"
    r"|\d+(?:[.,٫]\d+)?"
)
_SOUTH_ASIAN = re.compile(r"\d{1,2}(?:[,٬]\d{2})+[,٬]\d{3}")
_GROUPED = re.compile(rf"[.,٬'’{_SPACES}](?=\d{{3}}(?!\d))")
_AMBIGUOUS = frozenset("may march mart marta martu mars marsi maj maja maju maji মে मे".split())
_NUMERIC_DATE = re.compile(
    r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)|(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)"
)


_DAY_AND_MONTH = re.compile(r"(?<![\d.,])(\d{1,2})\.(0?[1-9]|1[0-2])\.(?!\d)")
# What a language hangs on a name: Nepal's, IOM-it, IOM-এর.
_ENDING = re.compile(r"['’]s$|(?<=[A-Z])[-'’][^\WA-ZА-Я\d]\w*$")
# Folded. Where a sentence begins with one of these it is a name and no common word.
_PLACES = frozenset(
    (
        "afghanistan albania algeria armenia austria azerbaijan baghdad bangladesh banja belgium belgrade "
        "bhutan bosnia brussels bulgaria burundi cameroon canada china congo croatia cuba cyprus czechia "
        "denmark dhaka egypt eritrea erbil estonia ethiopia europe finland france gambia georgia germany "
        "ghana greece guinea hungary india indonesia iran iraq ireland islamabad italy jordan kabul "
        "kathmandu kazakhstan kosovo kurdistan kuwait kyrgyzstan latvia lebanon libya lithuania luxembourg "
        "macedonia malta mauritania moldova montenegro morocco myanmar nepal netherlands niger nigeria "
        "norway ohrid oman pakistan palestine peshawar philippines podgorica poland portugal prishtina "
        "pristina qatar romania russia rwanda sarajevo senegal serbia shkodra skopje slovakia slovenia "
        "somalia spain sudan sweden switzerland syria tajikistan thailand tirana tunisia turkey turkiye "
        "turkmenistan uganda ukraine uzbekistan vienna vietnam yemen zagreb"
    ).split()
)

_TOO_COMMON = frozenset("north united european union arab states".split())
_PARTS_OF_COUNTRIES = (
    frozenset(fold(word) for name in JURISDICTIONS.values() for word in words_of(name) if len(word) > 3) - _TOO_COMMON
)


def is_place(name: str) -> bool:
    """Whether a word is the name of a country or city that our documents are about, or part of one."""
    return fold(name) in _PLACES or fold(name) in _PARTS_OF_COUNTRIES


def figures(text: str) -> set[str]:
    """The numbers of a text with any script's digits as 0 to 9, digit grouping taken out and one decimal point. Of a
    numeric date its day and year; its month is told by ``months``."""
    western = _western_digits(text)
    found: set[str] = set()
    for match in _NUMERIC_DATE.finditer(western):
        day, _, year, iso_year, _, iso_day = match.groups()
        found.update(str(int(part)) for part in (day, year, iso_year, iso_day) if part)
    western = _NUMERIC_DATE.sub(" ", western)
    found.update(str(int(match.group(1))) for match in _DAY_AND_MONTH.finditer(western))
    for match in _NUMBER.finditer(_DAY_AND_MONTH.sub(" ", western)):
        written = match.group()
        if _SOUTH_ASIAN.fullmatch(written):
            written = re.sub("[,٬]", "", written)
        number = re.sub(r"[,٫]", ".", _GROUPED.sub("", written))
        found.add(number if "." in number else number.lstrip("0") or "0")
    return found


def _western_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def months(text: str) -> set[int]:
    """The months (1 to 12) that a text names, in words or in a numeric date. A word that is also something else (the
    verb "may") counts only beside a figure."""
    western = _western_digits(text)
    found = {int(m.group(2) or m.group(5)) for m in _NUMERIC_DATE.finditer(western)}
    found.update(int(m.group(2)) for m in _DAY_AND_MONTH.finditer(_NUMERIC_DATE.sub(" ", western)))
    words = words_of(text)
    for index, word in enumerate(words):
        month = month_of(word)
        if month is None:
            continue
        beside = words[max(0, index - 1) : index] + words[index + 1 : index + 2]
        if not _AMBIGUOUS & {word, fold(word)} or any(w.isdecimal() for w in beside):
            found.add(month)
    return {month for month in found if 1 <= month <= 12}


def names(text: str) -> list[str]:
    """Words that are names by their capitals: not at the start of a sentence, unless written in capitals or the name of
    a place that our documents are about. Scripts without capitals give none."""
    found: list[str] = []
    at_start = True
    for match in re.finditer(r"\w[\w'’.-]*|[^\w\s]", text):
        token = match.group()
        if not token[0].isalnum():
            at_start = at_start or token in ".!?…:"
            continue
        word = _ENDING.sub("", token.rstrip("'’.-"))
        capitals = sum(character.isupper() for character in word)
        named = not at_start or capitals > 1 or fold(word) in _PLACES
        if word[:1].isupper() and len(word) > 1 and named and month_of(word) is None:
            found.append(word)
        at_start = token.endswith((".", "!", "?")) and len(word) > 2
    return list(dict.fromkeys(found))
