"""Do the passages found hold what was asked? Decides between answering and NOT_COVERED where no model reads them.

A question on the right subject with a wrong year, place or body is the usual case, so what counts beside similarity is
whether the question's own words, figures and names stand in what was found.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import function_words
from assistant.names import figures, names
from knowledge.search import Found
from knowledge.spelling import folded_words, mentions
from knowledge.types import Retrieved

_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Features:
    """What the decision rests on. ``similarity``: of the best passage and its best sentence, less what the question has
    in common with any text (see knowledge.background). ``terms``: share of the question's content words (by idf) in the
    best passages. ``missing_figures``, ``missing_names``: of the question, not in the best passages."""

    similarity: float
    terms: float
    missing_figures: int
    missing_names: int


@dataclass(frozen=True, slots=True)
class Coverage:
    covered: bool
    probability: float
    missing: tuple[str, ...]


def features_of(question: str, found: Found, same_language: bool) -> Features:
    best = found.passages[:_PASSAGES]
    vocabulary = frozenset(word for item in best for word in folded_words(_context(item)))
    similarity = max(((item.why.passage + item.why.sentence) / 2 for item in best), default=0.0) - found.background
    content = {t: idf for t, idf in found.idf.items() if t not in function_words.ENGLISH and not t.isdecimal()}
    held = sum(idf for term, idf in content.items() if mentions(term, vocabulary))
    total = sum(content.values())
    return Features(
        similarity=similarity,
        terms=held / total if total > 0 else 1.0,
        missing_figures=len(_missing_figures(question, best)),
        missing_names=len(_missing_names(question, vocabulary, same_language)),
    )


def _context(item: Retrieved) -> str:
    return "\n".join((item.source.title, *item.passage.headings, item.passage.text))


def _missing_figures(question: str, best: Sequence[Retrieved]) -> set[str]:
    return figures(question) - figures("\n".join(f"{_context(item)}\n{item.source.published or ''}" for item in best))


def _missing_names(question: str, vocabulary: frozenset[str], same_language: bool) -> list[str]:
    return [name for name in names(question) if (same_language or name.isupper()) and not mentions(name, vocabulary)]


def probability(features: Features, same_language: bool) -> float:
    weights = _SAME_LANGUAGE if same_language else _ACROSS
    score = weights.bias + sum(
        weight * value
        for weight, value in (
            (weights.similarity, features.similarity),
            (weights.terms, features.terms),
            (weights.missing_figures, min(features.missing_figures, 2)),
            (weights.missing_names, min(features.missing_names, 2)),
        )
    )
    return 1 / (1 + math.exp(-score))


@dataclass(frozen=True, slots=True)
class _Weights:
    bias: float
    similarity: float
    terms: float
    missing_figures: float
    missing_names: float


_SAME_LANGUAGE = _Weights(-3.0, 30.0, 3.0, -2.0, -1.0)
_ACROSS = _Weights(-2.0, 30.0, 0.0, -2.0, -1.0)


def coverage_of(question: str, found: Found, same_language: bool) -> Coverage:
    """Whether to answer, and the question's figures and names that the best passages do not hold."""
    if not found.passages:
        return Coverage(False, 0.0, ())
    best = found.passages[:_PASSAGES]
    vocabulary = frozenset(word for item in best for word in folded_words(_context(item)))
    value = probability(features_of(question, found, same_language), same_language)
    missing = (
        *sorted(_missing_figures(question, best)),
        *_missing_names(question, vocabulary, same_language),
    )
    return Coverage(value >= 0.5, value, missing)
