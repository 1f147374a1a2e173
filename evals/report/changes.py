"""What changed against a baseline: the gate's verdict, paired differences, and the questions that changed with both
answers beside each other."""

from collections.abc import Iterator, Mapping, Sequence

from evals.records import AnswerRecord
from evals.report.answer_view import answered, columns, part
from evals.report.difference_chart import difference_bar, difference_chart, difference_row
from evals.report.markup import Markup, element
from evals.report.question_list import ON_PAPER
from evals.report.question_view import asked, expected, facts
from evals.report.results import Result
from evals.report.tables import folded, table
from evals.report.telling import better, gain, interval, is_share, label, signed, slice_told, told, value_told
from evals.scores import Breach, ChangedQuestion, Comparison, Difference, Verdict

_HOW = (
    "New minus old on the same questions, with its 95 % interval. p is how often chance alone would make a difference "
    "as large, corrected (Holm) for how many were tested; “–” was not tested."
)
_MOST, _SHORT = 60, 200


def verdict_told(verdict: Verdict) -> Markup:
    """The gate's verdict and each reason for it."""
    reasons = len(verdict.breaches)
    if verdict.passed:
        said = element(
            "p", {"class": "right"}, f"✓ The gate passes: {verdict.checked:,} bounds looked at, none broken."
        )
    else:
        counted = f"{reasons:,} {'reason' if reasons == 1 else 'reasons'}"
        said = element(
            "p", {"class": "wrong"}, f"✗ The gate fails for {counted}; {verdict.checked:,} bounds looked at."
        )
    parts = [said]
    whole = [breach for breach in verdict.breaches if not breach.slice]
    on_slices = [breach for breach in verdict.breaches if breach.slice]
    if whole:
        parts.append(_listed(whole))
    if on_slices:
        parts.append(folded(f"On slices: {len(on_slices):,}", _listed(on_slices), shown=not whole))
    if verdict.unchecked:
        lacking = ", ".join(label(metric) for metric in verdict.unchecked)
        parts.append(element("p", {"class": "note"}, f"Not checked, since the runs lack it: {lacking}."))
    return element("div", {"class": "gate" if verdict.passed else "gate failed"}, *parts)


def changes(
    comparison: Comparison,
    verdict: Verdict,
    results: Mapping[str, Result],
    old_answers: Mapping[tuple[str, int], AnswerRecord],
    new_answers: Mapping[tuple[str, int], AnswerRecord],
) -> Iterator[Markup]:
    """``results`` by question; answers by question and repeat."""
    counts = (
        (comparison.only_old, "only in the old run"),
        (comparison.only_new, "only in the new run"),
        (comparison.altered, "no longer ask the same"),
    )
    left = [f"{count:,} {which}" for count, which in counts if count]
    told_left = f" ({', '.join(left)})" if left else ""
    yield element(
        "p",
        {},
        "Baseline ",
        element("b", {}, comparison.old),
        f": {comparison.paired:,} answers of both runs are compared{told_left}. {_HOW}",
    )
    yield verdict_told(verdict)
    charts = list(_charts(comparison.overall))
    yield element("div", {"class": "grid"}, *charts) if charts else element("p", {}, "No share moved.")
    yield folded("Table: differences over all questions", _table("All questions", comparison.overall), kind="twin")
    yield from _slices(comparison)
    yield from _questions(comparison.changed, results, old_answers, new_answers)


def _charts(overall: Mapping[str, Difference]) -> Iterator[Markup]:
    """Shares that moved: milliseconds would leave them no room. Those of which more is better apart from the others."""
    for course, heading in ((1, "More is better ↑"), (-1, "Less is better ↓")):
        moved = {
            metric: each
            for metric, each in overall.items()
            if better(metric) == course and is_share(metric) and (each.difference or each.low or each.high)
        }
        if moved:
            rows = [difference_bar(label(metric), metric, each) for metric, each in moved.items()]
            yield difference_chart(f"changed-{'more' if course > 0 else 'less'}", heading, rows, course)


def _listed(breaches: Sequence[Breach]) -> Markup:
    return element("ul", {}, *(element("li", {}, _reason(breach)) for breach in breaches))


def _reason(breach: Breach) -> str:
    """In the words of this page, where the gate names a metric."""
    metric, difference = breach.metric, breach.difference
    if metric is None or difference is None:
        return breach.what
    name, _, value = (breach.slice or "").partition("=")
    where = f" ({slice_told(name).lower()} {value_told(value)})" if breach.slice else ""
    bounds = [bound for bound in (difference.low, difference.high) if bound is not None] or [difference.difference]
    surely = breach.margin == 0 or all(gain(metric, bound) < 0 for bound in bounds)
    around = interval(metric, difference.low, difference.high, sign=True)
    moved = f"{told(metric, difference.old)} → {told(metric, difference.new)}"
    margin = "" if breach.margin is None else f", margin {told(metric, breach.margin)}"
    verdict = "is worse" if surely else "is not shown to be as good"
    return f"{label(metric)}{where} {verdict}: {moved}, {signed(metric, difference.difference)} {around}{margin}"


def _table(caption: str, figures: Mapping[str, Difference]) -> Markup:
    columns_ = ("Figure", "Old → new", "Difference, 95 % interval", "p adjusted", "n (clusters)")
    return table(caption, columns_, (difference_row(label(metric), metric, each) for metric, each in figures.items()))


def _slices(comparison: Comparison) -> Iterator[Markup]:
    """Where something changed beyond chance, slice by slice; the rest is in the JSON."""
    rows: list[Sequence[str]] = []
    for name, values in comparison.slices.items():
        for value, figures in values.items():
            where = f"{slice_told(name)} {value_told(value)}"
            clear = ((metric, each) for metric, each in figures.items() if is_share(metric) and _is_clear(each))
            rows += [difference_row(f"{where}: {label(metric)}", metric, each) for metric, each in clear]
    if not rows:
        yield element("p", {}, "In no slice does the interval of a difference leave out zero.")
        return
    heads = ("Slice and figure", "Old → new", "Difference, 95 % interval", "p adjusted", "n (clusters)")
    yield folded(f"Slices whose interval leaves out zero: {len(rows)}", table("By slice", heads, rows))


def _is_clear(each: Difference) -> bool:
    return each.low is not None and each.high is not None and (each.low > 0 or each.high < 0)


def _questions(
    changed: Sequence[ChangedQuestion],
    results: Mapping[str, Result],
    old_answers: Mapping[tuple[str, int], AnswerRecord],
    new_answers: Mapping[tuple[str, int], AnswerRecord],
) -> Iterator[Markup]:
    """The greatest losses first, as the comparison has them; of many, both ends."""
    yield element("h3", {}, f"Questions that changed: {len(changed):,}")
    if len(changed) > _MOST:
        half = _MOST // 2
        yield element("p", {"class": "note"}, f"Here are the {half} greatest losses and the {half} greatest gains.")
        changed = [*changed[:half], *changed[-half:]]
    if len(changed) > ON_PAPER:
        yield element("p", {"class": "note on-paper"}, f"On paper the answers of the first {ON_PAPER}.")
    pairs = []
    for each in changed:
        result, key = results.get(each.question_id), (each.question_id, each.repeat)
        if result is not None and key in new_answers:
            pairs.append(_side_by_side(each, result, old_answers.get(key), new_answers[key]))
    yield element("div", {}, *pairs)


def _side_by_side(each: ChangedQuestion, result: Result, old: AnswerRecord | None, new: AnswerRecord) -> Markup:
    gains = [gain(metric, now - before) for metric, (before, now) in each.metrics.items()]
    kind, sign = ("wrong", "▼ worse") if min(gains) < 0 else ("right", "▲ better")
    sign = "▼▲ mixed" if min(gains) < 0 < max(gains) else sign
    moved = "; ".join(
        f"{label(metric)} {told(metric, before)} → {told(metric, now)}"
        for metric, (before, now) in each.metrics.items()
    )
    before = answered(old, "Old") if old else part("Old", element("p", {}, "The baseline keeps no answers."))
    head = [element("b", {"class": kind}, sign), Markup(" "), asked(result.question, _SHORT)]
    pair = columns(before, answered(new, "New"))
    inner = element("div", {}, facts(result), element("p", {"class": "note"}, moved), expected(result.question), pair)
    return element("details", {"class": "entry"}, element("summary", {}, *head), inner)
