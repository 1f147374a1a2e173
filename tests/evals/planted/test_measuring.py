"""The measurement counts what the checks let through: checks that keep all, and checks that keep nothing."""

import pytest

from evals.planted.__main__ import lines
from evals.planted.measuring import TRUE, Rate, Trial, rates


def _trial(kind: str, right: bool, language: str = "en") -> Trial:
    return Trial("a/b", "test", language, kind, False, "text", right)


def test_true_statements_count_what_was_dropped_and_planted_ones_what_was_caught() -> None:
    trials = [_trial(TRUE, True), _trial(TRUE, False), _trial("year", True), _trial("year", False, "sq")]

    assert rates(trials, ["en"]) == [Rate(TRUE, "en", 1, 2), Rate("year", "en", 1, 1)]
    assert rates(trials) == [Rate(TRUE, "all", 1, 2), Rate("year", "all", 1, 2)]


def test_a_rate_has_an_interval_that_holds_it() -> None:
    low, high = Rate("year", "en", 97, 100).interval
    assert low < 0.97 < high
    assert Rate("year", "en", 97, 100).share == pytest.approx(0.97)


def test_the_table_names_each_language_and_the_others_together() -> None:
    told = lines([_trial(TRUE, True), _trial(TRUE, False, "sq"), _trial("year", True, "bn")])
    assert [line for line in told if not line.startswith(" ")] == ["en", "sq", "bn", "other languages"]
    assert any("dropped" in line and "1/1" in line for line in told)
