"""Do the passages found hold what was asked? Decides between answering and NOT_COVERED where no model reads them.

A question on the right subject with a wrong year, place or body is the usual case. So beside the odds that what was
found answers it (``coverage_model``), rules compare the years, places, organisations and ordinals of the question, and
the kind of answer that it asks for, with what would be quoted.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer_kind import holds, kind_wanted
from assistant.asked_things import things_missing
from assistant.coverage_model import names_missing, odds_of
from assistant.fitting import fitting, is_year
from assistant.names import figures
from knowledge.search import Found
from knowledge.types import Retrieved

# Of the sentences near to a question, how many are searched for the number or date it asks for.
_LOOKED_THROUGH = 4


@dataclass(frozen=True, slots=True)
class Coverage:
    """``missing``: the question's figures and names that the best passages do not hold, as they are written;
    ``passages``: those that may be quoted in answer; ``confidence``: how likely they hold what was asked, nought where
    a rule refuses."""

    covered: bool
    missing: tuple[str, ...] = ()
    passages: tuple[Retrieved, ...] = ()
    confidence: float = 0.0


def coverage_of(question: str, found: Found, same_language: bool, is_narrowed: bool = False) -> Coverage:
    """``is_narrowed``: the reader chose the documents that may be answered from."""
    if not found.passages:
        return Coverage(False)
    missing_figures, missing_names = names_missing(question, found, same_language)
    missing = (*sorted(missing_figures), *missing_names)
    # Of 62 answerable questions with a year in the packs, none had a year that its passages lack; of two years asked
    # about, one may be answered.
    years = {figure for figure in figures(question) if is_year(figure)}
    if years and years <= missing_figures:
        return Coverage(False, missing)
    if away := things_missing(question, found.passages):
        return Coverage(False, tuple(dict.fromkeys((*missing, *away))))
    odds, least = odds_of(question, found, same_language, is_narrowed)
    if odds < least:
        return Coverage(False, missing, confidence=_probability(odds))
    kept, nowhere = fitting(question, found, same_language)
    if kept and not _holds_the_kind(question, kept):
        return Coverage(False, missing)
    # Without what follows it, the first passage answers no less.
    if kept and kept[0] != found.passages[0]:
        odds, least = odds_of(question, replace(found, passages=kept), same_language, is_narrowed)
    if kept and odds >= least:
        return Coverage(True, missing, kept, _probability(odds))
    return Coverage(False, tuple(dict.fromkeys((*nowhere, *missing))), confidence=_probability(odds) if kept else 0.0)


def _holds_the_kind(question: str, items: Sequence[Retrieved]) -> bool:
    """Whether a number stands in one of the nearest sentences where one is asked for, and a date where a date is."""
    kind = kind_wanted(question)
    if kind is None:
        return True
    texts = [(unit.similarity, item.passage.text_at(unit.span)) for item in items for unit in item.units]
    return any(holds(kind, text) for _, text in sorted(texts, reverse=True)[:_LOOKED_THROUGH])


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
