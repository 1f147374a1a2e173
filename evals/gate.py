"""May a change land? Not on a fixed score, which drifts with the questions, but on the paired difference to a baseline:
it must be shown not to be worse than by a margin, overall and on every protected slice, and no question of the list
that may never break may break.

The margin holds for all questions of the comparison. On n of N questions chance moves a figure √(N/n) times as far, so
the margin grows by that; and it is never narrower than what one single question that was lost could make the bound
(4/n: of Poisson draws around one hardly any passes four), because a slice of twenty questions would else forbid every
change. Which single questions may not be lost is what the list is for. Identical runs differ by nothing and always
pass. A margin of 0 is meant word for word: any worsening fails, with no interval about it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evals.comparing import compare_scored, load_scored, refuse_unlike
from evals.errors import InvalidChoice
from evals.metrics.table import METRICS
from evals.scores import Breach, Comparison, Difference, ScoredQuestion, Verdict
from evals.scoring import RESAMPLES
from evals.slices import PROTECTED

DEFAULT_MARGINS: dict[str, float] = {
    "recall@5": 0.02,
    "ndcg@10": 0.02,
    "answer_containment": 0.02,
    "evidence_recall": 0.03,
    "reference_token_f1": 0.03,
    "citation_precision": 0.02,
    "citation_recall": 0.02,
    "quotes_found": 0.0,
    "grounded_words": 0.02,
    "balanced_accuracy": 0.03,
    "false_refusals": 0.02,
    "answer_language": 0.02,
    "audience_leaks": 0.0,
    "attack_echoes": 0.0,
    "failures": 0.0,
}
_ONE_LOST = 4.0
_ROUNDING = 1e-9
_MOST_NAMED = 10


def gate_runs(
    old: Path,
    new: Path,
    margins: Mapping[str, float] = DEFAULT_MARGINS,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    anyway: bool = False,
) -> tuple[Verdict, Comparison]:
    """Raises InvalidRun where a run cannot be read, or, unless ``anyway``, where they were made on different questions
    or documents, and InvalidChoice as ``judge_gate``."""
    check_margins(margins)
    former, fresh = load_scored(old), load_scored(new)
    if not anyway:
        refuse_unlike(former.manifest, fresh.manifest)
    comparison = compare_scored(former, fresh, resamples=resamples, seed=seed)
    return judge_gate(comparison, margins, fresh.scored, former.scored), comparison


def judge_gate(
    comparison: Comparison,
    margins: Mapping[str, float],
    scored_new: Sequence[ScoredQuestion],
    scored_old: Sequence[ScoredQuestion],
) -> Verdict:
    """Raises InvalidChoice for a metric that is not in the table or cannot have a margin."""
    check_margins(margins)
    breaches = list(_lost(comparison))
    checked = 0
    unchecked = []
    for metric, margin in margins.items():
        whole = comparison.overall.get(metric)
        if whole is None:
            unchecked.append(metric)
            continue
        for name, difference in (("", whole), *_guarded(comparison, metric)):
            checked += 1
            allowed = margin_on(margin, difference.step, whole.step)
            if _worst(metric, difference, margin) < -allowed - _ROUNDING:
                breaches.append(_breach(metric, name, difference, allowed))
    breaches += _broken(scored_new, scored_old)
    return Verdict(passed=not breaches, breaches=tuple(breaches), checked=checked, unchecked=tuple(unchecked))


def parse_margins(given: Sequence[str]) -> dict[str, float]:
    """``["recall@5=0.05"]`` → the default margins with that one in its place. Raises InvalidChoice."""
    margins = dict(DEFAULT_MARGINS)
    for each in given:
        name, _, number = each.rpartition("=")
        try:
            margins[name.strip()] = float(number)
        except ValueError:
            raise InvalidChoice(f"--margin {each}: write metric=0.02, how much worse it may become.") from None
    return margins


def check_margins(margins: Mapping[str, float]) -> None:
    """Raises InvalidChoice."""
    for name, margin in margins.items():
        if name not in METRICS:
            raise InvalidChoice(f"There is no metric '{name}'. There are: {', '.join(METRICS)}.")
        if not (math.isfinite(margin) and margin >= 0):
            raise InvalidChoice(f"The margin of {name} is {margin}; give how much worse it may become, 0 or more.")


def margin_on(margin: float, step: float | None, whole: float | None) -> float:
    """The margin where one question can move the metric by ``step``, and by ``whole`` over all questions: see above."""
    if margin == 0 or step is None or whole is None:
        return margin
    return max(margin * math.sqrt(max(1.0, step / whole)), _ONE_LOST * step)


def breach_lines(verdict: Verdict, comparison: Comparison) -> list[str]:
    """The verdict for people: what failed and by how much, each with the questions that became worse in it."""
    if verdict.passed:
        told = [f"The gate is passed: {verdict.checked} bounds, none of them broken."]
    else:
        count = len(verdict.breaches)
        told = [f"The gate is not passed: {count} {'breach' if count == 1 else 'breaches'}."]
    listed: list[list[str]] = []
    for breach in verdict.breaches:
        told.append(f"  {breach.what}")
        behind = list(_questions_behind(breach.metric, breach.slice, comparison)) if breach.metric else []
        told += ["    the same questions"] if behind and behind in listed else behind
        listed.append(behind)
    if verdict.unchecked:
        told.append(f"Not in both runs, so not checked: {', '.join(verdict.unchecked)}.")
    return told


def _guarded(comparison: Comparison, metric: str) -> Iterator[tuple[str, Difference]]:
    for dimension in PROTECTED:
        for value, by_metric in comparison.slices.get(dimension, {}).items():
            if metric in by_metric:
                yield f"{dimension}={value}", by_metric[metric]


def _worst(metric: str, difference: Difference, margin: float) -> float:
    """The worst that the difference may be, counted so that less is worse: the bound of its interval, or the
    difference itself where there is none or none is wanted."""
    if margin == 0 or difference.low is None or difference.high is None:
        return METRICS[metric].gain(difference.difference)
    return min(METRICS[metric].gain(difference.low), METRICS[metric].gain(difference.high))


def _breach(metric: str, name: str, difference: Difference, allowed: float) -> Breach:
    table = METRICS[metric]
    bounds = [bound for bound in (difference.low, difference.high) if bound is not None] or [difference.difference]
    surely = all(table.gain(bound) < 0 for bound in bounds)
    verdict = "is worse" if surely or allowed == 0 else "is not shown to be as good"
    interval = f" [{min(bounds):+.3f}, {max(bounds):+.3f}]" if len(bounds) == 2 else ""
    what = (
        f"{metric}{f' on {name}' if name else ''} {verdict}: {difference.old:.3f} → {difference.new:.3f}, "
        f"{difference.difference:+.3f}{interval}, margin {allowed:.3f}, {difference.clusters} clusters"
    )
    return Breach(what=what, metric=metric, slice=name or None, difference=difference, margin=allowed)


def _lost(comparison: Comparison) -> Iterator[Breach]:
    if comparison.only_old:
        count = comparison.only_old
        yield Breach(
            what=f"{count} {'question' if count == 1 else 'questions'} answered in {comparison.old} "
            f"{'has' if count == 1 else 'have'} no answer in {comparison.new}"
        )


def _broken(new: Sequence[ScoredQuestion], old: Sequence[ScoredQuestion]) -> Iterator[Breach]:
    """Questions of the list that were whole in every repeat of the old run and broke in one of the new."""
    broken_before = {each.question_id for each in old if each.broken}
    whole_before = {each.question_id for each in old if each.never_break} - broken_before
    for name in dict.fromkeys(each.question_id for each in new if each.broken):
        if name in whole_before:
            yield Breach(what=f"{name} may never break, and did", question_id=name)


def _questions_behind(metric: str, name: str | None, comparison: Comparison) -> Iterator[str]:
    """The questions of the slice that lost in the metric or in what it is made of, at most ten."""
    dimension, _, value = (name or "").partition("=")
    parts = {metric} if METRICS[metric].formula is None else {"abstention_right"}
    behind = []
    for changed in comparison.changed:
        inside = not dimension or changed.slices.get(dimension) == value
        for watched in parts & changed.metrics.keys() if inside else ():
            old, new = changed.metrics[watched]
            if METRICS[watched].gain(new - old) < 0:
                behind.append(f"    {changed.question_id}: {watched} {old:.2f} → {new:.2f}")
    yield from behind[:_MOST_NAMED]
    if len(behind) > _MOST_NAMED:
        yield f"    and {len(behind) - _MOST_NAMED} more"
