"""Figures, months and names in a text, in a form that can be compared. Spelling itself is knowledge.spelling. Pure."""

import re
from functools import lru_cache

from assistant import function_words
from knowledge import figures as values
from knowledge.dates import dates
from knowledge.months import month_of
from knowledge.normalisation import words_of
from knowledge.spelling import fold

_DIGIT = re.compile(r"\d")
# What a language hangs on a name: Nepal's, IOM-it, IOM-এর.
_ENDING = re.compile(r"['’]s$|(?<=[A-Z])[-'’][^\WA-ZА-Я\d]\w*$")
# Scripts without capitals, whose endings stand right behind a Latin name: IOMको.
_WITHOUT_CAPITALS = re.compile(r"[\u0600-\u0dff].*$")
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


def figures(text: str) -> set[str]:
    """The numbers of a text with any script's digits as 0 to 9, digit grouping taken out and one decimal point; of a
    date its day and year."""
    if not _DIGIT.search(text):
        return set()
    return set(_figures(text))


@lru_cache(maxsize=8192)
def _figures(text: str) -> frozenset[str]:
    days, rest = dates(text)
    parts = (str(part) for day in days for part in (day.day, day.year) if part)
    return values.figures(rest, words=False) | frozenset(parts)


def months(text: str) -> set[int]:
    """The months (1 to 12) that a text names, in words or in a numeric date."""
    return {day.month for day in dates(text)[0] if day.month}


def names(text: str) -> list[str]:
    """Words that are names by their capitals: not at the start of a sentence, unless written in capitals or the name of
    a place that our documents are about. Scripts without capitals give none."""
    found: list[str] = []
    at_start = True
    for match in re.finditer(r"\w[\w'’.-]*|[^\w\s]", text):
        token = match.group()
        if not token[0].isalnum():
            at_start = at_start or token in ".!?…:؟۔।"
            continue
        word = _ENDING.sub("", _WITHOUT_CAPITALS.sub("", token).rstrip("'’.-"))
        capitals = sum(character.isupper() for character in word)
        named = not at_start or capitals > 1 or fold(word) in _PLACES
        if word[:1].isupper() and len(word) > 1 and named and month_of(word) is None:
            found.append(word)
        at_start = token.endswith((".", "!", "?")) and len(word) > 2
    return list(dict.fromkeys(found))


def spells_out(text: str, abbreviation: str) -> bool:
    """Whether words with these initials stand in a row in the text: Regional Cooperation Council for RCC. Small words
    between them do not count; three letters must be capitals there, for any three words in a row have some initials."""
    letters = [letter.lower() for letter in abbreviation if letter.isupper()]
    if len(letters) < 3:
        return False
    words = [word for word in words_of(text) if word.lower() not in function_words.IN_NAMES]
    for start in range(len(words) - len(letters) + 1):
        row = words[start : start + len(letters)]
        if [word[0].lower() for word in row] == letters and (
            len(letters) > 3 or all(word[0].isupper() for word in row)
        ):
            return True
    return False
