"""Rank correlation of a metric with people: Spearman's rho and Kendall's tau-b, ties shared, each with a bootstrap
interval over clusters. Pure.

Tau-b: M. Kendall, Biometrika 33 (1945). Rho: Pearson's correlation of mid-ranks.
"""

from collections.abc import Callable, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from evals.item_weights import Floats, interval_of, item_weights


class Correlation(BaseModel):
    """From -1 to 1; None where one of the two never varies, and ``why`` says which. ``low`` and ``high``: the 95 %
    interval, None where one cluster (or too little variety) allows none."""

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="null")

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int
    clusters: int
    why: str | None = None


def spearman(first: Sequence[float], second: Sequence[float], clusters: Sequence[str]) -> Correlation:
    return _correlation(first, second, clusters, _rhos)


def kendall(first: Sequence[float], second: Sequence[float], clusters: Sequence[str]) -> Correlation:
    """Tau-b."""
    return _correlation(first, second, clusters, _taus)


def _correlation(
    first: Sequence[float],
    second: Sequence[float],
    clusters: Sequence[str],
    measure: Callable[[Floats, Floats, Floats], Floats],
) -> Correlation:
    x, y = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    how_many = len(set(clusters))
    for values, name in ((x, "the metric"), (y, "the people's label")):
        if len(np.unique(values)) < 2:
            why = f"{name} is the same for every item" if len(values) else "nothing was labelled"
            return Correlation(value=None, n=len(x), clusters=how_many, why=why)
    value = float(measure(x, y, np.ones((1, len(x))))[0])
    weights = item_weights(clusters)
    low, high = interval_of(None if weights is None else measure(x, y, weights))
    return Correlation(value=value, low=low, high=high, n=len(x), clusters=how_many)


def _rhos(x: Floats, y: Floats, weights: Floats) -> Floats:
    a, b = _mid_ranks(x, weights), _mid_ranks(y, weights)
    size = weights.sum(axis=1, keepdims=True)
    a = a - (weights * a).sum(axis=1, keepdims=True) / size
    b = b - (weights * b).sum(axis=1, keepdims=True) / size
    spread = np.sqrt((weights * a * a).sum(axis=1) * (weights * b * b).sum(axis=1))
    return _ratio((weights * a * b).sum(axis=1), spread)


def _mid_ranks(values: Floats, weights: Floats) -> Floats:
    """The rank of each item in each draw (R × n), equal values sharing the middle one."""
    distinct, index = np.unique(values, return_inverse=True)
    counts = np.zeros((len(weights), len(distinct)))
    for column in range(len(values)):
        counts[:, index[column]] += weights[:, column]
    return np.asarray((np.cumsum(counts, axis=1) - counts / 2)[:, index])


def _taus(x: Floats, y: Floats, weights: Floats) -> Floats:
    above_x, above_y = np.sign(np.subtract.outer(x, x)), np.sign(np.subtract.outer(y, y))

    def over_pairs(signs: Floats) -> Floats:
        return np.asarray(((weights @ signs) * weights).sum(axis=1))

    untied = over_pairs(np.abs(above_x)) * over_pairs(np.abs(above_y))
    return _ratio(over_pairs(above_x * above_y), np.sqrt(untied))


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 1e-12)
