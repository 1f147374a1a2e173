"""How well the desk's confidence sorts right answers from wrong ones: two curves with their tables."""

from collections.abc import Iterator, Sequence

from evals.report.charts import curve
from evals.report.headline import value_cell
from evals.report.markup import Markup, element
from evals.report.tables import folded, table
from evals.report.telling import label
from evals.scores import Point, Scores, Variance

_ENOUGH = 60


def curves(scores: Scores) -> Iterator[Markup]:
    drawn = []
    if scores.risk_coverage:
        drawn.append(
            _plot(
                "risk-coverage",
                "Risk and coverage",
                "If only the surest answers were given: how many of them would be wrong? Low and flat is good.",
                ("share of questions answered", "share of those wrong"),
                thinned(scores.risk_coverage),
            )
        )
    if scores.reliability:
        drawn.append(
            _plot(
                "reliability",
                "Reliability",
                "Where the desk says 0.8, is eight in ten covered? The dashed line is where word and fact agree.",
                ("stated confidence", "share that is covered"),
                scores.reliability,
            )
        )
    summed = {
        "Risk, mean over the curve ↓": scores.aurc,
        "Distance of word from fact, mean ↓": scores.calibration_error,
    }
    rows = [
        (name, value_cell("", figure), f"{figure.n:,} ({figure.clusters:,})")
        for name, figure in summed.items()
        if figure
    ]
    if drawn:
        yield element("div", {"class": "grid"}, *drawn)
    if rows:
        yield table("Confidence in two figures", ("Figure", "Value, 95 % interval", "n (clusters)"), rows)


def repeats(variance: dict[str, Variance]) -> Markup:
    """How much of what varies lies between questions, and how much between runs of the same question."""
    rows = [
        (label(name), f"{each.between_questions:.4f}", f"{each.between_runs:.4f}", str(each.repeats))
        for name, each in variance.items()
    ]
    heads = ("Figure", "Variance between questions", "Variance between runs", "Runs")
    return table("The same questions asked several times", heads, rows)


def thinned(points: Sequence[Point]) -> Sequence[Point]:
    """As many as an eye can tell apart, the first and the last among them."""
    if len(points) <= _ENOUGH:
        return points
    step = (len(points) - 1) / (_ENOUGH - 1)
    return [points[round(index * step)] for index in range(_ENOUGH)]


def _plot(identifier: str, heading: str, note: str, axes: tuple[str, str], points: Sequence[Point]) -> Markup:
    first, last = points[0], points[-1]
    description = (
        f"{note} {len(points)} points, from {axes[0]} {first.x:.2f}, {axes[1]} {first.y:.2f} "
        f"to {axes[0]} {last.x:.2f}, {axes[1]} {last.y:.2f}."
    )
    caption = element("figcaption", {}, element("b", {}, heading), element("span", {"class": "note"}, note))
    drawn = curve(identifier, heading, description, points, axes, diagonal=identifier == "reliability")
    rows = [(f"{point.x:.3f}", f"{point.y:.3f}", f"{point.n:,}") for point in points]
    twin = table(heading, (axes[0], axes[1], "questions"), rows)
    plotted = element("div", {"class": "plotted"}, drawn)
    return element("figure", {}, caption, plotted, folded(f"Table: {heading.lower()}", twin, kind="twin"))
