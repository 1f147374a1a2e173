"""Paired differences between two runs over the same questions: how large, how sure, and whether chance explains
them."""

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from evals.figures import counted, interval_of, percentiles_of, ranked_values
from evals.metrics.table import METRICS, Metric, values_of
from evals.scores import Difference
from evals.statistics.multiplicity import holm
from evals.statistics.power import detectable_difference, jackknife_error
from evals.statistics.resampling import cluster_weights
from evals.statistics.sign_flips import exchanges, is_exact, p_value
from evals.statistics.tables import ClusterTable, QuestionTable

Array = NDArray[np.float64]

_FLIPS = 9999
_ALIKE = 1e-9


def differences_of(
    new: QuestionTable,
    old: QuestionTable,
    *,
    resamples: int,
    seed: int,
    tested: Collection[str] = (),
    percentiles: bool = True,
) -> dict[str, Difference]:
    """New minus old for every metric that both runs have, on tables with the same rows. Only the metrics ``tested`` get
    a p; adjust those of all tests made together with ``adjusted``."""
    if not len(new):
        return {}
    fresh, former = new.by_cluster(), old.by_cluster()
    values = _values(fresh, former)
    ranked, ranked_before = (ranked_values(each) if percentiles else {} for each in (new, old))
    once = np.ones((1, fresh.clusters))
    later, earlier = percentiles_of(ranked, once), percentiles_of(ranked_before, once)
    drawn: dict[str, list[Array]] = {name: [] for name in (*values, *later)}
    if fresh.clusters > 1:
        for weights in cluster_weights(fresh.clusters, resamples, seed):
            sums, before = fresh.sums(weights), former.sums(weights)
            for name in values:
                drawn[name].append(_one(METRICS[name], sums) - _one(METRICS[name], before))
            drawn_before = percentiles_of(ranked_before, weights)
            for name, given in percentiles_of(ranked, weights).items():
                if name in earlier:
                    drawn[name].append(given - drawn_before[name])
    p_values = sign_flip_p_values(fresh, former, [name for name in values if name in tested], seed=seed + 1)
    left_out, left_out_before = fresh.without_each(), former.without_each()
    found = {}
    for name, (value, value_before) in values.items():
        metric = METRICS[name]
        error = jackknife_error(_one(metric, left_out) - _one(metric, left_out_before))
        told = _difference(metric, value, value_before, drawn[name], fresh, former, p_values.get(name), error)
        found[name] = told.model_copy(update={"step": step_of(metric, new, old)})
    for name in later:
        if name in earlier:
            pair = float(later[name][0]), float(earlier[name][0])
            found[name] = _difference(METRICS[name], *pair, drawn[name], fresh, former, None, None)
    return found


def adjusted(
    overall: Mapping[str, Difference], slices: Mapping[str, Mapping[str, Mapping[str, Difference]]]
) -> tuple[dict[str, Difference], dict[str, dict[str, dict[str, Difference]]]]:
    """The same with Holm's p over all that was tested, overall and by slice."""
    p_values = {("", "", name): each.p for name, each in overall.items() if each.p is not None}
    for dimension, by_value in slices.items():
        for value, by_name in by_value.items():
            p_values |= {(dimension, value, name): each.p for name, each in by_name.items() if each.p is not None}
    after = holm(p_values)

    def told(each: Difference, key: tuple[str, str, str]) -> Difference:
        return each.model_copy(update={"p_adjusted": after[key]}) if key in after else each

    return (
        {name: told(each, ("", "", name)) for name, each in overall.items()},
        {
            dimension: {
                value: {name: told(each, (dimension, value, name)) for name, each in by_name.items()}
                for value, by_name in by_value.items()
            }
            for dimension, by_value in slices.items()
        },
    )


def step_of(metric: Metric, *runs: QuestionTable) -> float | None:
    """How far one question alone can move the metric in either run at most; None where that has no bound."""
    if metric.span is None:
        return None
    steps = []
    for run in runs:
        if metric.formula is None:
            bottom = run.bottom[:, run.names.index(metric.parts[0])]
            steps.append(metric.span * float(bottom.max()) / float(bottom.sum()))
            continue
        counts = (run.top[:, [run.names.index(part) for part in group]].sum() for group in metric.rests_on)
        steps.append(metric.span * max(1 / max(1.0, float(count)) for count in counts) / len(metric.rests_on))
    return max(steps)


def sign_flip_p_values(
    new: ClusterTable, old: ClusterTable, names: Collection[str], *, seed: int, flips: int = _FLIPS
) -> dict[str, float]:
    """Two-sided p of each metric's difference when the two runs are exchanged within clusters. Also for metrics that
    are no means: they are worked out anew for every exchange."""
    parts = {part for name in names for part in METRICS[name].parts}
    columns = [place for place, part in enumerate(new.names) if part in parts]
    kept = tuple(new.names[place] for place in columns)
    stacked = np.stack([new.top[:, columns], new.bottom[:, columns], old.top[:, columns], old.bottom[:, columns]])
    moved = (np.abs(stacked[:2] - stacked[2:]) > 0).any(axis=(0, 2))
    change = stacked[2:, moved] - stacked[:2, moved]
    fresh, former = stacked[:2].sum(1), stacked[2:].sum(1)
    observed = _gaps(kept, fresh[:, np.newaxis], former[:, np.newaxis], names)
    exact = is_exact(int(moved.sum()), flips)
    extreme, patterns = dict.fromkeys(names, 0), 0
    for block in exchanges(int(moved.sum()), flips, seed):
        shift = np.stack([block @ change[0], block @ change[1]])
        gaps = _gaps(kept, fresh[:, np.newaxis] + shift, former[:, np.newaxis] - shift, names)
        patterns += len(block)
        for name in names:
            # An exchange that takes the metric away (nobody left to divide by) is no evidence of a difference.
            extreme[name] += int((~(gaps[name] < observed[name][0] - _ALIKE)).sum())
    return {name: p_value(extreme[name], patterns, exact) for name in names}


def _gaps(parts: tuple[str, ...], first: Array, second: Array, names: Collection[str]) -> dict[str, Array]:
    """Metric → absolute differences (patterns,) between sums (numerators or denominators, patterns, components)."""
    sums, others = (
        {part: (given[0, :, place], given[1, :, place]) for place, part in enumerate(parts)}
        for given in (first, second)
    )
    return {name: np.abs(_one(METRICS[name], sums) - _one(METRICS[name], others)) for name in names}


def _values(new: ClusterTable, old: ClusterTable) -> dict[str, tuple[float, float]]:
    totals, before = new.total(), old.total()
    values = {}
    for name, metric in METRICS.items():
        if metric.percentile is None and all(part in new.names for part in metric.parts):
            pair = float(_one(metric, totals)[0]), float(_one(metric, before)[0])
            if not np.isnan(pair).any():
                values[name] = pair
    return values


def _one(metric: Metric, sums: Mapping[str, tuple[Array, Array]]) -> Array:
    values = values_of(metric, sums)
    assert values is not None
    return values


def _difference(
    metric: Metric,
    value: float,
    before: float,
    drawn: list[Array],
    new: ClusterTable,
    old: ClusterTable,
    p: float | None,
    error: float | None,
) -> Difference:
    (n, clusters), (n_before, clusters_before) = counted(metric, new), counted(metric, old)
    interval = interval_of(drawn, max(clusters, clusters_before))
    return Difference(
        new=value,
        old=before,
        difference=value - before,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        p=p,
        p_adjusted=None,
        n=max(n, n_before),
        clusters=max(clusters, clusters_before),
        detectable=detectable_difference(error) if error is not None and max(clusters, clusters_before) > 1 else None,
    )
