"""Paired differences as a chart and as rows of a table: told alike for two runs and for two languages."""

from collections.abc import Sequence

from evals.report.charts import Bar, differences
from evals.report.markup import Markup, element
from evals.report.telling import arrow, interval, signed, told
from evals.scores import Difference

_MARKS = "▲ better, ▼ worse, ○ may be chance. Difference, 95 % interval"


def difference_chart(identifier: str, heading: str, rows: Sequence[Bar], better: int) -> Markup:
    description = "; ".join(f"{row.label} {row.told}" for row in rows)
    chart = differences(identifier, heading, description, rows, better)
    caption = element("figcaption", {}, element("b", {}, heading), element("span", {"class": "note"}, _MARKS))
    return element("figure", {}, caption, chart)


def difference_bar(name: str, metric: str, each: Difference) -> Bar:
    around = interval(metric, each.low, each.high, sign=True)
    return Bar(name, each.difference, each.low, each.high, f"{signed(metric, each.difference)} {around}".strip())


def difference_row(name: str, metric: str, each: Difference) -> Sequence[str]:
    """Name, both values, difference with interval, adjusted p, n and clusters."""
    around = interval(metric, each.low, each.high, sign=True) or "no interval"
    return (
        f"{name} {arrow(metric)}",
        f"{told(metric, each.old)} → {told(metric, each.new)}",
        Markup(element("b", {}, signed(metric, each.difference)) + element("small", {}, around)),
        "–" if each.p_adjusted is None else f"{each.p_adjusted:.3f}",
        f"{each.n:,} ({each.clusters:,})",
    )
