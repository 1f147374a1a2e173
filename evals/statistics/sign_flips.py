"""The sign-flip test of a paired difference: were the two runs no different, exchanging them within any cluster would
change nothing (Fisher 1935; exchanging whole clusters keeps what is dependent together)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_CELLS = 2_000_000


def exchanges(clusters: int, flips: int, seed: int) -> Iterator[Array]:
    """Blocks (patterns, clusters) of 0 and 1, 1 where the cluster's runs are exchanged: every pattern there is where
    these are no more than ``flips``, else so many at random. ``is_exact`` says which."""
    height = max(1, _CELLS // max(1, clusters))
    if is_exact(clusters, flips):
        bits = np.arange(clusters)
        for begin in range(0, 2**clusters, height):
            patterns = np.arange(begin, min(begin + height, 2**clusters))
            yield ((patterns[:, np.newaxis] >> bits) & 1).astype(np.float64)
        return
    generator = np.random.default_rng(seed)
    for begin in range(0, flips, height):
        rows = min(height, flips - begin)
        yield generator.integers(0, 2, size=(rows, clusters), dtype=np.int8).astype(np.float64)


def is_exact(clusters: int, flips: int) -> bool:
    return clusters < 31 and 2**clusters <= flips


def p_value(as_extreme: int, patterns: int, exact: bool) -> float:
    """The share of patterns at least as extreme as what was observed. Of random ones the observed is counted among
    them, so that p is never 0 (Phipson and Smyth 2010)."""
    return as_extreme / patterns if exact else (as_extreme + 1) / (patterns + 1)


def sign_flip_p(differences: Array, *, flips: int = 9999, seed: int = 0) -> float:
    """Two-sided p of the sum of the clusters' differences (clusters,) under random signs."""
    moved = differences[np.abs(differences) > 0]
    observed = abs(float(moved.sum()))
    exact = is_exact(moved.size, flips)
    extreme = patterns = 0
    for block in exchanges(moved.size, flips, seed):
        sums = np.abs((1 - 2 * block) @ moved)
        extreme += int((sums >= observed - 1e-9 * max(1.0, observed)).sum())
        patterns += len(block)
    return p_value(extreme, patterns, exact)
