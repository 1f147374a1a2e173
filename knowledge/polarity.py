"""Words that turn what a sentence says: denials, and words of comparison, time and order, in our languages. Pure."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.normalisation import words_of

_LONGEST_PHRASE = 3
# How many words after a denial it speaks of.
_SCOPE = 4


@dataclass(frozen=True, slots=True)
class Polarity:
    """``denials``: for each word that denies, the words it speaks of; ``refuses``: whether no is said in another way
    (outside, lost, refused); ``excludes``: whether so of the thing itself; ``sides``: where it stands in each dimension
    that it touches (size: more)."""

    denials: tuple[tuple[str, ...], ...]
    refuses: bool
    sides: dict[str, frozenset[str]]
    excludes: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """Whole words and phrases, and beginnings that any ending may follow."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, listed: str) -> "_Words":
        words = [_plain(word.replace("_", " ")) for word in listed.split()]
        return cls(
            frozenset(word for word in words if not word.endswith("~")),
            tuple(word.removesuffix("~") for word in words if word.endswith("~")),
        )

    def __contains__(self, phrase: str) -> bool:
        return phrase in self.whole or (bool(self.beginnings) and phrase.startswith(self.beginnings))


@lru_cache(maxsize=8192)
def polarity(text: str) -> Polarity:
    """What of a sentence turns its meaning."""
    tables = _tables()
    words = [_plain(word) for word in words_of(_NOT_CONTRACTED.sub(" not", text))]
    places = [place for place, word in enumerate(words) if denies(word, tables) and not _bounds(words, place, tables)]
    without = [place for place in places if words[place] in tables.without]
    others = [place for place in places if words[place] not in tables.without]
    paired = min(len(without), len(others))
    kept = sorted([*without[paired:], *others[paired:]])
    denials = tuple(tuple(words[place + 1 : place + 1 + _SCOPE]) for place in kept)
    phrases = set(_phrases(words))
    sides: dict[str, frozenset[str]] = {}
    for dimension, named in tables.sides.items():
        on = frozenset(side for side, listed in named.items() if any(phrase in listed for phrase in phrases))
        if on:
            sides[dimension] = on
    refuses, excludes = (any(phrase in listed for phrase in phrases) for listed in (tables.refusing, tables.excluding))
    return Polarity(denials, refuses, sides, excludes)


@dataclass(frozen=True, slots=True)
class _Tables:
    denying: frozenset[str]
    endings: tuple[str, ...]
    without: _Words
    bounding: _Words
    refusing: _Words
    excluding: _Words
    sides: dict[str, dict[str, _Words]]


_NOT_CONTRACTED = re.compile(r"n['’]t\b")


def denies(word: str, tables: "_Tables | None" = None) -> bool:
    """Whether a word, as it is written, denies."""
    tables = tables or _tables()
    plain = _plain(word)
    if plain in tables.denying or plain.endswith("n't"):
        return True
    return not plain.isascii() and len(plain) > 3 and plain.endswith(tables.endings)


def _bounds(words: list[str], place: int, tables: _Tables) -> bool:
    """Whether the word only opens a bound: "no more than"."""
    return any(" ".join(words[place : place + length]) in tables.bounding for length in (2, 3))


def _phrases(words: list[str]) -> Iterator[str]:
    for place in range(len(words)):
        for length in range(1, _LONGEST_PHRASE + 1):
            if place + length <= len(words):
                yield " ".join(words[place : place + length])


def _plain(word: str) -> str:
    """Lower case in one normal form, without the marks that Bengali and Nepali spellings swap."""
    lowered = unicodedata.normalize("NFC", word.lower().replace("’", "'"))
    if "\u0900" <= lowered[:1] <= "\u09ff":
        return unicodedata.normalize("NFD", lowered).replace("\u09bc", "").replace("\u093c", "")
    return lowered


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    data = tomllib.loads((Path(__file__).parent / "polarity_words.toml").read_text(encoding="utf-8"))
    return _Tables(
        frozenset(_plain(word) for word in data["denying"].split()),
        tuple(_plain(ending) for ending in data["denying_endings"].split()),
        _Words.of(data["without"]),
        _Words.of(data["bounding"]),
        _Words.of(data["refusing"]),
        _Words.of(data["excluding"]),
        {
            dimension: {side: _Words.of(listed) for side, listed in named.items()}
            for dimension, named in data["sides"].items()
        },
    )
