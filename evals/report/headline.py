"""The figures of a run: those that matter most as bars, all of them as a table, and what they cost in time and
tokens."""

from collections.abc import Iterable, Iterator, Sequence

from evals.report.charts import Bar, bars
from evals.report.markup import Markup, element
from evals.report.tables import folded, table
from evals.report.telling import arrow, better, family, in_order, interval, is_headline, is_share, label, told
from evals.scores import Figure, Scores

_HOW_TO_READ = (
    "Each figure stands with its 95 % interval: had other questions of the same kind been asked, it would lie there "
    "nineteen times in twenty. Questions that stand or fall together (one question in nine languages, say) are one "
    "cluster, and the interval rests on clusters. “Detectable” is the smallest difference between two runs that this "
    "set of questions would show four times in five; a smaller one may be there and go unseen."
)


def headline(scores: Scores) -> Iterator[Markup]:
    shown = [(label(name), name, figure) for name, figure in scores.overall.items() if is_headline(name)]
    yield element("p", {}, _HOW_TO_READ)
    charts = []
    for course, heading in ((1, "More is better ↑"), (-1, "Less is better ↓")):
        rows = [row for row in shown if better(row[1]) == course and is_share(row[1])]
        if rows:
            identifier = f"headline-{'more' if course > 0 else 'less'}"
            charts.append(chart(identifier, heading, "Value, 95 % interval · n", rows))
    yield element("div", {"class": "grid"}, *charts)
    yield folded(
        "Table: every figure with n, clusters and the smallest detectable difference", *_all(scores), shown=True
    )


def costs(scores: Scores) -> Iterator[Markup]:
    """Milliseconds and tokens."""
    timed = [(label(name), name, figure) for name, figure in in_order(scores.overall).items() if name.endswith("_ms")]
    if timed:
        yield chart("latency", "Milliseconds from the question", "Value, 95 % interval · n", timed)
        twin = figures_table("Milliseconds from the question", {name: figure for _, name, figure in timed})
        yield folded("Table: milliseconds", twin, kind="twin")
    counted = {name: figure for name, figure in scores.overall.items() if name.startswith("tokens_")}
    if counted:
        yield figures_table("Tokens an answer, mean", counted)
    else:
        yield element("p", {"class": "note"}, "No tokens were counted: no model wrote, or it did not say.")


def chart(identifier: str, heading: str, note: str, figures: Iterable[tuple[str, str, Figure]]) -> Markup:
    """Bars under a heading. ``figures``: what the bar is called, the metric, and its figure."""
    rows = [_bar(name, metric, figure) for name, metric, figure in figures]
    description = "; ".join(f"{row.label} {row.told}" for row in rows)
    caption = element("figcaption", {}, element("b", {}, heading), element("span", {"class": "note"}, note))
    return element("figure", {}, caption, bars(identifier, heading, description, rows))


def figures_table(caption: str, figures: dict[str, Figure]) -> Markup:
    """By family."""
    return table(caption, ("Figure", "Value, 95 % interval", "n (clusters)", "Detectable"), _rows(figures))


def value_cell(name: str, figure: Figure) -> Markup:
    around = element("small", {}, interval(name, figure.low, figure.high) or "no interval")
    return Markup(element("b", {}, told(name, figure.value)) + around)


def _all(scores: Scores) -> Iterator[Markup]:
    yield element("p", {"class": "note"}, "↑ more is better, ↓ less is better.")
    yield figures_table(f"{scores.questions:,} questions", scores.overall)


def _bar(name: str, metric: str, figure: Figure) -> Bar:
    said = f"{told(metric, figure.value)} {interval(metric, figure.low, figure.high)}".strip()
    return Bar(name, figure.value, figure.low, figure.high, f"{said} · {figure.n:,}")


def _rows(figures: dict[str, Figure]) -> Iterator[Sequence[str]]:
    families: dict[str, list[str]] = {}
    for metric in in_order(figures):
        families.setdefault(family(metric), []).append(metric)
    for name, metrics in families.items():
        yield (name,)
        for metric in metrics:
            figure = figures[metric]
            detectable = "–" if figure.detectable is None else told(metric, figure.detectable)
            counted = f"{figure.n:,} ({figure.clusters:,})"
            yield f"{label(metric)} {arrow(metric)}", value_cell(metric, figure), counted, detectable
