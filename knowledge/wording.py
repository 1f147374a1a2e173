"""How much of a question's wording one sentence holds, together with the title and headings it stands under. Pure.

BM25 counts words wherever they stand in a passage; pages that are much alike differ in whether one sentence says what
is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.normalisation import words_of
from knowledge.spelling import fold

# Endings differ by language and this is for all of them: the beginning of the folded word stands for the word.
_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Wording:
    """The beginnings of the words of each sentence of a passage, and of the title and headings above them."""

    sentences: tuple[frozenset[str], ...]
    above: frozenset[str]


@lru_cache(maxsize=4096)
def beginnings(text: str) -> frozenset[str]:
    """The beginnings of the text's words."""
    return frozenset(_beginning(word) for word in words_of(text)) - {""}


def wording_shares(idf: Mapping[str, float], passages: Sequence[Wording]) -> list[float]:
    """For each passage the largest share of the question's idf that one of its sentences covers; a word of title or
    headings counts for each sentence."""
    wanted: dict[str, float] = {}
    for term, value in idf.items():
        if beginning := _beginning(term):
            wanted[beginning] = max(value, wanted.get(beginning, 0.0))
    total = sum(wanted.values())
    if total <= 0:
        return [0.0] * len(passages)
    every = frozenset(wanted)
    shares = []
    for passage in passages:
        above = every & passage.above
        left = every - above
        covered = max((sum(wanted[word] for word in left & held) for held in passage.sentences), default=0.0)
        shares.append((sum(wanted[word] for word in above) + covered) / total)
    return shares


def _beginning(word: str) -> str:
    return fold(word)[:_LETTERS]
