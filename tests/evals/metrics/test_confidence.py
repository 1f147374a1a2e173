"""Risk-coverage and reliability, against sums done by hand."""

import numpy as np
import pytest

from evals.metrics.confidence import Stated, area_under_risk, calibration_error, reliability, risk_coverage, stated
from evals.metrics.view import view_of
from tests.evals.made_runs import answered, asked, refused, said

ONCE = np.ones((1, 1))


def item(confidence: float, wrong: bool | None, answerable: bool = True) -> Stated:
    return Stated("c", confidence, answerable, wrong, True)


def test_the_curve_answers_the_surest_first_and_ends_at_what_was_answered() -> None:
    items = [item(0.5, True), item(0.9, False), item(0.1, None, False), item(0.8, True)]
    curve = risk_coverage(items)
    assert [(point.x, point.y, point.n) for point in curve] == [(0.25, 0.0, 1), (0.5, 0.5, 2), (0.75, 2 / 3, 3)]
    assert area_under_risk(items, ONCE, ["c"])[0] == pytest.approx((0 + 1 / 2 + 2 / 3) / 3)


def test_answers_of_one_confidence_come_together_in_whatever_order() -> None:
    items = [item(0.7, True), item(0.7, False), item(0.9, False)]
    first, last = risk_coverage(items)
    assert (first.n, first.y, last.n) == (1, 0.0, 3)
    assert last.y == pytest.approx(1 / 3)
    expected = (0 + 2 * (1 / 3)) / 3
    for order in (items, items[::-1]):
        assert area_under_risk(order, ONCE, ["c"])[0] == pytest.approx(expected)


def test_a_thousand_points_are_thinned_and_the_last_is_kept() -> None:
    curve = risk_coverage([item(number / 1000, False) for number in range(1000)])
    assert len(curve) == 100
    assert curve[-1].x == 1.0


def test_a_desk_that_answered_nothing_has_no_curve() -> None:
    assert risk_coverage([item(0.2, None)]) == ()
    assert np.isnan(area_under_risk([item(0.2, None)], ONCE, ["c"])[0])


def test_where_questions_hold_no_accepted_answers_there_is_no_curve_of_wrong_ones_alone() -> None:
    unjudged = Stated("c", 0.8, True, None, False)
    items = [unjudged, item(0.7, True, answerable=False), item(0.1, None, answerable=False)]
    assert risk_coverage(items) == ()
    assert np.isnan(area_under_risk(items, ONCE, ["c"])[0])


def test_reliability_sets_what_was_stated_against_what_had_an_answer() -> None:
    items = [
        item(0.95, False),
        item(0.95, False, answerable=False),
        item(0.05, None, answerable=False),
        item(1.0, True),
    ]
    low, high = reliability(items)
    assert (low.x, low.y, low.n) == (0.05, 0.0, 1)
    assert high.n == 3
    assert high.x == pytest.approx(2.9 / 3)
    assert high.y == pytest.approx(2 / 3)
    error = calibration_error(items, ONCE, ["c"])[0]
    assert error == pytest.approx(0.05 / 4 + abs(2.9 / 3 - 2 / 3) * 3 / 4)


def test_what_cannot_be_judged_is_in_no_curve() -> None:
    question = asked(gold_doc_ids=["drin"])
    unjudged = stated(view_of(question, answered(said("Yes."), confidence=0.8)), "c")
    assert unjudged is not None
    assert not unjudged.judged
    assert risk_coverage([unjudged]) == ()
    assert stated(view_of(question, refused(confidence=None)), "c") is None
    assert stated(view_of(asked(expected="clarify"), refused(confidence=0.3)), "c") is None
