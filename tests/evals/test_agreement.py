"""Kappa and alpha against worked examples that others published, and where they are not defined."""

import random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.agreement import Agreement, Weights, cohen_kappa, krippendorff_alpha

SCALE = ("no", "partly", "yes")


def kappa_of_table(table: list[list[int]], weights: Weights = "nominal") -> Agreement:
    """Every item a cluster of its own."""
    names = [str(number) for number in range(len(table))]
    pairs = [
        (names[row], names[column])
        for row in range(len(table))
        for column in range(len(table))
        for _ in range(table[row][column])
    ]
    return cohen_kappa(pairs, names, [str(number) for number in range(len(pairs))], weights)


def test_kappa_of_the_psychiatric_diagnoses_in_cohens_paper_of_1968() -> None:
    # J. Cohen, Psychological Bulletin 70 (1968), table 1: 200 cases, unweighted kappa .492.
    found = kappa_of_table([[88, 10, 2], [14, 40, 6], [18, 10, 12]])
    assert found.value == pytest.approx(0.492, abs=0.0005)
    assert found.observed == pytest.approx(0.70)
    assert found.n == 200


@pytest.mark.parametrize(("weights", "published"), [("nominal", 0.4728), ("linear", 0.5684)])
def test_kappa_of_the_85_xeromammograms_two_radiologists_read(weights: Weights, published: float) -> None:
    # Boyd et al., Journal of the National Cancer Institute 68 (1982), as worked in the Stata manual under "kappa".
    table = [[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]]
    assert kappa_of_table(table, weights).value == pytest.approx(published, abs=0.00005)


def test_quadratic_weights_punish_the_square_of_the_distance() -> None:
    # By hand: mean squared distance 0.8 observed against 2.0 by chance (each rater 5, 0 and 5 of ten).
    assert kappa_of_table([[4, 0, 1], [0, 0, 0], [1, 0, 4]], "quadratic").value == pytest.approx(1 - 0.8 / 2.0)


# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), examples B to D.
FOUR_OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def units(*observers: str) -> list[list[str | None]]:
    return [[None if label == "." else label for label in unit] for unit in zip(*observers, strict=True)]


@pytest.mark.parametrize(
    ("observers", "level", "published"),
    [
        (("0100000010", "1110010000"), "nominal", 0.095),
        (("aabbdcccedda", "babbbccceddd"), "nominal", 0.692),
        (FOUR_OBSERVERS, "nominal", 0.743),
        (FOUR_OBSERVERS, "ordinal", 0.815),
    ],
)
def test_alpha_of_krippendorffs_own_examples(observers: tuple[str, ...], level: str, published: float) -> None:
    data = units(*observers)
    clusters = [str(number) for number in range(len(data))]
    found = krippendorff_alpha(data, "012345abcde", clusters, "ordinal" if level == "ordinal" else "nominal")
    assert found.value == pytest.approx(published, abs=0.0005)
    assert found.low is not None and found.high is not None and found.low < published < found.high


def test_a_unit_that_only_one_rater_labelled_is_not_counted() -> None:
    whole = [["yes", "yes"], ["no", "yes"], ["no", "no"]]
    found = krippendorff_alpha([*whole, ["no", None], [None, None]], SCALE, list("abcde"))
    assert found == krippendorff_alpha(whole, SCALE, list("abc"))
    assert found.n == 3


@pytest.mark.parametrize("weights", ["nominal", "linear", "quadratic"])
def test_labels_that_are_all_the_same_have_no_kappa_and_it_is_said_why(weights: Weights) -> None:
    found = cohen_kappa([("yes", "yes")] * 8, SCALE, list("aabbccdd"), weights)
    assert (found.value, found.low, found.high, found.observed, found.n) == (None, None, None, 1.0, 8)
    assert found.why is not None and "same" in found.why
    alpha = krippendorff_alpha([["yes", "yes", "yes"]] * 4, SCALE, list("abcd"), "ordinal")
    assert (alpha.value, alpha.observed, alpha.why) == (None, 1.0, found.why)


def test_a_rater_who_never_varies_has_a_kappa_of_0_and_it_is_said_why() -> None:
    found = cohen_kappa([("yes", "yes")] * 9 + [("yes", "no")], SCALE, list("aabbccddee"))
    assert found.value == pytest.approx(0.0)
    assert (found.low, found.observed) == (None, 0.9)
    assert found.why is not None and "of every item" in found.why


def test_no_labels_at_all_are_no_crash() -> None:
    for found in (cohen_kappa([], SCALE, []), krippendorff_alpha([["yes", None]], SCALE, ["a"], "ordinal")):
        assert (found.value, found.observed, found.n) == (None, None, 0)
        assert found.why is not None


def test_items_of_one_cluster_give_a_value_and_no_interval() -> None:
    found = cohen_kappa([("yes", "yes"), ("no", "no"), ("yes", "no")], SCALE, ["a", "a", "a"])
    assert found.value is not None and found.low is None and found.why is not None and "one cluster" in found.why


def test_the_interval_is_wider_where_items_hang_together_and_covers_what_the_labels_were_drawn_from() -> None:
    chance = random.Random(5)
    # Rater two repeats rater one on 80 % of the clusters and guesses on the rest: kappa .8 in the long run.
    pairs: list[tuple[str, str]] = []
    clusters: list[str] = []
    for cluster in range(60):
        first = chance.choice(SCALE)
        second = first if chance.random() < 0.8 else chance.choice(SCALE)
        pairs += [(first, second)] * 4
        clusters += [str(cluster)] * 4
    together = cohen_kappa(pairs, SCALE, clusters)
    apart = cohen_kappa(pairs, SCALE, [str(number) for number in range(len(pairs))])
    assert together.low is not None and together.high is not None and apart.low is not None and apart.high is not None
    assert together.low < 0.8 < together.high
    assert together.high - together.low > 1.5 * (apart.high - apart.low)
    assert together == cohen_kappa(pairs, SCALE, clusters)


@given(st.lists(st.tuples(st.sampled_from(SCALE), st.sampled_from(SCALE)), max_size=12))
def test_kappa_is_at_most_one_and_one_only_for_equal_labels(pairs: list[tuple[str, str]]) -> None:
    clusters = [str(number) for number in range(len(pairs))]
    for weights in get_args(Weights):
        found = cohen_kappa(pairs, SCALE, clusters, weights)
        if found.value is None:
            assert len({label for pair in pairs for label in pair}) < 2
        else:
            assert (found.value == pytest.approx(1.0)) == all(first == second for first, second in pairs)
            assert found.value <= 1.0 + 1e-9
