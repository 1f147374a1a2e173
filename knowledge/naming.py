"""Which of the passages found hold the names of the question, in whatever script it is written. Pure.

Two reports on like events differ in little but their names and places, and across languages neither vectors nor
keywords weigh those enough.
"""

import math
from collections.abc import Sequence

from knowledge.normalisation import words_of
from knowledge.spelling import alike, fold, names_in, same_consonants


def name_shares(question: str, contexts: Sequence[str]) -> list[float]:
    """For each context (a passage with its title and headings), the share of the question's names that it holds, each
    weighted by how few of the contexts hold it. A word of the question is a name when some context has it, in some
    spelling, with a capital."""
    held = [names_in(context) for context in contexts]
    every = frozenset[str]().union(*held)
    beginnings: dict[str, list[str]] = {}
    for name in every:
        beginnings.setdefault(name[:4], []).append(name)
    shares = [0.0] * len(contexts)
    total = 0.0
    for word in dict.fromkeys(words_of(question)):
        folded = fold(word).strip("'")
        if len(folded) < 3:
            continue
        spellings = {name for name in beginnings.get(folded[:4], ()) if name == folded or alike(folded, name)}
        if not spellings and not word.isascii():
            spellings = {name for name in every if same_consonants(folded, name)}
        where = [index for index, names in enumerate(held) if not spellings.isdisjoint(names)]
        if not where:
            continue
        weight = math.log(1 + len(contexts) / len(where)) - math.log(2)
        total += weight
        for index in where:
            shares[index] += weight
    return [share / total if total > 0 else 0.0 for share in shares]
