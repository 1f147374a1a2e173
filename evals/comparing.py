"""Two runs over the same questions, question by question: what changed, how much, and whether chance explains it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.differences import adjusted, differences_of
from evals.errors import InvalidRun
from evals.metrics.table import HEADLINES, METRICS
from evals.records import Manifest
from evals.run_directory import ANSWERS, read_manifest, read_run
from evals.scores import ChangedQuestion, Comparison, Difference, ScoredQuestion
from evals.scoring import RESAMPLES, SCORED, read_scored, scored_answers
from evals.slices import LANGUAGE, PROTECTED
from evals.statistics.tables import QuestionTable, Row, paired_tables
from evals.summary import averaged

# What a person wants to see of a question when it changed: the headline metrics that one question has by itself, and
# whether the right document came first and silence was right.
WATCHED = tuple(
    name
    for name, metric in METRICS.items()
    if metric.formula is None
    and metric.percentile is None
    and (metric.headline or name in ("recall@1", "abstention_right"))
)
# What is less than this nobody would call a change.
_ALIKE = 5e-4


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run's manifest and what each of its answers gave."""

    manifest: Manifest
    scored: list[ScoredQuestion]


def compare_runs(
    old: Path, new: Path, *, resamples: int = RESAMPLES, seed: int = 0, anyway: bool = False
) -> Comparison:
    """Differences new minus old over the questions that both runs answered. Raises InvalidRun where one cannot be read,
    and, unless ``anyway``, where they were made on different questions or documents."""
    former, fresh = load_scored(old), load_scored(new)
    if not anyway:
        refuse_unlike(former.manifest, fresh.manifest)
    return compare_scored(former, fresh, resamples=resamples, seed=seed)


def load_scored(directory: Path) -> ScoredRun:
    """Scored anew from the answers, since the way of scoring may have changed since; where only ``scored.jsonl`` was
    kept (a baseline), that. Raises InvalidRun."""
    if (directory / ANSWERS).exists() or not (directory / SCORED).exists():
        run = read_run(directory)
        return ScoredRun(run.manifest, scored_answers(run)[0])
    return ScoredRun(read_manifest(directory), read_scored(directory))


def refuse_unlike(old: Manifest, new: Manifest) -> None:
    """Raises InvalidRun where two runs were not asked the same of the same documents."""
    unlike = sorted(name for name in old.data.keys() | new.data.keys() if old.data.get(name) != new.data.get(name))
    if old.whole_corpus != new.whole_corpus:
        unlike.append("what was on offer (--whole-corpus)")
    if unlike:
        raise InvalidRun(
            f"{old.name} and {new.name} cannot be compared: they differ in {', '.join(unlike)}. Run one of them again "
            "on the same data, or compare the questions that are the same in both: --anyway."
        )


def compare_scored(old: ScoredRun, new: ScoredRun, *, resamples: int = RESAMPLES, seed: int = 0) -> Comparison:
    """Repeats are averaged first. Only headline metrics are tested, overall and on each value of the protected slices;
    all other differences are told with their interval and without p."""
    former, fresh = averaged(old.scored), averaged(new.scored)
    digests = {each.question_id: each.digest for each in old.scored}
    altered = {each.question_id for each in new.scored if digests.get(each.question_id, each.digest) != each.digest}
    paired = [name for name in fresh if name in former and name not in altered]
    if not paired:
        raise InvalidRun(f"{old.manifest.name} and {new.manifest.name} have no question in common.")
    table, before = paired_tables([fresh[name][1] for name in paired], [former[name][1] for name in paired])
    slices = [fresh[name][0] for name in paired]
    overall, by_slice = adjusted(
        differences_of(table, before, resamples=resamples, seed=seed, tested=HEADLINES),
        _by_slice(table, before, slices, resamples=resamples, seed=seed),
    )
    return Comparison(
        old=old.manifest.name,
        new=new.manifest.name,
        paired=len(paired),
        only_old=len(former.keys() - fresh.keys()),
        only_new=len(fresh.keys() - former.keys()),
        altered=len(altered),
        overall=overall,
        slices=by_slice,
        changed=tuple(_changed(paired, {name: (former[name], fresh[name]) for name in paired})),
    )


def _by_slice(
    new: QuestionTable, old: QuestionTable, slices: Sequence[Mapping[str, str]], *, resamples: int, seed: int
) -> dict[str, dict[str, dict[str, Difference]]]:
    found: dict[str, dict[str, dict[str, Difference]]] = {}
    for name in dict.fromkeys(name for each in slices for name in each):
        values = sorted({each[name] for each in slices if name in each})
        of_each = np.array([each.get(name, "") for each in slices])
        for value in values:
            chosen = of_each == value
            # A slice that holds every question would be the overall figure told and tested twice.
            if not chosen.all():
                pair = _both(new, old, chosen)
                tested = HEADLINES if name in PROTECTED else ()
                found.setdefault(name, {})[value] = differences_of(
                    *pair, resamples=resamples, seed=seed, tested=tested, percentiles=name == LANGUAGE
                )
    return found


def _both(new: QuestionTable, old: QuestionTable, chosen: np.ndarray) -> tuple[QuestionTable, QuestionTable]:
    """The chosen rows of both with the components that either has."""
    used = (new.bottom[chosen] != 0).any(0) | (old.bottom[chosen] != 0).any(0)
    names = tuple(name for name, use in zip(new.names, used, strict=True) if use)
    first, second = (
        QuestionTable(names, each.clusters[chosen], each.top[chosen][:, used], each.bottom[chosen][:, used])
        for each in (new, old)
    )
    return first, second


_Pair = tuple[tuple[dict[str, str], Row], tuple[dict[str, str], Row]]


def _changed(paired: Sequence[str], rows: Mapping[str, _Pair]) -> list[ChangedQuestion]:
    """Questions of which a watched metric changed, the greatest losses first."""
    found = []
    for name in paired:
        (_, former), (slices, fresh) = rows[name]
        metrics: dict[str, tuple[float, float]] = {}
        loss = 0.0
        for metric in WATCHED:
            old, new = (_value(row, metric) for row in (former, fresh))
            if old is not None and new is not None and abs(new - old) > _ALIKE:
                metrics[metric] = (old, new)
                loss = max(loss, METRICS[metric].gain(old - new))
        if metrics:
            found.append((-loss, ChangedQuestion(question_id=name, repeat=0, slices=slices, metrics=metrics)))
    return [changed for _, changed in sorted(found, key=lambda item: item[0])]


def _value(row: Row, metric: str) -> float | None:
    top, bottom = row.parts.get(METRICS[metric].parts[0], (0.0, 0.0))
    return top / bottom if bottom else None
