"""A statement with its labels, put to every check: the runs of its sources that it may be shown with, or why not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.checks.addresses import holds_address
from assistant.checks.carrying import Run, carrier, contradicted, surroundings
from assistant.checks.facts import facts_of, lacking
from assistant.checks.reasons import Reason
from assistant.labels import LabelledPassages
from assistant.language import language_of
from assistant.parsing import Statement
from knowledge.types import Retrieved

# Cosines of a text to the units of each passage, in their order. Blocking.
Similarities = Callable[[str, Sequence[Retrieved]], list[list[float]]]
# A second source is cited beside the first where it says as much about as well.
_AS_NEAR = 0.02
# Where another of the passages given to the model says it so much more nearly, the label is wrong.
_FARTHER_OFF = 0.03


@dataclass(frozen=True, slots=True)
class Examined:
    """What a statement may be shown with, in the order of its labels, or the reason why it is dropped."""

    runs: tuple[Run, ...] = ()
    reason: Reason | None = None


def examine(statement: Statement, labelled: LabelledPassages, similarities: Similarities) -> Examined:
    """Puts a statement to the checks. A citation that adds nothing is left out."""
    if not statement.labels:
        return Examined(reason=Reason.NO_LABEL)
    labels = [label for label in statement.labels if labelled.get(label) is not None]
    if not labels:
        return Examined(reason=Reason.UNKNOWN_LABEL)
    if holds_address(statement.text):
        return Examined(reason=Reason.ADDRESS)
    first = labelled.passages[labels[0] - 1]
    same_language = language_of(statement.text) == language_of(first.passage.text)
    given = [
        carrier(statement.text, found, values, same_language=same_language)
        for found, values in zip(labelled.passages, similarities(statement.text, labelled.passages), strict=True)
    ]
    cited = [run for label in labels if (run := given[label - 1]) is not None]
    nearest = max((run.similarity for run in given if run is not None and not run.reasons), default=0.0)
    runs = [run for run in cited if run.similarity >= nearest - _FARTHER_OFF]
    if not runs:
        return Examined(reason=_first_reason(cited))
    chosen = _alone(runs) or _together(statement.text, runs, same_language)
    if not chosen:
        return Examined(reason=_first_reason(runs))
    reason = contradicted(statement.text, chosen[:1] if _alone(runs) else chosen, same_language=same_language)
    return Examined(reason=reason) if reason else Examined(tuple(run for run in runs if run in chosen))


def _first_reason(runs: Sequence[Run]) -> Reason:
    """What is wrong with the best of the runs; where they are only too far off, that."""
    best = min(runs, key=lambda run: (len(run.reasons), -run.similarity), default=None)
    return best.reasons[0] if best is not None and best.reasons else Reason.UNSUPPORTED


def _alone(runs: Sequence[Run]) -> list[Run]:
    """The runs that each hold everything, the nearest first, and no other that is much farther off."""
    whole = sorted((run for run in runs if not run.reasons), key=lambda run: -run.similarity)
    return [run for run in whole if run.similarity >= whole[0].similarity - _AS_NEAR]


def _together(statement: str, runs: Sequence[Run], same_language: bool) -> list[Run]:
    """The two runs that hold together what neither holds alone."""
    stated = facts_of(statement)
    for pair in sorted(combinations(runs, 2), key=lambda pair: -sum(run.similarity for run in pair)):
        held = facts_of("\n".join(run.text for run in pair))
        around = facts_of("\n".join(surroundings(run.found) for run in pair))
        if not any(lacking(stated, held, around, same_language=same_language)):
            return list(pair)
    return []
