"""How much of a question's wording one sentence holds, together with the title and headings it stands under. Pure.

BM25 counts words wherever they stand in a passage; pages that are much alike differ in whether one sentence says what
is asked.
"""

from collections.abc import Iterable, Mapping, Sequence

from knowledge.normalisation import words_of
from knowledge.spelling import fold

# Endings differ by language and this is for all of them: the beginning of the folded word stands for the word.
_LETTERS = 6


def beginnings(text: str) -> frozenset[str]:
    """The beginnings of the text's words."""
    return frozenset(_beginning(word) for word in words_of(text)) - {""}


def wording_share(idf: Mapping[str, float], sentences: Sequence[frozenset[str]], around: frozenset[str]) -> float:
    """The largest share of the question's idf that one of the sentences covers; a word ``around`` them (in title or
    headings) counts for each. Sentences and what is around them as ``beginnings``."""
    wanted: dict[str, float] = {}
    for term, value in idf.items():
        beginning = _beginning(term)
        if beginning:
            wanted[beginning] = max(value, wanted.get(beginning, 0.0))
    total = sum(wanted.values())
    if total <= 0 or not sentences:
        return 0.0
    above = _weight(wanted, around)
    left = {beginning: value for beginning, value in wanted.items() if beginning not in around}
    return (above + max(_weight(left, sentence) for sentence in sentences)) / total


def _weight(wanted: Mapping[str, float], held: Iterable[str]) -> float:
    return sum(wanted[beginning] for beginning in wanted.keys() & set(held))


def _beginning(word: str) -> str:
    return fold(word)[:_LETTERS]
