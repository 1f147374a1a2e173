"""Two sources of an answer that give different figures for the same thing, told without a model. Pure.

Only where there is no doubt that it is the same: one figure each, of the same unit, for the same places and years, in
sentences that otherwise say the same. What a brief marks itself is told from its marks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant import function_words
from assistant.types import Citation, Sentence
from knowledge.dates import dates
from knowledge.figures import NUMBER, amount, western_digits
from knowledge.places import places
from knowledge.spelling import folded_words

_LEAST_SHARED = 0.6
_UNIT = re.compile(r"\s+(\w+)")


@dataclass(frozen=True, slots=True)
class _Claim:
    figure: str
    unit: str
    places: frozenset[str]
    years: frozenset[int]
    words: frozenset[str]
    citation: Citation


def differing(sentences: Sequence[Sentence]) -> list[tuple[Citation, Citation]]:
    """The pairs of citations, of different publications, whose quotes differ in the figure alone."""
    claims = [claim for sentence in sentences for claim in _claims(sentence)]
    return [(one.citation, other.citation) for one, other in combinations(claims, 2) if _differ(one, other)]


def _differ(one: _Claim, other: _Claim) -> bool:
    same_thing = (one.unit, one.places, one.years) == (other.unit, other.places, other.years)
    if not same_thing or one.figure == other.figure or one.citation.number == other.citation.number:
        return False
    return len(one.words & other.words) >= _LEAST_SHARED * len(one.words | other.words)


def _claims(sentence: Sentence) -> Iterator[_Claim]:
    """One at most, of a quote that rests on one publication and has one figure besides its dates."""
    if len(sentence.citations) != 1:
        return
    citation = sentence.citations[0]
    days, rest = dates(western_digits(citation.quote))
    numbers = list(NUMBER.finditer(rest))
    years = frozenset(day.year for day in days if day.year)
    where = places(citation.quote)
    if len(numbers) != 1 or not years or not where:
        return
    # "21 of the proposal" counts nothing.
    unit = _UNIT.match(rest, numbers[0].end())
    if unit and (named := _content(unit.group(1))):
        figure = amount(numbers[0].group())
        yield _Claim(figure, named[0], where, years, frozenset(_content(rest)), citation)


def _content(text: str) -> list[str]:
    return [word for word in folded_words(text) if word not in function_words.ENGLISH and not word.isdecimal()]
