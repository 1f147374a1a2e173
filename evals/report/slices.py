"""The figures slice by slice as bars with their tables: languages beside English, topics, kinds of question and of near
miss."""

from collections.abc import Iterator, Mapping, Sequence

from evals.report.difference_chart import difference_bar, difference_chart, difference_row
from evals.report.headline import chart, value_cell
from evals.report.markup import Markup, element
from evals.report.tables import folded, table
from evals.report.telling import arrow, better, in_order, label, slice_told, value_told
from evals.scores import Difference, Figure, Scores

# What is drawn of each slice, as far as it was measured; the tables hold the rest.
_DRAWN = ("answer_containment", "recall@1", "false_refusals", "abstain_recall")
_DRAWN_OF = {
    "language": _DRAWN,
    "topic": _DRAWN,
    "kind": ("abstention_right", "answer_containment", "recall@1", "citation_recall"),
    "near_miss": ("abstain_recall",),
}
# More values than this would be a wall: the worst are drawn, the table has all.
_MOST = 16
_FIRST = "en"
# Slices that only some questions belong to, so that even one value says something.
_PARTIAL = ("as_of", "contradiction")
_Figures = Mapping[str, Mapping[str, Figure]]


def slices(scores: Scores) -> Iterator[Markup]:
    """Languages, topics and kinds first; of other slices the tables, where they are more than the whole run."""
    for name in _DRAWN_OF:
        if name in scores.slices:
            values = dict(sorted(scores.slices[name].items(), key=lambda item: item[0] != _FIRST))
            yield from _slice(name, values, scores.against_english if name == "language" else {})
    others = {name: values for name, values in scores.slices.items() if name not in _DRAWN_OF}
    for name, values in others.items():
        if len(values) > 1 or name in _PARTIAL:
            yield folded(
                f"Table: {slice_told(name).lower()}, all figures", _table(slice_told(name), values), kind="twin"
            )


def _slice(name: str, values: _Figures, against_english: Mapping[str, Mapping[str, Difference]]) -> Iterator[Markup]:
    said = slice_told(name)
    yield element("h3", {}, said)
    drawn = [metric for metric in _DRAWN_OF[name] if sum(metric in figures for figures in values.values()) > 1]
    charts = [_chart(name, said, metric, values) for metric in drawn]
    if charts:
        yield element("div", {"class": "grid"}, *charts)
    yield folded(f"Table: {said.lower()}, all figures", _table(said, values), kind="twin")
    if against_english:
        yield from _english(against_english)


def _chart(name: str, said: str, metric: str, values: _Figures) -> Markup:
    rows = [(value_told(value), metric, figures[metric]) for value, figures in values.items() if metric in figures]
    note = "Value, 95 % interval · n"
    if len(rows) > _MOST:
        note += f". The {_MOST} worst of {len(rows)}"
        rows = sorted(rows, key=lambda row: row[2].value * better(metric))[:_MOST]
    identifier = f"{_slug(name)}-{_slug(metric)}"
    return chart(identifier, f"{label(metric)} {arrow(metric)} by {said.lower()}", note, rows)


def _table(said: str, values: _Figures) -> Markup:
    rows: list[Sequence[str]] = []
    for value, figures in values.items():
        rows.append((value_told(value),))
        rows += [
            (f"{label(metric)} {arrow(metric)}", value_cell(metric, figure), f"{figure.n:,} ({figure.clusters:,})")
            for metric, figure in in_order(figures).items()
        ]
    return table(f"{said}: every figure", ("Figure", "Value, 95 % interval", "n (clusters)"), rows)


def _english(against: Mapping[str, Mapping[str, Difference]]) -> Iterator[Markup]:
    """How much is lost where the same question is asked in another language."""
    yield element("h3", {}, "The same questions in English and in another language")
    charts = []
    for metric in _DRAWN[:2]:
        rows = [difference_bar(language, metric, each[metric]) for language, each in against.items() if metric in each]
        if rows:
            heading = f"{label(metric)} {arrow(metric)}: language less English"
            charts.append(difference_chart(f"english-{_slug(metric)}", heading, rows, better(metric)))
    yield element("div", {"class": "grid"}, *charts)
    cells: list[Sequence[str]] = []
    for language, figures in against.items():
        cells.append((language,))
        cells += [difference_row(label(metric), metric, each) for metric, each in figures.items() if metric in _DRAWN]
    heads = ("Figure", "English → language", "Difference, 95 % interval", "p adjusted", "n (clusters)")
    twin = table("Each language beside English, on the questions that both have", heads, cells)
    yield folded("Table: each language beside English", twin, kind="twin")


def _slug(name: str) -> str:
    return "".join(character if character.isascii() and character.isalnum() else "-" for character in name)
