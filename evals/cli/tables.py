"""Scores, tallies and comparisons as tables of a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from evals.errors import InvalidChoice
from evals.library import Tally
from evals.scores import Comparison, Difference, Figure, Scores


def print_tallies(rows: Sequence[Tally]) -> None:
    print(f"{'':8} {'document first':>20} {'answer inside':>20} {'wrongly refused':>20} {'near misses refused':>22}")
    for row in rows:
        shares = (
            f"{_share(count, row.answerable):>20}"
            for count in (row.document_first, row.answer_inside, row.wrongly_refused)
        )
        print(f"{row.language:8} {' '.join(shares)} {_share(row.rightly_refused, row.near_misses):>22}")


def print_scores(scores: Scores, by: Sequence[str]) -> None:
    """All questions, then each slice asked for. Raises InvalidChoice for a slice there is not."""
    unknown = [name for name in by if name not in scores.slices]
    if unknown:
        raise InvalidChoice(f"--by {unknown[0]}: the slices are {', '.join(sorted(scores.slices)) or 'none'}.")
    console = _console()
    repeats = f", {scores.repeats} times each" if scores.repeats > 1 else ""
    missing = f"; {scores.missing} answers are missing" if scores.missing else ""
    title = f"{scores.run}: {scores.questions} questions{repeats}{missing}"
    single = {"aurc": scores.aurc, "calibration_error": scores.calibration_error}
    figures = {**scores.overall, **{name: figure for name, figure in single.items() if figure is not None}}
    console.print(_figures(title, figures))
    for name in by:
        for value, figures in scores.slices[name].items():
            console.print(_figures(f"{name} = {value}", figures))
    for language, differences in scores.against_english.items() if "language" in by else ():
        console.print(_differences(f"{language} against English, same questions", differences, "English", language))


def print_comparison(comparison: Comparison, by: Sequence[str], changed: int) -> None:
    """``changed``: how many of the changed questions to list."""
    unknown = [name for name in by if name not in comparison.slices]
    if unknown:
        raise InvalidChoice(f"--by {unknown[0]}: the slices are {', '.join(sorted(comparison.slices)) or 'none'}.")
    console = _console()
    apart = f", {comparison.only_old} only in the old, {comparison.only_new} only in the new"
    apart += f", {comparison.altered} ask something else now" if comparison.altered else ""
    title = f"{comparison.old} → {comparison.new}: {comparison.paired} paired answers{apart}"
    console.print(_differences(title, comparison.overall, "old", "new"))
    for name in by:
        for value, differences in comparison.slices[name].items():
            console.print(_differences(f"{name} = {value}", differences, "old", "new"))
    console.print(f"{len(comparison.changed)} answers changed in a metric", highlight=False)
    for each in comparison.changed[:changed]:
        moved = ", ".join(f"{metric} {old:.3g} → {new:.3g}" for metric, (old, new) in each.metrics.items())
        console.print(f"  {each.question_id}: {moved}", highlight=False, markup=False, soft_wrap=True)


def _figures(title: str, figures: Mapping[str, Figure]) -> Table:
    table = _table(title, "value", "95 % interval", "n", "clusters", "detectable")
    for name, figure in figures.items():
        detectable = "" if figure.detectable is None else f"{figure.detectable:.3f}"
        table.add_row(
            name,
            _number(figure.value),
            _interval(figure.low, figure.high),
            str(figure.n),
            str(figure.clusters),
            detectable,
        )
    return table


def _differences(title: str, differences: Mapping[str, Difference], old: str, new: str) -> Table:
    table = _table(title, old, new, "difference", "95 % interval", "p", "p (Holm)", "n", "clusters")
    for name, each in differences.items():
        table.add_row(
            name,
            _number(each.old),
            _number(each.new),
            f"{each.difference:+.3f}",
            _interval(each.low, each.high, "+"),
            _p(each.p),
            _p(each.p_adjusted),
            str(each.n),
            str(each.clusters),
        )
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("metric", no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _console() -> Console:
    console = Console()
    # A file or a pipe has no width that anything should be cut to.
    return console if console.is_terminal else Console(width=160)


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.0f}"


def _interval(low: float | None, high: float | None, sign: str = "") -> str:
    if low is None or high is None:
        return "none"
    return f"{low:{sign}.3f} to {high:{sign}.3f}" if max(abs(low), abs(high)) < 10 else f"{low:,.0f} to {high:,.0f}"


def _p(value: float | None) -> str:
    return "" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"


def _share(count: int, of: int) -> str:
    return f"{count}/{of} ({count / of:.3f})" if of else "none"
