"""Rank correlations against published examples and plain counting."""

import itertools
import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.correlation import kendall, spearman


def apart(values: Sequence[object]) -> list[str]:
    """Every item a cluster of its own."""
    return [str(number) for number in range(len(values))]


def test_spearman_of_the_example_with_hours_and_scores() -> None:
    # Ten people's test scores and hours of television: rho is -29/165 by the sum of squared rank differences, 194.
    scores = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    found = spearman(scores, hours, apart(scores))
    assert found.value == pytest.approx(-29 / 165)
    assert found.n == found.clusters == 10


def test_kendall_of_an_example_with_ties_on_both_sides() -> None:
    # The example in SciPy's manual under "kendalltau".
    found = kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0], apart("abcde"))
    assert found.value == pytest.approx(-0.4714, abs=0.00005)


SMALL = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=14)


@given(SMALL)
def test_both_are_what_counting_by_hand_gives(pairs: list[tuple[int, int]]) -> None:
    x, y = [float(pair[0]) for pair in pairs], [float(pair[1]) for pair in pairs]
    varies = len(set(x)) > 1 and len(set(y)) > 1
    tau, rho = kendall(x, y, apart(x)), spearman(x, y, apart(x))
    assert (tau.value is not None) == (rho.value is not None) == varies
    if tau.value is None or rho.value is None:
        assert tau.why is not None and "same for every item" in tau.why
        return
    both = list(itertools.combinations(range(len(x)), 2))
    signs = [(np.sign(x[i] - x[j]), np.sign(y[i] - y[j])) for i, j in both]
    untied = math.sqrt(sum(a != 0 for a, _ in signs) * sum(b != 0 for _, b in signs))
    assert tau.value == pytest.approx(sum(a * b for a, b in signs) / untied)
    ranks = [[sum(other < own for other in side) + (side.count(own) + 1) / 2 for own in side] for side in (x, y)]
    a, b = np.array(ranks) - np.mean(ranks, axis=1, keepdims=True)
    assert rho.value == pytest.approx(a @ b / math.sqrt((a @ a) * (b @ b)))


def test_the_interval_covers_the_correlation_the_items_were_drawn_with_and_needs_two_clusters() -> None:
    chance = random.Random(11)
    x = [chance.gauss(0, 1) for _ in range(200)]
    y = [0.6 * value + 0.8 * chance.gauss(0, 1) for value in x]
    found = spearman(x, y, apart(x))
    # Of two normal variables with correlation r, rho is 6/pi asin(r/2).
    assert found.low is not None and found.high is not None
    assert found.low < 6 / math.pi * math.asin(0.3) < found.high
    assert found.high - found.low < 0.3
    pairs = [str(number // 20) for number in range(200)]
    clustered = kendall(x, y, pairs)
    assert clustered.clusters == 10 and clustered.low is not None
    alone = kendall(x, y, ["one"] * 200)
    assert (alone.low, alone.high) == (None, None) and alone.value == clustered.value


def test_nothing_labelled_is_no_crash() -> None:
    assert spearman([], [], []).why == kendall([], [], []).why == "nothing was labelled"
