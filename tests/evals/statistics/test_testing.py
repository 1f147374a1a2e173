"""Tests of differences err as often as they say, and find what they say they could find."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from evals.statistics.multiplicity import holm
from evals.statistics.power import detectable_difference, detectable_with_one_run, jackknife_error
from evals.statistics.sign_flips import sign_flip_p
from evals.statistics.variance import split_variance


def rejected(shift: float, tries: int, clusters: int, spread: float) -> float:
    """The share of made comparisons in which the sign-flip test finds a difference at 5 %. Clusters' differences are
    skewed, as those of shares are."""
    generator = np.random.default_rng(5)
    found = 0
    for seed in range(tries):
        differences = spread * (generator.exponential(1.0, clusters) - generator.exponential(1.0, clusters)) + shift
        found += sign_flip_p(differences, flips=499, seed=seed) <= 0.05
    return found / tries


def test_where_there_is_no_difference_one_in_twenty_is_found() -> None:
    assert 0.03 <= rejected(0.0, tries=1000, clusters=40, spread=0.1) <= 0.07


def test_the_detectable_difference_is_found_four_times_in_five() -> None:
    clusters, spread = 60, 0.1
    error = spread * math.sqrt(2) / math.sqrt(clusters)
    assert 0.75 <= rejected(detectable_difference(error), tries=600, clusters=clusters, spread=spread) <= 0.85


def test_the_detectable_difference_of_one_run_is_that_of_runs_that_correlate_by_half() -> None:
    generator = np.random.default_rng(3)
    shared = generator.normal(0, 0.2, 20_000)
    old, new = (shared + generator.normal(0, 0.2, 20_000) for _ in range(2))
    truth = detectable_difference(float((new - old).std(ddof=1)) / math.sqrt(20_000))
    alone = detectable_with_one_run(float(old.std(ddof=1)) / math.sqrt(20_000))
    assert alone == pytest.approx(truth, rel=0.03)


def test_few_clusters_are_flipped_in_every_way_there_is() -> None:
    assert sign_flip_p(np.array([1.0, 1.0, 1.0, 1.0])) == 2 / 16
    assert sign_flip_p(np.array([1.0, -1.0])) == 1.0
    assert sign_flip_p(np.array([0.0, 0.0])) == 1.0
    assert sign_flip_p(np.full(200, 0.1), flips=999) == 1 / 1000


@given(some.lists(some.floats(-1, 1), min_size=1, max_size=8))
def test_p_does_not_depend_on_which_run_is_new(differences: list[float]) -> None:
    values = np.array(differences)
    assert sign_flip_p(values) == sign_flip_p(-values)


def test_holm_steps_down() -> None:
    # Four tests: .005·4, .011·3, .02·2, .04·1, never falling.
    given = {"a": 0.011, "b": 0.04, "c": 0.005, "d": 0.02}
    adjusted = holm(given)
    assert adjusted == {
        "c": pytest.approx(0.02), "a": pytest.approx(0.033), "d": pytest.approx(0.04), "b": pytest.approx(0.04),
    }  # fmt: skip
    assert holm({"a": 0.6, "b": 0.7}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    scores = np.random.default_rng(1).random(50)
    left_out = (scores.sum() - scores) / 49
    assert jackknife_error(left_out) == pytest.approx(scores.std(ddof=1) / math.sqrt(50))
    assert jackknife_error(np.array([0.3])) is None
    assert jackknife_error(np.array([0.3, np.nan])) is None


def test_variance_is_split_into_what_was_planted() -> None:
    generator = np.random.default_rng(2)
    truth = generator.normal(0.5, 0.3, 4000)
    scores = [list(score + generator.normal(0, 0.1, 2 + number % 3)) for number, score in enumerate(truth)]
    split = split_variance(scores)
    assert split is not None
    assert split.between == pytest.approx(0.09, rel=0.06)
    assert split.within == pytest.approx(0.01, rel=0.06)


def test_runs_that_repeat_have_no_variance_of_their_own() -> None:
    split = split_variance([[0.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    assert split is not None
    assert split.within == 0.0
    assert split.between == pytest.approx(1 / 3)
    noise = split_variance([[0.0, 1.0], [1.0, 0.0]])
    assert noise is not None
    assert noise.between == 0.0
    assert split_variance([[1.0], [0.0]]) is None
    assert split_variance([[1.0, 0.0]]) is None
