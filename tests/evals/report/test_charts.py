"""Where charts put things."""

import re

from hypothesis import given
from hypothesis import strategies as st

from evals.report.charts import Bar, bars, curve, differences
from evals.report.curves import thinned
from evals.report.excerpts import excerpt, shortened
from evals.report.markup import Markup
from evals.scores import Point

SHARES = st.floats(0, 1)
_FINITE = st.floats(-1e6, 1e6)


def places(drawn: str, attribute: str) -> list[float]:
    return [float(value) for value in re.findall(rf' {attribute}="(-?[0-9.]+)%"', drawn)]


def test_a_bar_is_as_long_as_its_value_and_the_whisker_as_its_interval() -> None:
    drawn = bars("a", "Shares", "described", [Bar("en", 0.25, 0.125, 0.5, "0.250")])
    assert places(drawn, "width")[-1] == 25
    assert 'x1="12.50%" x2="50.00%"' in drawn
    assert "0.250" in drawn and "described" in drawn


def test_a_bar_without_an_interval_has_no_whisker() -> None:
    assert "whisker" not in bars("a", "Shares", "", [Bar("en", 0.25, None, None, "0.250")])


def test_a_difference_is_marked_better_or_worse_only_where_its_interval_leaves_out_zero() -> None:
    def mark(value: float, low: float, high: float, better: int) -> str:
        drawn = differences("a", "Moved", "", [Bar("en", value, low, high, "")], better)
        found = re.search('<svg class="(improved|worsened|unclear)"', drawn)
        assert found
        return found.group(1)

    assert mark(0.1, 0.05, 0.15, 1) == "improved"
    assert mark(0.1, 0.05, 0.15, -1) == "worsened"
    assert mark(-0.1, -0.15, -0.05, 1) == "worsened"
    assert mark(-0.1, -0.15, -0.05, -1) == "improved"
    assert mark(0.1, -0.05, 0.25, 1) == "unclear"


@given(st.lists(st.tuples(_FINITE, _FINITE, _FINITE), max_size=6))
def test_nothing_is_drawn_outside(found: list[tuple[float, float, float]]) -> None:
    rows = [Bar("", sorted(each)[1], min(each), max(each), "") for each in found]
    for drawn in (bars("a", "", "", rows), differences("a", "", "", rows, 1)):
        for attribute in ("x", "x1", "x2", "width"):
            assert all(-0.01 <= place <= 100.01 for place in places(drawn, attribute))


@given(st.lists(st.builds(Point, x=SHARES, y=SHARES, n=st.just(1)), max_size=40), st.booleans())
def test_a_curve_stays_in_its_plot(points: list[Point], diagonal: bool) -> None:
    drawn = curve("a", "Curve", "", points, ("x", "y"), diagonal)
    heights = [float(value) for value in re.findall(r' (?:y1|y2|cy)="(-?[0-9.]+)"', drawn)]
    assert all(-0.1 <= height <= 220.1 for height in heights)
    assert len(re.findall('class="curve"', drawn)) == max(0, len(points) - 1)


@given(st.integers(1, 500))
def test_a_thinned_curve_keeps_both_ends(count: int) -> None:
    points = [Point(x=place / 500, y=0, n=1) for place in range(count)]
    kept = thinned(points)
    assert len(kept) == min(count, 60)
    assert (kept[0], kept[-1]) == (points[0], points[-1])


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=20), max_size=4), st.integers(1, 60))
def test_an_excerpt_holds_every_quote_that_stands_in_the_passage(text: str, others: list[str], around: int) -> None:
    quotes = [*others, text[len(text) // 2 :][:30]]
    pieces = excerpt(text, quotes, around)
    marked = "".join(piece for piece in pieces if isinstance(piece, Markup))
    if quotes[-1]:
        assert "<mark>" in marked
    assert all(isinstance(piece, Markup) or len(piece) <= 3 * around + 5 for piece in pieces)


def test_a_long_passage_is_shortened_around_its_quotes() -> None:
    passage = "a" * 500 + "FIRST" + "b" * 500 + "SECOND" + "c" * 500
    pieces = excerpt(passage, ["SECOND", "FIRST"], 50)
    assert "".join(pieces) == (
        " … " + "a" * 50 + "<mark>FIRST</mark>" + "b" * 50 + " … " + "b" * 50 + "<mark>SECOND</mark>" + "c" * 50 + " …"
    )
    assert excerpt(passage, ["absent"], 50) == ["a" * 100 + " …"]
    assert shortened("one two three", 9) == "one two …"
