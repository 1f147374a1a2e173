"""The nearest sentences read together with the question, by a model that tells which of them answer it.

Similarity of two vectors tells what a sentence is about; a cross-encoder reads question and sentence at once and tells
whether one answers the other, also in other words (Nogueira and Cho 2019). Ours reads English, so it is asked where
question and passages are English. Blocking.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.fitting import fitting
from knowledge.search import Found
from knowledge.types import Retrieved, ScoredUnit, Span

# From a question and sentences to their scores: the higher, the better it answers.
Scores = Callable[[str, Sequence[str]], list[float]]
# Of the sentences nearest to the question.
_MOST_READ = 12
# What begins so speaks of what stands before it, and says little without.
_LEANS_ON_THE_LAST = re.compile(r"(?:This|These|Those|It|They|He|She|Such|Its|Their|His|Her|Both)\b")


def read_closely(question: str, found: Found, scores: Scores) -> Found:
    """What was found, with the relevance of its nearest sentences: those of passages that speak of the places and years
    asked about, where there are any."""
    kept, _ = fitting(question, found)
    units = [(item, index) for item in kept or found.passages for index in range(len(item.units))]
    nearest = sorted(units, key=lambda place: -place[0].units[place[1]].similarity)[:_MOST_READ]
    read = scores(question, [_text(item, index) for item, index in nearest])
    relevance: dict[tuple[str, Span], float] = {
        (item.passage.id, item.units[index].span): score for (item, index), score in zip(nearest, read, strict=True)
    }

    def with_relevance(item: Retrieved, unit: ScoredUnit) -> ScoredUnit:
        return replace(unit, relevance=relevance.get((item.passage.id, unit.span)))

    passages = tuple(
        replace(item, units=tuple(with_relevance(item, unit) for unit in item.units)) for item in found.passages
    )
    return replace(found, passages=passages)


def _text(item: Retrieved, index: int) -> str:
    """The sentence, after the one before it where it leans on that."""
    text = item.passage.text_at(item.units[index].span)
    if index and _LEANS_ON_THE_LAST.match(text):
        return f"{item.passage.text_at(item.units[index - 1].span)} {text}"
    return text
