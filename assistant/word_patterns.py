"""Texts and word lists in one form, so that lists in nine languages can be looked for. Pure.

A text is read as its words, folded where its script is Latin or Cyrillic, in other scripts with one letter for those
that spellings swap, and a bar between clauses: `` | when did the forum meet | ``.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

from knowledge.spelling import fold

BAR = "|"
_JOINERS = "'’\u200c\u200d-_"
_ARABIC = {
    **dict.fromkeys((0x623, 0x625, 0x622, 0x671), "\u0627"),
    **dict.fromkeys((0x649, 0x6CC, 0x6D2, 0x626), "\u064a"),
    **dict.fromkeys((0x629, 0x6C1, 0x6BE, 0x6C3, 0x6C0), "\u0647"),
    0x6A9: "\u0643",
    0x624: "\u0648",
    **dict.fromkeys((0x621, 0x640, 0x670, *range(0x64B, 0x653))),
}
_SIGNS = dict.fromkeys((0x200C, 0x200D, 0x9BC, 0x93C))


def words_and_bars(text: str) -> Iterator[str]:
    """Words as they are written, with a bar for the signs between clauses."""
    word = ""
    for character in f"{text} ":
        if character.isalnum() or unicodedata.category(character)[0] == "M" or (word and character in _JOINERS):
            word += character
            continue
        if word:
            yield word.strip(_JOINERS)
            word = ""
        if not character.isspace() or character == "\n":
            yield BAR


def plain(word: str) -> str:
    """The form in which a word is compared."""
    if all(c < "\u0530" or "\u1e00" <= c <= "\u1eff" or c == "’" for c in word):
        return re.sub(r"['’]", "", fold(word))
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_SIGNS)).translate(_ARABIC)


def line_of(words: Iterable[str]) -> str:
    """Plain words and bars as one line to match, with a bar at both ends."""
    return re.sub(r"(?: \|)+", " |", " ".join(("", BAR, *words, BAR, "")))


def read(text: str) -> str:
    return line_of(word if word == BAR else plain(word) for word in words_and_bars(text))


def either(words: Iterable[str]) -> str:
    """An expression for any of the words of a list, each without the blank before it."""
    return f"(?:{'|'.join(map(expression, words))})"


@cache
def word_lists(file: str) -> dict[str, str]:
    """The lists of a file beside this one (list → language → words), each as an expression for any of its words."""
    data: dict[str, dict[str, str]] = tomllib.loads(
        resources.files("assistant").joinpath(file).read_text(encoding="utf-8")
    )
    return {name: either([word for words in lists.values() for word in words.split()]) for name, lists in data.items()}


@cache
def holding(words: str) -> re.Pattern[str]:
    """What finds an expression for words in a text as ``read`` gives it."""
    return re.compile(f" {words}(?= )")


def expression(word: str) -> str:
    """A word of a list as an expression: a star for any letters, an underscore for a blank."""
    parts = word.replace("_", " ").split("*")
    return "[^ |]*".join(re.escape(" ".join(map(plain, part.split(" ")))) for part in parts)
