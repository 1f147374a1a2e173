"""When two texts say the same: words without case, accents, punctuation and digit grouping, in every script. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

# Letters that no decomposition takes apart, and signs whose spelling varies with the keyboard.
_LETTERS = {"đ": "d", "ø": "o", "ł": "l", "ı": "i", "\u02bc": " "}
_ARTICLES = frozenset({"a", "an", "the"})
_GROUPING = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_LAST_LATIN = "\u024f"
_BLANKS = re.compile(r"\s+")
# An ending may hang on an answer of at least so many characters where the language inflects.
_INFLECTED_FROM = 5
_SAME_FROM_CHARACTERS = 12
_SAME_FROM_WORDS = 4
_SAME_SHARE = 0.7


class _Plain(dict[int, str]):
    """Character → what it counts as, worked out once for each character that occurs."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = plain = _counts_as(character)
        return plain


def _counts_as(character: str) -> str:
    if "\u0300" <= character <= "\u036f":
        return ""
    if character in _LETTERS:
        return _LETTERS[character]
    if character in ",٬":
        return ","
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    return character if category[0] in "LNM" else " "


_PLAIN = _Plain()


@lru_cache(maxsize=32768)
def normalised(text: str, *, articles: bool = False) -> str:
    """The words of the text, one blank apart. English articles are left out unless ``articles`` or nothing else is
    there."""
    decomposed = text if text.isascii() else unicodedata.normalize("NFKD", text)
    plain = decomposed.casefold().translate(_PLAIN)
    if "," in plain:
        plain = _GROUPING.sub("", plain).replace(",", " ")
    words = plain.split()
    if not articles:
        words = [word for word in words if word not in _ARTICLES] or words
    return " ".join(words)


@lru_cache(maxsize=16384)
def word_counts(text: str) -> Counter[str]:
    """How often each normalised word occurs. Not to be changed: it is shared."""
    return Counter(normalised(text).split())


def contains(answer: str, text: str, language: str) -> bool:
    """Whether the answer stands in the text. In Latin letters it stands between word boundaries; outside English its
    end may be inflected when it is long enough; in other scripts it may stand inside a word."""
    wanted, said = normalised(answer), normalised(text)
    if not wanted or wanted not in said:
        return False
    if max(wanted) > _LAST_LATIN:
        return True
    if language.split("-")[0] != "en" and len(wanted) >= _INFLECTED_FROM:
        return f" {wanted}" in f" {said}"
    return f" {wanted} " in f" {said} "


def overlap(text: str, other: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the text's words against the other's, each word as often as it occurs."""
    said, wanted = word_counts(text), word_counts(other)
    shared = sum(min(count, wanted[word]) for word, count in said.items() if word in wanted)
    if not shared:
        return 0.0, 0.0, 0.0
    precision, recall = shared / said.total(), shared / wanted.total()
    return precision, recall, 2 * precision * recall / (precision + recall)


def share_within(text: str, sources: Iterable[str]) -> float:
    """The share of the text's words that stand in the sources together, each as often as it stands there; 0 for a text
    without words."""
    said = word_counts(text)
    given = [word_counts(source) for source in sources]
    shared = sum(min(count, sum(words.get(word, 0) for words in given)) for word, count in said.items())
    return shared / said.total() if said else 0.0


@lru_cache(maxsize=65536)
def same_passage(snippet: str, other: str) -> bool:
    """Whether two snippets are of one passage: one holds the other, or seven tenths of the words of one stand in the
    other. Scraps say nothing unless they are equal."""
    first, second = normalised(snippet, articles=True), normalised(other, articles=True)
    if not first or not second:
        return False
    if first in second or second in first:
        return first == second or min(len(first), len(second)) >= _SAME_FROM_CHARACTERS
    if min(first.count(" "), second.count(" ")) + 1 < _SAME_FROM_WORDS:
        return False
    precision, recall, _ = overlap(first, second)
    return max(precision, recall) >= _SAME_SHARE


@lru_cache(maxsize=16384)
def on_one_line(text: str) -> str:
    """The text as it is, but for white space: for quotes, which have to be letter for letter."""
    return _BLANKS.sub(" ", text).strip()
