"""What a model judge said of a run, and how far judge and metrics agree with people: shown where the run holds it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from evals.agreement import Agreement
from evals.alignment_result import ALIGNMENT, Alignment, read_alignment
from evals.correlation import Correlation
from evals.judging.result import JUDGE, JudgeResult, read_judge
from evals.report.headline import value_cell
from evals.report.markup import Markup, element
from evals.report.tables import folded, table
from evals.report.telling import interval, label
from evals.scores import Figure

_ASKED = {
    "support": "Does the source support the sentence?",
    "completeness": "Does the answer hold what it should?",
    "answers": "Does the answer answer the question?",
    "refusal": "Is the refusal right?",
}


def judged(run: Path) -> Iterator[Markup]:
    """Raises InvalidRun for files that cannot be read."""
    if (run / JUDGE).exists():
        yield from _judge(read_judge(run))
    if (run / ALIGNMENT).exists():
        yield from _people(read_alignment(run))


def _judge(judge: JudgeResult) -> Iterator[Markup]:
    use = "may be used in a gate" if judge.usable_in_gate else "decides nothing: no agreement with people allows it yet"
    served = f" (served as {', '.join(judge.served)})" if judge.served else ""
    said = f"Judged by {judge.pin.model}{served} at temperature {judge.pin.temperature:g}; it {use}."
    yield element("p", {"dir": "auto"}, said)
    rows = []
    for kind, tally in judge.tallies.items():
        figure = judge.figures.get(f"judge_{kind}")
        counts = [f"{count:,}" for count in (tally.yes, tally.partly, tally.no, tally.missing)]
        value = value_cell("", figure) if figure else Markup("–")
        rows.append((_asked(kind), value, *counts))
    heads = ("Judgement", "Share of yes, 95 % interval", "Yes", "Partly", "No", "No verdict")
    yield table("What the judge said", heads, rows)
    yield from (element("p", {"class": "note", "dir": "auto"}, f"! {warning}") for warning in judge.warnings)


def _people(alignment: Alignment) -> Iterator[Markup]:
    raters = ", ".join(f"{rater.initials} ({rater.labelled})" for rater in alignment.raters)
    yield element("h3", {}, "Agreement with people")
    said = f"{alignment.items:,} items were labelled, blind, by {len(alignment.raters)} raters: {raters}."
    why = "They were drawn by strata and for disagreement, so that their shares are no estimate for the run."
    yield element("p", {"dir": "auto"}, f"{said} {why}")
    heads = ("Question", "Measure", "Value, 95 % interval", "Equal labels", "n (clusters)")
    among = [
        _agreement(_asked(asked), agreement)
        for asked, between in alignment.between_raters.items()
        for agreement in (between.kappa, between.weighted_kappa, between.alpha)
        if agreement
    ]
    if among:
        yield table("People among themselves (1 is perfect, 0 is chance)", heads, among)
    if alignment.judge:
        against = [
            _agreement(_asked(kind), agreement)
            for kind, each in alignment.judge.kinds.items()
            for agreement in (each.agreement, each.weighted)
        ]
        yield table("The judge and most raters (1 is perfect, 0 is chance)", heads, against)
        yield table("What the judge sees", ("Question", "Faults seen", "Passes passed"), list(_seen(alignment)))
    correlations = [
        (f"{label(metric)}: {_asked(asked)}", _value(each.spearman), _value(each.kendall), _counted(each.spearman))
        for metric, by_question in alignment.metrics.items()
        for asked, each in by_question.items()
    ]
    if correlations:
        caption = "Metrics and people, rank correlation (1: the metric sees what people see)"
        measures = ("Metric and question", "Spearman, 95 % interval", "Kendall, 95 % interval", "n (clusters)")
        yield folded("Table: each metric beside the people", table(caption, measures, correlations), shown=True)


def _seen(alignment: Alignment) -> Iterator[Sequence[str]]:
    for kind, each in alignment.judge.kinds.items() if alignment.judge else ():
        yield _asked(kind), _share(each.sensitivity), _share(each.specificity)


def _agreement(asked: str, agreement: Agreement) -> Sequence[str]:
    observed = "–" if agreement.observed is None else f"{agreement.observed:.3f}"
    return asked, agreement.measure, _value(agreement), observed, _counted(agreement)


def _value(found: Agreement | Correlation) -> Markup:
    if found.value is None:
        return element("small", {}, found.why or "not known")
    around = element("small", {}, interval("", found.low, found.high) or found.why or "no interval")
    return Markup(element("b", {}, f"{found.value:.3f}") + around)


def _share(figure: Figure | None) -> Markup:
    return value_cell("", figure) if figure else Markup("–")


def _counted(found: Agreement | Correlation) -> str:
    return f"{found.n:,} ({found.clusters:,})"


def _asked(name: str) -> str:
    return _ASKED.get(name, name)
