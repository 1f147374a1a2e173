"""Does the desk know when it is wrong? From the confidence it states: the risk-coverage curve and its area (Geifman and
El-Yaniv 2017), reliability and the expected calibration error (Naeini et al. 2015)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.metrics.abstention import answered_wrongly
from evals.metrics.view import View
from evals.scores import Point

Array = NDArray[np.float64]

_BINS = 10
_MOST_POINTS = 100


@dataclass(frozen=True, slots=True)
class Stated:
    """A confidence with what came of it. ``wrong`` is None for silence; ``judged``: silent, or right or wrong as far as
    can be told."""

    cluster: str
    confidence: float
    answerable: bool
    wrong: bool | None
    judged: bool


def stated(view: View, cluster: str) -> Stated | None:
    """None where no confidence was stated or the question asks for neither an answer nor silence."""
    confidence, expected = view.record.confidence, view.question.expected
    if confidence is None or view.record.failure is not None or expected not in ("answer", "abstain"):
        return None
    wrong = answered_wrongly(view)
    return Stated(cluster, confidence, expected == "answer", wrong, view.silent or wrong is not None)


def judged_answers(items: Sequence[Stated]) -> list[Stated]:
    """The answers that can be told right or wrong, the surest first. None at all where the questions hold no accepted
    answers: only those would be left that are wrong in any case."""
    answered = sorted((item for item in items if item.wrong is not None), key=lambda item: -item.confidence)
    return answered if any(item.answerable for item in answered) else []


def risk_coverage(items: Sequence[Stated]) -> tuple[Point, ...]:
    """x: the share of questions answered, the surest first; y: the share of those answered wrongly. Answers of one
    confidence come together. At most a hundred points, the last among them."""
    answered = judged_answers(items)
    if not answered:
        return ()
    judged = sum(item.judged for item in items)
    wrong = np.cumsum([bool(item.wrong) for item in answered])
    ends = _ends([item.confidence for item in answered])
    chosen = ends[np.unique(np.linspace(0, len(ends) - 1, min(_MOST_POINTS, len(ends))).astype(int))]
    return tuple(Point(x=(end + 1) / judged, y=float(wrong[end]) / (end + 1), n=int(end) + 1) for end in chosen)


def area_under_risk(items: Sequence[Stated], weights: Array, clusters: Sequence[str]) -> Array:
    """The mean over the answers of the share of wrong ones among those at least as sure (AURC), for each row of weights
    (draws, clusters); NaN where nothing was answered."""
    answered = judged_answers(items)
    if not answered:
        return np.full(len(weights), np.nan)
    place = {cluster: number for number, cluster in enumerate(clusters)}
    of_each = weights[:, [place[item.cluster] for item in answered]]
    wrong = np.cumsum(of_each * [float(bool(item.wrong)) for item in answered], axis=1)
    count = np.cumsum(of_each, axis=1)
    ends = _ends([item.confidence for item in answered])
    steps = np.diff(count[:, ends], axis=1, prepend=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        risks = np.where(count[:, ends] > 0, wrong[:, ends] / count[:, ends], 0.0)
        return np.asarray((risks * steps).sum(1) / count[:, -1])


def reliability(items: Sequence[Stated]) -> tuple[Point, ...]:
    """x: the mean confidence of a tenth of the scale; y: the share of its questions that have an answer."""
    points = []
    for number in range(_BINS):
        inside = [item for item in items if _bin(item.confidence) == number]
        if inside:
            mean = sum(item.confidence for item in inside) / len(inside)
            share = sum(item.answerable for item in inside) / len(inside)
            points.append(Point(x=mean, y=share, n=len(inside)))
    return tuple(points)


def calibration_error(items: Sequence[Stated], weights: Array, clusters: Sequence[str]) -> Array:
    """The mean distance of confidence and share over the tenths of the scale, each weighing what it holds, for each row
    of weights (draws, clusters); NaN where there is nothing."""
    place = {cluster: number for number, cluster in enumerate(clusters)}
    excess, count = np.zeros((len(clusters), _BINS)), np.zeros(len(clusters))
    for item in items:
        excess[place[item.cluster], _bin(item.confidence)] += item.confidence - item.answerable
        count[place[item.cluster]] += 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.abs(weights @ excess).sum(1) / (weights @ count))


def _ends(confidences: Sequence[float]) -> NDArray[np.int64]:
    """The last place of each run of equal confidences."""
    values = np.asarray(confidences)
    return np.flatnonzero(np.append(values[1:] != values[:-1], True))


def _bin(confidence: float) -> int:
    return min(_BINS - 1, max(0, int(confidence * _BINS)))
