"""Draws of clusters seen from their items, for statistics that are no ratio of sums: agreement and rank correlation.
Items of one cluster (questions on one document, translations of one question) are drawn together. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evals.scores import Figure
from evals.statistics.proportions import wilson
from evals.statistics.resampling import cluster_weights, percentile_interval

Floats = NDArray[np.float64]
_RESAMPLES, _SEED = 2000, 0


def item_weights(clusters: Sequence[str]) -> Floats | None:
    """How often each item is drawn, (draws × items); None for fewer than two clusters, which tell nothing of how others
    would come out."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(clusters))}
    if len(numbers) < 2:
        return None
    drawn = np.concatenate(list(cluster_weights(len(numbers), _RESAMPLES, _SEED)))
    return drawn[:, [numbers[cluster] for cluster in clusters]]


def interval_of(drawn: Floats | None) -> tuple[float, float] | tuple[None, None]:
    """The 95 % interval, or two None where there is none."""
    return (None, None) if drawn is None else percentile_interval(drawn) or (None, None)


def share_figure(values: Sequence[bool], clusters: Sequence[str]) -> Figure:
    """The share of what is true, of one item or more. Where all are alike the interval is Wilson's, of as many as there
    are clusters."""
    how_many = len(set(clusters))
    share = sum(values) / len(values)
    weights = item_weights(clusters)
    low, high = interval_of(None if weights is None else weights @ np.asarray(values, float) / weights.sum(axis=1))
    if share in (0.0, 1.0):
        low, high = wilson(share * how_many, how_many)
    return Figure(value=share, low=low, high=high, n=len(values), clusters=how_many)
