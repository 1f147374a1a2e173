"""The bootstrap over clusters: whole clusters are drawn with replacement, so that questions that stand or fall together
stay together (Efron and Tibshirani 1993; Miller 2024 on clusters of questions)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Numbers held at once: 16 million bytes.
_CELLS = 2_000_000
_LOW, _HIGH = 2.5, 97.5
_LEAST_VALID = 0.5


def cluster_weights(clusters: int, resamples: int, seed: int) -> Iterator[Array]:
    """How often each cluster was drawn: blocks (draws, clusters) that make up ``resamples`` multinomial draws of as
    many clusters as there are. The same for the same seed."""
    generator = np.random.default_rng(seed)
    height = max(1, _CELLS // max(1, clusters))
    for begin in range(0, resamples, height):
        rows = min(height, resamples - begin)
        drawn = generator.integers(0, clusters, size=(rows, clusters))
        drawn += np.arange(rows)[:, np.newaxis] * clusters
        counts = np.bincount(drawn.ravel(), minlength=rows * clusters)
        yield counts.reshape(rows, clusters).astype(np.float64)


def percentile_interval(draws: Array) -> tuple[float, float] | None:
    """The middle 95 % of the draws; None where fewer than half of them could be worked out."""
    valid = draws[~np.isnan(draws)]
    if not valid.size or valid.size < _LEAST_VALID * draws.size:
        return None
    low, high = np.percentile(valid, [_LOW, _HIGH])
    return float(low), float(high)
