"""Figures in a text as values that can be compared: in any script's digits, grouped or not, in words, with a scale
("1.2 million", "১ কোটি ৬০ লাখ"). Dates have a home of their own (``dates``). Pure."""

import re
import tomllib
import unicodedata
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from knowledge.normalisation import words_of
from knowledge.spelling import fold

_SPACES = "\u00a0\u202f "
# Grouped by threes, or as in South Asia by twos before the last three (13,00,000); else plain, with or without
# decimals.
NUMBER = re.compile(
    rf"(?<!\d)\d{{1,3}}(?:[.,٬'’{_SPACES}]\d{{3}}(?!\d))+(?:[.,٫]\d+)?"
    r"|(?<!\d)\d{1,2}(?:[,٬]\d{2})+[,٬]\d{3}(?!\d)"
    r"|\d+(?:[.,٫]\d+)?"
)
_SOUTH_ASIAN = re.compile(r"\d{1,2}(?:[,٬]\d{2})+[,٬]\d{3}")
_GROUPED = re.compile(rf"[.,٬'’{_SPACES}](?=\d{{3}}(?!\d))")
_FOLLOWING_WORD = re.compile(r"[\s\u00a0-]{0,2}([^\W\d_](?:[^\W\d_]|[\u0900-\u0963\u0970-\u09e3])*)")
_DECADES = re.compile(r"decade|deceni|dekad|দশক|दशक|دہائ|عقود|عقدین|عقدين", re.IGNORECASE)


def western_digits(text: str) -> str:
    """The text with any script's digits as 0 to 9, character for character."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def amount(written: str) -> str:
    """A number written with 0 to 9 without its grouping and leading zeros, with a point before decimals."""
    if _SOUTH_ASIAN.fullmatch(written):
        written = re.sub("[,٬]", "", written)
    number = re.sub(r"[,٫]", ".", _GROUPED.sub("", written))
    return number if "." in number else number.lstrip("0") or "0"


def count_of(word: str) -> int | None:
    """The number from 2 on that a word says in any of our languages."""
    return _tables()["counts"].get(_form(word))


def ordinal_of(word: str) -> int | None:
    """The place from the second on that a word says in any of our languages."""
    return _tables()["ordinals"].get(_form(word))


def number_of(word: str) -> int | None:
    """The number from 2 on that a word says, as a count or an ordinal."""
    return count_of(word) or ordinal_of(word)


def scale_of(word: str) -> int | None:
    """The power of ten that a word multiplies by: thousand, lakh, million, crore, billion."""
    form = _form(word)
    scales = _tables()["scales"]
    found = scales.get(form)
    if found is None and not form.isascii():
        # Bengali, Nepali and Urdu hang case endings on it.
        found = next((value for name, value in scales.items() if len(name) > 2 and form.startswith(name)), None)
    return found


def figures(text: str, *, words: bool = True) -> frozenset[str]:
    """The values of a text's numbers, those in words with them unless ``words`` is False. What is a day or a year is
    not told apart here."""
    western = western_digits(text)
    found: set[str] = set()
    pending: Decimal | None = None
    last_end = 0
    for match in NUMBER.finditer(western):
        plain = amount(match.group())
        scale, end = _scaled(text, match.end())
        value = _plain(Decimal(plain) * scale) if scale > 1 else plain
        # "1 crore 60 lakh" is one figure.
        if pending is not None and scale > 1 and not western[last_end : match.start()].strip():
            found.discard(_plain(pending))
            value = _plain(pending + Decimal(value))
        pending = Decimal(value) if scale > 1 else None
        last_end = end
        found.add(value)
    if words:
        found |= _in_words(text)
    return frozenset(found)


def _scaled(text: str, end: int) -> tuple[int, int]:
    """What the word after a number multiplies it by, and where that word ends."""
    following = _FOLLOWING_WORD.match(text, end)
    if following is None:
        return 1, end
    word = following.group(1)
    scale = scale_of(word)
    if scale is not None:
        return scale, following.end()
    return (10, following.end()) if _DECADES.match(word) else (1, end)


def _in_words(text: str) -> set[str]:
    words = words_of(text)
    found: set[str] = set()
    for place, word in enumerate(words):
        number = number_of(word)
        if number is None:
            continue
        following = words[place + 1] if place + 1 < len(words) else ""
        units = 1 if following.lower() == "one" else number_of(following)
        if number >= 20 and number % 10 == 0 and units is not None and units < 10:
            number += units
            following = words[place + 2] if place + 2 < len(words) else ""
        elif place and number < 10 and (tens := number_of(words[place - 1])) and tens >= 20 and tens % 10 == 0:
            continue
        scale = scale_of(following) if following else None
        if scale is None and following and _DECADES.match(following):
            scale = 10
        found.add(str(number * (scale or 1)))
    return found


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text


@lru_cache(maxsize=16384)
def _form(word: str) -> str:
    """Folding would make one word of the Bengali and the Albanian; so only Latin and Cyrillic are folded."""
    if all(c < "\u0530" or "\u1e00" <= c <= "\u1eff" for c in word):
        return fold(word)
    return unicodedata.normalize("NFC", word.removeprefix("ال") if len(word) > 4 else word)


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, int]]:
    data = tomllib.loads((Path(__file__).parent / "number_words.toml").read_text(encoding="utf-8"))
    return {
        name: {_form(word): int(value) for value, words in table.items() for word in words.split()}
        for name, table in data.items()
    }
