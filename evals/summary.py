"""From what each answer gave to the figures of a run: overall, by slice, by language against English, and over
repeats."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.differences import adjusted, differences_of
from evals.figures import figures_of, interval_of
from evals.metrics.confidence import (
    Stated,
    area_under_risk,
    calibration_error,
    judged_answers,
    reliability,
    risk_coverage,
)
from evals.metrics.table import HEADLINES, METRICS
from evals.run_directory import Run
from evals.scores import Difference, Figure, ScoredQuestion, Scores, Variance
from evals.slices import LANGUAGE
from evals.statistics.resampling import cluster_weights
from evals.statistics.tables import Row, paired_tables, table_of
from evals.statistics.variance import split_variance

_ENGLISH = "en"
_FEWEST_PAIRS = 5


def scores_of(
    run: Run, scored: Sequence[ScoredQuestion], confidences: Sequence[Stated], *, resamples: int, seed: int
) -> Scores:
    """Figures overall and by slice, over questions whose repeats are averaged first."""
    questions = averaged(scored)
    table = table_of([row for _, row in questions.values()])
    members: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, (slices, _) in enumerate(questions.values()):
        for name, value in slices.items():
            members[name][value].append(place)
    overall = figures_of(table, resamples=resamples, seed=seed)
    by_slice: dict[str, dict[str, dict[str, Figure]]] = {}
    for name, values in members.items():
        by_slice[name] = {}
        for value, places in sorted(values.items()):
            chosen = np.zeros(len(table), dtype=bool)
            chosen[places] = True
            by_slice[name][value] = (
                overall
                if chosen.all()
                else figures_of(table.of(chosen), resamples=resamples, seed=seed, percentiles=name == LANGUAGE)
            )
    return Scores(
        run=run.manifest.name,
        questions=len(questions),
        overall=overall,
        slices=by_slice,
        against_english=against_english(scored, resamples=resamples, seed=seed),
        risk_coverage=risk_coverage(confidences),
        reliability=reliability(confidences),
        aurc=_drawn(judged_answers(confidences), area_under_risk, resamples, seed),
        calibration_error=_drawn(confidences, calibration_error, resamples, seed),
        variance=_variance(scored),
        repeats=run.manifest.repeats,
        missing=len(run.questions) * run.manifest.repeats - len(scored),
        seconds=run.manifest.seconds,
    )


def averaged(scored: Sequence[ScoredQuestion]) -> dict[str, tuple[dict[str, str], Row]]:
    """Question id → its slices and its components averaged over its repeats, in the order of first appearance."""
    by_question: dict[str, list[ScoredQuestion]] = defaultdict(list)
    for each in scored:
        by_question[each.question_id].append(each)
    return {identifier: (group[0].slices, _mean_row(group)) for identifier, group in by_question.items()}


def against_english(scored: Sequence[ScoredQuestion], *, resamples: int, seed: int) -> dict[str, dict[str, Difference]]:
    """Language → metric → difference to the English form of the same questions. A component counts only where both
    forms have it; p is adjusted over all languages and metrics."""
    rows = averaged(scored)
    parallel = {
        each.question_id: (each.slices.get("pack", ""), each.parallel_id) for each in scored if each.parallel_id
    }
    english = {parallel[name]: row for name, (slices, row) in rows.items() if name in parallel and _is_english(slices)}
    pairs: dict[str, list[tuple[Row, Row]]] = defaultdict(list)
    for name, (slices, row) in rows.items():
        other = english.get(parallel[name]) if name in parallel and not _is_english(slices) else None
        if other is not None:
            shared = row.parts.keys() & other.parts.keys()
            pairs[slices[LANGUAGE]].append((_only(other.cluster, row, shared), _only(other.cluster, other, shared)))
    found = {}
    for language, both in sorted(pairs.items()):
        if len(both) >= _FEWEST_PAIRS:
            table, former = paired_tables([row for row, _ in both], [row for _, row in both])
            found[language] = differences_of(
                table, former, resamples=resamples, seed=seed, tested=HEADLINES, percentiles=False
            )
    return adjusted({}, {LANGUAGE: found})[1][LANGUAGE]


def _mean_row(group: Sequence[ScoredQuestion]) -> Row:
    if len(group) == 1:
        return Row(group[0].cluster, group[0].parts)
    sums: dict[str, tuple[float, float]] = {}
    for each in group:
        for name, (top, bottom) in each.parts.items():
            before = sums.get(name, (0.0, 0.0))
            sums[name] = (before[0] + top, before[1] + bottom)
    return Row(
        group[0].cluster, {name: (top / len(group), bottom / len(group)) for name, (top, bottom) in sums.items()}
    )


def _is_english(slices: Mapping[str, str]) -> bool:
    return slices.get(LANGUAGE) == _ENGLISH


def _only(cluster: str, row: Row, names: set[str]) -> Row:
    return Row(cluster, {name: part for name, part in row.parts.items() if name in names})


_Statistic = Callable[[Sequence[Stated], NDArray[np.float64], Sequence[str]], NDArray[np.float64]]


def _drawn(items: Sequence[Stated], statistic: _Statistic, resamples: int, seed: int) -> Figure | None:
    """A figure over the confidences; None where there is nothing to work it out from."""
    clusters = sorted({item.cluster for item in items})

    def of(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return statistic(items, weights, clusters)

    value = float(of(np.ones((1, len(clusters))))[0]) if clusters else float("nan")
    if np.isnan(value):
        return None
    draws = [of(weights) for weights in cluster_weights(len(clusters), resamples, seed)] if len(clusters) > 1 else []
    interval = interval_of(draws, len(clusters))
    low, high = interval if interval is not None else (None, None)
    return Figure(value=value, low=low, high=high, n=len(items), clusters=len(clusters))


def _variance(scored: Sequence[ScoredQuestion]) -> dict[str, Variance]:
    """Of each metric that one question has by itself, where questions were asked more than once."""
    repeats = max((each.repeat for each in scored), default=0) + 1
    if repeats == 1:
        return {}
    found = {}
    for name, metric in METRICS.items():
        if metric.formula is None and metric.percentile is None:
            by_question: dict[str, list[float]] = defaultdict(list)
            for each in scored:
                top, bottom = each.parts.get(metric.parts[0], (0.0, 0.0))
                if bottom:
                    by_question[each.question_id].append(top / bottom)
            split = split_variance(list(by_question.values()))
            if split is not None:
                found[name] = Variance(between_questions=split.between, between_runs=split.within, repeats=repeats)
    return found
