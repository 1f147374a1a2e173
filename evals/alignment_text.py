"""An alignment as Markdown, to be read in a terminal or put beside a report. Pure."""

from collections.abc import Iterable, Iterator

from evals.agreement import Agreement
from evals.alignment_result import Alignment, JudgeAgainstPeople, JudgeAlignment
from evals.correlation import Correlation
from evals.judging.verdicts import VERDICTS
from evals.scores import Figure

_NONE = "–"
_FIGURES = Agreement | Correlation | Figure


def alignment_text(alignment: Alignment) -> str:
    """Who labelled what, and the tables: people among themselves, judge with people, metrics with people."""
    return "\n".join(
        [
            f"# Agreement with people: {alignment.run}",
            "",
            _who(alignment),
            "",
            *_between_raters(alignment),
            *(_judge(alignment.judge) if alignment.judge is not None else ["The run was not judged by a model.", ""]),
            *_metrics(alignment),
        ]
    )


def _who(alignment: Alignment) -> str:
    raters = ", ".join(f"{rater.initials} ({rater.labelled})" for rater in alignment.raters)
    unsure = sum(rater.unsure for rater in alignment.raters)
    days = sorted({moment.date().isoformat() for moment in (alignment.first, alignment.last) if moment is not None})
    when = f", {' to '.join(days)}" if days else ""
    return (
        f"{alignment.items} items labelled by {raters}{when}; {unsure} labels were “cannot tell”. The items were drawn "
        "by strata and for disagreement: what follows is of them, and no estimate for the run."
    )


def _between_raters(alignment: Alignment) -> Iterator[str]:
    yield from (
        "| among people | kappa | weighted | alpha | equal labels | items |",
        "| --- | --- | --- | --- | --- | --- |",
    )
    for asked, found in alignment.between_raters.items():
        cells = [shown(each) for each in (found.kappa, found.weighted_kappa, found.alpha)]
        equal = _NONE if found.alpha.observed is None else f"{found.alpha.observed:.2f}"
        yield f"| {asked} | {' | '.join(cells)} | {equal} | {found.alpha.n} |"
    yield ""
    yield from _reasons((asked, found.kappa or found.alpha) for asked, found in alignment.between_raters.items())


def _judge(judge: JudgeAlignment) -> Iterator[str]:
    prompts = ", ".join(f"{name} {digest}" for name, digest in judge.pin.prompts.items())
    served = f", served as {', '.join(judge.served)}" if judge.served and judge.served != (judge.pin.model,) else ""
    yield from (f"Judge {judge.pin.model}{served}; temperature {judge.pin.temperature:g}; {prompts}.", "")
    if not judge.kinds:
        yield from ("None of its verdicts is on an item that people labelled.", "")
        return
    yield "| judge with people | kappa | weighted | sees a fault | passes what is right | items | tied | no verdict |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for kind, found in judge.kinds.items():
        cells = [shown(each) for each in (found.agreement, found.weighted, found.sensitivity, found.specificity)]
        yield f"| {kind} | {' | '.join(cells)} | {found.agreement.n} | {found.tied} | {found.without_verdict} |"
    yield ""
    yield from _reasons((kind, found.agreement) for kind, found in judge.kinds.items())
    for kind, found in judge.kinds.items():
        yield from _confusion(kind, found)


def _reasons(found: Iterable[tuple[str, Agreement]]) -> list[str]:
    told = [f"- {name}: {agreement.why}" for name, agreement in found if agreement.why]
    return [*told, ""] if told else []


def _confusion(kind: str, found: JudgeAgainstPeople) -> Iterator[str]:
    columns = (*VERDICTS, "no verdict")
    yield from (f"| {kind}: people ↓ judge → | {' | '.join(columns)} |", "| --- " * (len(columns) + 1) + "|")
    for label in VERDICTS:
        row = found.confusion.get(label, {})
        yield f"| {label} | {' | '.join(str(row.get(column, 0)) for column in columns)} |"
    yield ""


def _metrics(alignment: Alignment) -> Iterator[str]:
    if not alignment.metrics:
        yield "Too few items are labelled to set metrics beside people."
        return
    yield from ("| metric with people | label | Spearman | Kendall | items |", "| --- | --- | --- | --- | --- |")
    rows = [(name, asked, found) for name, by in alignment.metrics.items() for asked, found in by.items()]
    for name, asked, found in sorted(rows, key=lambda row: (-abs(row[2].spearman.value or 0.0), row[0], row[1])):
        if found.spearman.value is not None:
            yield f"| {name} | {asked} | {shown(found.spearman)} | {shown(found.kendall)} | {found.spearman.n} |"
    same = sorted({name for name, _, found in rows if found.spearman.value is None})
    if same:
        yield from ("", f"No correlation where one side never varies: {', '.join(same)}.")


def shown(figure: _FIGURES | None) -> str:
    """``0.72 [0.50, 0.88]``; a dash where there is none."""
    if figure is None or figure.value is None:
        return _NONE
    interval = "" if figure.low is None or figure.high is None else f" [{figure.low:.2f}, {figure.high:.2f}]"
    return f"{figure.value:.2f}{interval}"
