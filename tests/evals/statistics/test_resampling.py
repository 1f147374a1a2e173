"""The bootstrap over clusters covers what it should, where a plain one would not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from evals.statistics.proportions import cautious_error, wilson
from evals.statistics.resampling import cluster_weights, percentile_interval

Array = NDArray[np.float64]


def clustered(generator: np.random.Generator, clusters: int, size: int) -> Array:
    """Scores (clusters, size) of 0 or 1 with mean 0.7; questions of a cluster mostly share its fate."""
    fate = generator.random((clusters, 1)) < 0.7
    own = generator.random((clusters, size)) < 0.7
    return np.where(generator.random((clusters, size)) < 0.8, fate, own).astype(float)


def covered(by_cluster: bool) -> float:
    generator = np.random.default_rng(11)
    hits = 0
    for seed in range(300):
        scores = clustered(generator, 60, 5)
        units = scores if by_cluster else scores.reshape(-1, 1)
        top, bottom = units.sum(1), np.full(len(units), float(units.shape[1]))
        draws = [(weights @ top) / (weights @ bottom) for weights in cluster_weights(len(units), 300, seed)]
        interval = percentile_interval(np.concatenate(draws))
        assert interval is not None
        hits += interval[0] <= 0.7 <= interval[1]
    return hits / 300


def test_the_interval_covers_the_truth_in_95_of_100_and_without_clusters_far_less() -> None:
    assert 0.90 <= covered(by_cluster=True) <= 0.99
    assert covered(by_cluster=False) < 0.80


def test_draws_are_whole_sets_of_clusters_and_the_same_for_the_same_seed() -> None:
    first, again, other = (np.concatenate(list(cluster_weights(700, 5000, seed))) for seed in (1, 1, 2))
    assert first.shape == (5000, 700)
    assert (first.sum(1) == 700).all()
    assert (first == again).all()
    assert (first != other).any()
    assert first.mean() == 1.0
    # Of a multinomial draw each count is binomial: its variance is 1 − 1/n.
    assert first.var() == pytest.approx(1 - 1 / 700, rel=0.01)


def test_an_interval_needs_half_of_its_draws() -> None:
    half = np.array([0.1, 0.2, np.nan, np.nan])
    assert percentile_interval(half) is not None
    assert percentile_interval(half[1:]) is None
    assert percentile_interval(np.array([])) is None


@pytest.mark.parametrize(
    # Newcombe 1998, table I, method 3, to four places.
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(successes: int, trials: int, low: float, high: float) -> None:
    assert list(wilson(successes, trials)) == pytest.approx([low, high], abs=5e-5)


def test_wilson_has_width_where_all_trials_ended_alike() -> None:
    low, high = wilson(40, 40)
    assert high == pytest.approx(1.0)
    assert low == pytest.approx(40 / (40 + 1.959964**2), abs=1e-6)
    assert cautious_error(40, 40) > 0
    with pytest.raises(ValueError, match="needs a trial"):
        wilson(0, 0)
