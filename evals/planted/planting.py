"""Makes a true statement wrong in one thing: a figure, a date, a place, a name, a negation, a comparison. Pure.

What is planted rests on the statement's id alone, so that two runs plant the same. ``nearby`` takes what stands in its
place from the cited passage itself: the error that a model makes, and the hardest to see.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.months import month_of
from knowledge.places import places

_SWAPS = Path(__file__).parent / "swaps.toml"
_NUMBER = re.compile(r"\d+(?:[.,٬٫]\d+)*")
_FIRST_YEAR, _LAST_YEAR = 1950, 2049


@dataclass(frozen=True, slots=True)
class Planted:
    """``kind`` says what is wrong with the text; ``nearby``: what was put there stands in the cited passage."""

    kind: str
    text: str
    nearby: bool = False


@dataclass(frozen=True, slots=True)
class _Swaps:
    months: tuple[str, ...]
    numbers: tuple[str, ...]
    pairs: dict[str, tuple[tuple[str, str], ...]]
    countries: dict[str, str]
    cities: dict[str, str]


def plant(identifier: str, text: str, language: str, passage: str) -> Iterator[Planted]:
    """Every error that the statement's words allow, one at a time."""
    swaps = _swaps(language)
    chance = _Chance(identifier)
    years = {number for number in _NUMBER.findall(passage) if _is_year(_western(number))}
    makers: tuple[tuple[str, bool, Callable[[], str | None]], ...] = (
        ("figure", False, lambda: _figure(text, chance)),
        ("figure", True, lambda: _nearby_figure(text, passage, chance)),
        ("number word", False, lambda: _number_word(text, swaps, chance)),
        ("year", False, lambda: _year(text, chance)),
        ("year", True, lambda: _nearby_year(text, years, chance)),
        ("day", False, lambda: _day(text, chance)),
        ("month", False, lambda: _month(text, swaps, chance, frozenset())),
        ("month", True, lambda: _month(text, swaps, chance, _months_in(passage))),
        ("country", False, lambda: _place(text, swaps.countries, places(passage), chance, nearby=False)),
        ("country", True, lambda: _place(text, swaps.countries, places(passage), chance, nearby=True)),
        ("city", False, lambda: _place(text, swaps.cities, places(passage), chance, nearby=False)),
        ("person", False, lambda: _pair(text, swaps.pairs["persons"])),
        ("organisation", False, lambda: _pair(text, swaps.pairs["organisations"])),
        ("negation dropped", False, lambda: _pair(text, swaps.pairs["negation_dropped"])),
        ("negation added", False, lambda: _negated(text, swaps)),
        ("comparison", False, lambda: _pair(text, swaps.pairs["comparison"])),
    )
    for kind, nearby, make in makers:
        made = make()
        if made is not None and made != text:
            yield Planted(kind, made, nearby)


class _Chance:
    """Choices that look like chance and rest on the statement's id."""

    def __init__(self, identifier: str) -> None:
        self._identifier = identifier

    def of(self, count: int, what: str) -> int:
        return hashlib.sha256(f"{self._identifier} {what}".encode()).digest()[0] % count


@lru_cache(maxsize=16)
def _swaps(language: str) -> _Swaps:
    data: dict[str, Any] = tomllib.loads(_SWAPS.read_text(encoding="utf-8"))[language]
    pairs = {
        name: tuple(tuple(pair.split(" > ")) for pair in data[name])
        for name in ("negation_dropped", "negation_added", "comparison", "organisations", "persons")
    }
    return _Swaps(
        tuple(data["months"].split()), tuple(data["numbers"].split()), pairs, data["countries"], data["cities"]
    )


def _pair(text: str, pairs: tuple[tuple[str, str], ...]) -> str | None:
    for old, new in pairs:
        if old.strip().isascii() and old.strip().replace(" ", "").isalpha():
            pattern = rf"(?<!\w){re.escape(old.strip())}(?!\w)"
            if re.search(pattern, text):
                return re.sub(r"\s+", " ", re.sub(pattern, new.strip(), text, count=1)).strip()
        elif old in text:
            new = f" {new}" if old.startswith(" ") and not new.startswith("।") else new
            return text.replace(old, new, 1).replace("  ", " ").replace(" ।", "।")
    return None


def _negated(text: str, swaps: _Swaps) -> str | None:
    """Of a statement that denies already, denying once more would make another thing."""
    return None if _pair(text, swaps.pairs["negation_dropped"]) else _pair(text, swaps.pairs["negation_added"])


def _western(number: str) -> str:
    return "".join(str(int(c)) if c.isdecimal() else c for c in number)


def _in_script_of(number: str, model: str) -> str:
    zero = next((ord(c) - int(c) for c in model if c.isdecimal()), ord("0"))
    return "".join(chr(zero + int(c)) if c.isdecimal() else c for c in number)


def _is_year(number: str) -> bool:
    return len(number) == 4 and number.isdecimal() and _FIRST_YEAR <= int(number) <= _LAST_YEAR


def _figures(text: str) -> list[re.Match[str]]:
    """The numbers that are neither a year nor the day of a month."""
    found = []
    for match in _NUMBER.finditer(text):
        number = _western(match.group())
        if _is_year(number) or (number.isdecimal() and int(number) <= 31 and _is_beside_a_month(text, match)):
            continue
        found.append(match)
    return found


def _is_beside_a_month(text: str, match: re.Match[str]) -> bool:
    after = re.findall(r"[^\W\d_][\w\u0900-\u09ff]*", text[match.end() : match.end() + 30])[:4]
    before = re.findall(r"[^\W\d_][\w\u0900-\u09ff]*", text[max(0, match.start() - 15) : match.start()])[-1:]
    return any(month_of(word) for word in (*after, *before))


def _replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + _in_script_of(new, match.group()) + text[match.end() :]


def _figure(text: str, chance: _Chance) -> str | None:
    """A figure with its first digit another, as in 382 for 682."""
    figures = _figures(text)
    if not figures:
        return None
    match = figures[chance.of(len(figures), "figure")]
    number = _western(match.group())
    first = (int(number[0]) - 1 + 2 + chance.of(6, "digit")) % 9 + 1
    return _replaced(text, match, f"{first}{number[1:]}")


def _nearby_figure(text: str, passage: str, chance: _Chance) -> str | None:
    figures = _figures(text)
    own = {_western(match.group()) for match in _NUMBER.finditer(text)}
    others = sorted({_western(m.group()) for m in _figures(passage)} - own - {"0"})
    if not figures or not others:
        return None
    return _replaced(
        text,
        figures[chance.of(len(figures), "nearby figure")],
        others[chance.of(len(others), "other figure")],
    )


def _number_word(text: str, swaps: _Swaps, chance: _Chance) -> str | None:
    for place, word in enumerate(swaps.numbers):
        match = re.search(rf"(?<![\w\u0900-\u09ff]){re.escape(word)}(?![\w\u0900-\u09ff])", text, re.IGNORECASE)
        if match:
            others = [other for index, other in enumerate(swaps.numbers) if index != place]
            other = others[chance.of(len(others), "number word")]
            other = other.capitalize() if match.group()[0].isupper() else other
            return text[: match.start()] + other + text[match.end() :]
    return None


def _years(text: str) -> list[re.Match[str]]:
    return [match for match in _NUMBER.finditer(text) if _is_year(_western(match.group()))]


def _year(text: str, chance: _Chance) -> str | None:
    years = _years(text)
    if not years:
        return None
    match = years[chance.of(len(years), "year")]
    shift = (-3, -2, -1, 1, 2, 3)[chance.of(6, "shift")]
    return _replaced(text, match, str(int(_western(match.group())) + shift))


def _nearby_year(text: str, years: set[str], chance: _Chance) -> str | None:
    own = _years(text)
    others = sorted(years - {_western(match.group()) for match in own})
    if not own or not others:
        return None
    match = own[chance.of(len(own), "nearby year")]
    return _replaced(text, match, others[chance.of(len(others), "other year")])


def _day(text: str, chance: _Chance) -> str | None:
    days = [
        match
        for match in _NUMBER.finditer(text)
        if (number := _western(match.group())).isdecimal() and int(number) <= 31 and _is_beside_a_month(text, match)
    ]
    if not days:
        return None
    match = days[chance.of(len(days), "day")]
    day = int(_western(match.group()))
    taken = {int(number) for m in days if (number := _western(m.group()))}
    other = next(d for d in ((day + step - 1) % 28 + 1 for step in (5 + chance.of(9, "by"), 3, 2, 7)) if d not in taken)
    return _replaced(text, match, str(other))


def _months_in(passage: str) -> frozenset[int]:
    return frozenset(month for word in re.findall(r"\w+", passage) if (month := month_of(word)))


def _month(text: str, swaps: _Swaps, chance: _Chance, among: frozenset[int]) -> str | None:
    """Another month, one of ``among`` where there are any; None where the text names none, or all of them."""
    found = [
        (match, month)
        for match in re.finditer(r"[^\W\d_][\w\u0900-\u09ff]*", text)
        if (month := month_of(match.group()))
        and (re.search(r"\d\W*$", text[: match.start()]) or re.match(r"\W*\d", text[match.end() :]))
    ]  # fmt: skip
    if not found:
        return None
    match, month = found[chance.of(len(found), "month")]
    own = {m for _, m in found}
    choice = sorted((set(among) or set(range(1, 13))) - own)
    if not choice:
        return None
    name = swaps.months[choice[chance.of(len(choice), "other month")] - 1]
    return text[: match.start()] + name + text[match.end() :]


def _place(text: str, names: dict[str, str], held: frozenset[str], chance: _Chance, *, nearby: bool) -> str | None:
    """Another place for one that the text names. A name with its ending goes; the other comes as it is called."""
    here = places(text)
    others = sorted(place for place in names if place not in here and (place in held) == nearby)
    spots = list(_spots(text, names))
    if not spots or not others:
        return None
    start, end = spots[chance.of(len(spots), f"spot {nearby}")]
    return text[:start] + names[others[chance.of(len(others), f"place {nearby}")]] + text[end:]


def _spots(text: str, names: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Where the text names one of the places, names of several words as a whole."""
    words = list(re.finditer(r"[^\s,.;:()*।۔،]+", text))
    at = 0
    while at < len(words):
        for length in (4, 3, 2, 1):
            if at + length > len(words):
                continue
            start, end = words[at].start(), words[at + length - 1].end()
            piece = text[start:end]
            found = places(piece)
            if len(found) == 1 and found <= names.keys() and _is_whole(words[at : at + length], text):
                yield start, end
                at += length - 1
                break
        at += 1


def _is_whole(words: list[re.Match[str]], text: str) -> bool:
    """Whether neither the first nor the last of the words could be left out."""
    found = places(text[words[0].start() : words[-1].end()])
    if len(words) == 1:
        return True
    return (places(text[words[1].start() : words[-1].end()]) != found or places(words[0].group()) == found) and (
        places(text[words[0].start() : words[-2].end()]) != found or places(words[-1].group()) == found
    )
