"""Figures with their intervals, from the components of many questions."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from evals.metrics.table import METRICS, Metric, values_of
from evals.scores import Figure
from evals.statistics.power import detectable_with_one_run, jackknife_error
from evals.statistics.proportions import cautious_error, wilson
from evals.statistics.resampling import cluster_weights, percentile_interval
from evals.statistics.tables import ClusterTable, QuestionTable

Array = NDArray[np.float64]
Ranked = dict[str, tuple[Array, NDArray[np.int64]]]
"""Component → its values in rising order, and the cluster that each is of."""

_NO_WIDTH = 1e-12


def figures_of(questions: QuestionTable, *, resamples: int, seed: int, percentiles: bool = True) -> dict[str, Figure]:
    """Every metric that the questions allow. ``percentiles`` of latency cost as much as all others together."""
    if not len(questions):
        return {}
    clusters = questions.by_cluster()
    total = clusters.total()
    ratios = {
        name: float(value[0])
        for name, metric in METRICS.items()
        if metric.percentile is None and (value := values_of(metric, total)) is not None and not np.isnan(value[0])
    }
    ranked = ranked_values(questions) if percentiles else {}
    once = percentiles_of(ranked, np.ones((1, clusters.clusters)))
    drawn: dict[str, list[Array]] = {name: [] for name in (*ratios, *once)}
    if clusters.clusters > 1:
        for weights in cluster_weights(clusters.clusters, resamples, seed):
            sums = clusters.sums(weights)
            for name in ratios:
                values = values_of(METRICS[name], sums)
                assert values is not None
                drawn[name].append(values)
            for name, drawn_values in percentiles_of(ranked, weights).items():
                drawn[name].append(drawn_values)
    left_out = clusters.without_each()
    return {
        **{
            name: _figure(METRICS[name], value, drawn[name], clusters, values_of(METRICS[name], left_out))
            for name, value in ratios.items()
        },
        **{name: _ranked_figure(float(value[0]), ranked, name, drawn[name]) for name, value in once.items()},
    }


def ranked_values(questions: QuestionTable) -> Ranked:
    """Of each component that percentiles are made of, its values in rising order with their clusters."""
    parts = dict.fromkeys(metric.parts[0] for metric in METRICS.values() if metric.percentile is not None)
    ranked = {part: questions.values(part) for part in parts if part in questions.names}
    # Of two runs side by side one alone may have been timed.
    return {part: (values, numbers) for part, (values, numbers) in ranked.items() if len(values)}


def percentiles_of(ranked: Ranked, weights: Array) -> dict[str, Array]:
    """Metric → its percentile for each row of weights (draws, clusters)."""
    found = {}
    for part, (values, numbers) in ranked.items():
        reached = np.cumsum(weights[:, numbers], axis=1)
        for name, metric in METRICS.items():
            if metric.percentile is not None and metric.parts[0] == part:
                found[name] = weighted_percentile(values, reached, metric.percentile)
    return found


def weighted_percentile(values: Array, reached: Array, share: float) -> Array:
    """Of rising ``values`` (questions,) the first by which ``share`` of the weight is reached, for each row of
    cumulative weights (draws, questions); NaN for a row without weight."""
    whole = reached[:, -1]
    place = (reached < (share * whole)[:, np.newaxis] - _NO_WIDTH).sum(1)
    return np.where(whole > 0, values[np.minimum(place, len(values) - 1)], np.nan)


def counted(metric: Metric, table: ClusterTable) -> tuple[int, int]:
    """What the metric counts (n), and in how many clusters: of a formula the questions that it divides by."""
    parts = dict.fromkeys(part for group in metric.rests_on for part in group)
    if parts:
        counts = table.top[:, [table.names.index(part) for part in parts]].sum(1)
    else:
        counts = table.bottom[:, table.names.index(metric.parts[0])]
    return round(float(counts.sum())), int((counts > 0).sum())


def interval_of(draws: Iterable[Array], clusters: int) -> tuple[float, float] | None:
    """None where the clusters are too few to vary."""
    blocks = list(draws)
    return percentile_interval(np.concatenate(blocks)) if blocks and clusters > 1 else None


def _figure(metric: Metric, value: float, drawn: list[Array], table: ClusterTable, left_out: Array | None) -> Figure:
    n, clusters = counted(metric, table)
    interval = interval_of(drawn, clusters)
    error = jackknife_error(left_out) if left_out is not None and clusters > 1 else None
    alike = value in (0.0, 1.0) and metric.is_share and clusters > 1
    if alike and interval is not None and interval[1] - interval[0] < _NO_WIDTH:
        interval = wilson(value * clusters, clusters)
        error = cautious_error(value * clusters, clusters)
    return _with(value, interval, n, clusters, error)


def _ranked_figure(value: float, ranked: Ranked, name: str, drawn: list[Array]) -> Figure:
    values, numbers = ranked[METRICS[name].parts[0]]
    clusters = len(np.unique(numbers))
    return _with(value, interval_of(drawn, clusters), len(values), clusters, None)


def _with(value: float, interval: tuple[float, float] | None, n: int, clusters: int, error: float | None) -> Figure:
    low, high = interval if interval is not None else (None, None)
    detectable = detectable_with_one_run(error) if error is not None else None
    return Figure(value=value, low=low, high=high, n=n, clusters=clusters, detectable=detectable)
