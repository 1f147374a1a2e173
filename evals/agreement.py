"""How far raters agree beyond chance: Cohen's kappa for two, Krippendorff's alpha for any number with gaps, each with a
bootstrap interval over clusters. Pure.

Kappa: J. Cohen, Educational and Psychological Measurement 20 (1960); weighted: Psychological Bulletin 70 (1968).
Alpha: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).

Both are functions of one table of counts that is a sum over items, so that a resample is a weighted sum of tables.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from evals.item_weights import Floats, interval_of, item_weights

Weights = Literal["nominal", "linear", "quadratic"]
Level = Literal["nominal", "ordinal"]


class Agreement(BaseModel):
    """``value``: 1 is perfect, 0 what chance would give; None where the labels cannot tell the two apart, and ``why``
    says so. ``low`` and ``high``: the 95 % interval, None where one cluster (or too little variety) allows none;
    ``why`` tells that too. ``observed``: the share of pairs of labels that are equal. ``n``: items with two labels or
    more."""

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="null")

    measure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    observed: float | None = Field(description="Share of pairs of labels on one item that are equal, chance included.")
    n: int
    clusters: int
    why: str | None = None


def cohen_kappa(
    pairs: Sequence[tuple[str, str]],
    categories: Sequence[str],
    clusters: Sequence[str],
    weights: Weights = "nominal",
) -> Agreement:
    """Of two raters; one pair and one cluster an item. ``categories`` in their order, which the weights go by: linear
    and quadratic count a disagreement by its distance or the square of it."""
    place = {category: number for number, category in enumerate(categories)}
    tables = np.zeros((len(pairs), len(categories), len(categories)))
    for number, (first, second) in enumerate(pairs):
        tables[number, place[first], place[second]] = 1
    distance = _distances(len(categories), weights)
    name = "Cohen's kappa" if weights == "nominal" else f"Cohen's kappa, {weights} weights"
    found = _agreement(name, tables, clusters, lambda sums: _kappas(sums, distance))
    if found.value is not None and 1 in (len({first for first, _ in pairs}), len({second for _, second in pairs})):
        always = "one of the two says the same of every item, which makes kappa 0 however often they agree"
        return found.model_copy(update={"low": None, "high": None, "why": always})
    return found


def krippendorff_alpha(
    units: Sequence[Sequence[str | None]],
    categories: Sequence[str],
    clusters: Sequence[str],
    level: Level = "nominal",
) -> Agreement:
    """Of any number of raters; a unit holds the labels one item was given, None where a rater gave none. Units with
    fewer than two labels pair nothing and are left out."""
    place = {category: number for number, category in enumerate(categories)}
    tables, kept = [], []
    for unit, cluster in zip(units, clusters, strict=True):
        given = [place[label] for label in unit if label is not None]
        if len(given) < 2:
            continue
        counts = np.bincount(given, minlength=len(categories)).astype(np.float64)
        # The coincidences of a unit: each ordered pair of different raters, together as many as the unit has labels.
        tables.append((np.outer(counts, counts) - np.diag(counts)) / (len(given) - 1))
        kept.append(cluster)
    stacked = np.stack(tables) if tables else np.zeros((0, len(categories), len(categories)))
    name = f"Krippendorff's alpha, {level}"
    return _agreement(name, stacked, kept, lambda sums: _alphas(sums, level))


def _agreement(name: str, tables: Floats, clusters: Sequence[str], measure: Callable[[Floats], Floats]) -> Agreement:
    n, how_many = len(tables), len(set(clusters))
    if n == 0:
        nothing = "no item has labels of two raters"
        return Agreement(measure=name, value=None, observed=None, n=0, clusters=0, why=nothing)
    total = tables.sum(axis=0)
    observed = float(np.trace(total) / total.sum())
    value = float(measure(total[None])[0])
    if np.isnan(value):
        same = "every label is the same, so that agreement and chance cannot be told apart"
        return Agreement(measure=name, value=None, observed=observed, n=n, clusters=how_many, why=same)
    weights = item_weights(clusters)
    low, high = interval_of(None if weights is None else measure(np.tensordot(weights, tables, axes=1)))
    too_little = "all items belong to one cluster" if weights is None else "the labels hardly vary"
    why = f"no interval: {too_little}" if low is None else None
    return Agreement(measure=name, value=value, low=low, high=high, observed=observed, n=n, clusters=how_many, why=why)


def _kappas(tables: Floats, distance: Floats) -> Floats:
    """Of each table (R × K × K); NaN where chance alone would always agree."""
    shares = tables / tables.sum(axis=(1, 2), keepdims=True)
    expected = shares.sum(axis=2)[:, :, None] * shares.sum(axis=1)[:, None, :]
    return _one_minus((shares * distance).sum(axis=(1, 2)), (expected * distance).sum(axis=(1, 2)))


def _alphas(tables: Floats, level: Level) -> Floats:
    """Of each table of coincidences (R × K × K)."""
    marginals = tables.sum(axis=2)
    size = marginals.sum(axis=1)
    if level == "nominal":
        distance = np.broadcast_to(_distances(tables.shape[1], "nominal"), tables.shape)
    else:
        distance = _ordinal_distances(marginals)
    expected = marginals[:, :, None] * marginals[:, None, :] * distance
    return _one_minus((tables * distance).sum(axis=(1, 2)) * (size - 1), expected.sum(axis=(1, 2)))


def _one_minus(disagreement: Floats, expected: Floats) -> Floats:
    divided = np.divide(disagreement, expected, out=np.full_like(disagreement, np.nan), where=expected > 1e-12)
    return 1.0 - divided


def _distances(size: int, weights: Weights) -> Floats:
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(np.float64)
    return {"nominal": np.sign(apart), "linear": apart, "quadratic": apart**2}[weights]


def _ordinal_distances(marginals: Floats) -> Floats:
    """Squared, (R × K × K): how many labels lie between two categories, half of their own counted in."""
    middle = np.cumsum(marginals, axis=1) - marginals / 2
    return np.asarray((middle[:, :, None] - middle[:, None, :]) ** 2)
