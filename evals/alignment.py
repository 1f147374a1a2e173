"""Compares people with people, a judge with people and each metric with people, on the items of a labelling sheet."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evals.agreement import cohen_kappa, krippendorff_alpha
from evals.alignment_result import (
    ALIGNMENT,
    Alignment,
    Asked,
    BetweenRaters,
    JudgeAgainstPeople,
    JudgeAlignment,
    MetricAgainstPeople,
    Rater,
)
from evals.correlation import kendall, spearman
from evals.errors import InvalidRun
from evals.item_weights import share_figure
from evals.judging.gate import may_gate
from evals.judging.questions import Kind
from evals.judging.result import JUDGE, JudgeResult, digest_of_answers, read_judge
from evals.labelling.items import KeyItem, digest_of, shown_item
from evals.labelling.labels import InvalidLabels, Label, Labels
from evals.labelling.sheet import read_key
from evals.metrics.measuring import measured
from evals.metrics.table import METRICS
from evals.run_directory import Run, read_run
from evals.scores import Figure
from evals.whole_files import write_whole

# The questions of the sheet and their labels, the worst first.
_SCALES: dict[Asked, tuple[str, ...]] = {
    "support": ("not", "partly", "supported"),
    "answers": ("no", "partly", "yes"),
    "refusal": ("wrong", "right"),
}
_AS_VERDICT = {"not": "no", "partly": "partly", "supported": "yes", "no": "no", "yes": "yes"}
_VERDICTS = ("no", "partly", "yes")
_NO_VERDICT = "no verdict"
_ASKED_OF_PEOPLE: dict[Kind, Asked] = {"support": "support", "completeness": "answers"}
# A correlation over fewer tells nothing.
_LEAST_ITEMS = 10


@dataclass(frozen=True, slots=True)
class _Item:
    """An item with what each rater (in their order) said; ``unsure`` is as good as nothing."""

    key: KeyItem
    cluster: str
    labels: tuple[Label | None, ...]

    def said(self, asked: Asked) -> list[str | None]:
        given = [getattr(label, asked) if label is not None else None for label in self.labels]
        return [None if word == "unsure" else word for word in given]

    def of_most(self, asked: Asked) -> str | None:
        """What most raters say; None for a tie or nothing."""
        counts = Counter(word for word in self.said(asked) if word is not None).most_common(2)
        tied = len(counts) == 2 and counts[0][1] == counts[1][1]
        return counts[0][0] if counts and not tied else None

    def score(self, asked: Asked) -> float | None:
        """The mean of the labels, from 0 (the worst) to 1."""
        scale = _SCALES[asked]
        places = [scale.index(word) / (len(scale) - 1) for word in self.said(asked) if word is not None]
        return sum(places) / len(places) if places else None


def align(directory: Path, labels: Labels) -> Alignment:
    """Of the run that the sheets were made from, with its judge where it was judged. Writes ``alignment.json`` and says
    anew in ``judge.json`` whether that judge may gate. Raises InvalidRun, and InvalidLabels for a label of an item that
    the run's sheets do not hold."""
    run = read_run(directory)
    judge = read_judge(directory) if (directory / JUDGE).exists() else None
    if judge is not None and judge.answers != digest_of_answers(directory):
        raise InvalidRun(f"{directory / JUDGE} is of other answers than the run holds now. Judge it again.")
    alignment = compare(run, read_key(directory).items, labels, judge)
    write_whole(directory / ALIGNMENT, alignment.model_dump_json(indent=1) + "\n")
    if judge is not None:
        renewed = judge.model_copy(update={"usable_in_gate": may_gate(judge, alignment)})
        write_whole(directory / JUDGE, renewed.model_dump_json(indent=1) + "\n")
    return alignment


def compare(run: Run, key: Mapping[str, KeyItem], labels: Labels, judge: JudgeResult | None) -> Alignment:
    """Raises InvalidLabels."""
    items = _items(run, key, labels)
    moments = [label.at for label in labels.labels if label.at is not None]
    return Alignment(
        run=run.manifest.name,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        raters=tuple(_rater(name, labels) for name in labels.raters),
        items=len(items),
        first=min(moments, default=None),
        last=max(moments, default=None),
        between_raters={asked: _between_raters(items, asked, len(labels.raters)) for asked in _SCALES},
        judge=_judge_against_people(items, judge) if judge is not None else None,
        metrics=_metrics_against_people(run, items),
    )


def _items(run: Run, key: Mapping[str, KeyItem], labels: Labels) -> list[_Item]:
    answers = {(answer.question_id, answer.repeat): answer for answer in run.answers}
    by_item: dict[str, dict[str, Label]] = {}
    for label in labels.labels:
        behind = key.get(label.item)
        place = labels.places[label.rater, label.item]
        answer = answers.get((behind.question_id, behind.repeat)) if behind is not None else None
        if behind is None or answer is None:
            raise InvalidLabels(f"{place}: item: {label.item} is in no sheet that was made from this run")
        if digest_of(shown_item(run.questions[answer.question_id], answer, behind.sentence)) != behind.shown:
            raise InvalidLabels(f"{place}: item: the run holds another answer than {label.item} showed the rater")
        if (label.refusal is not None) == (behind.sentence is not None):
            kind = "an answer" if behind.sentence is not None else "a refusal"
            raise InvalidLabels(f"{place}: item: {label.item} is {kind}, and was labelled as the other")
        by_item.setdefault(label.item, {})[label.rater] = label
    return [
        _Item(
            key=key[name],
            cluster=run.questions[key[name].question_id].cluster or key[name].question_id,
            labels=tuple(given.get(rater) for rater in labels.raters),
        )
        for name, given in sorted(by_item.items())
    ]


def _rater(name: str, labels: Labels) -> Rater:
    own = [label for label in labels.labels if label.rater == name]
    moments = [label.at for label in own if label.at is not None]
    return Rater(
        initials=name,
        labelled=len(own),
        unsure=sum(word == "unsure" for label in own for word in (label.support, label.answers, label.refusal)),
        first=min(moments, default=None),
        last=max(moments, default=None),
    )


def _between_raters(items: Sequence[_Item], asked: Asked, raters: int) -> BetweenRaters:
    scale = _SCALES[asked]
    units = [item.said(asked) for item in items]
    clusters = [item.cluster for item in items]
    alpha = krippendorff_alpha(units, scale, clusters, "ordinal" if len(scale) > 2 else "nominal")
    if raters != 2:
        return BetweenRaters(kappa=None, weighted_kappa=None, alpha=alpha)
    paired = [
        ((unit[0], unit[1]), cluster)
        for unit, cluster in zip(units, clusters, strict=True)
        if unit[0] is not None and unit[1] is not None
    ]
    pairs, their_clusters = [pair for pair, _ in paired], [cluster for _, cluster in paired]
    return BetweenRaters(
        kappa=cohen_kappa(pairs, scale, their_clusters),
        weighted_kappa=cohen_kappa(pairs, scale, their_clusters, "linear") if len(scale) > 2 else None,
        alpha=alpha,
    )


def _judge_against_people(items: Sequence[_Item], judge: JudgeResult) -> JudgeAlignment:
    verdicts = {
        (judgement.kind, judgement.question_id, judgement.repeat, judgement.sentence): judgement.verdict or _NO_VERDICT
        for judgement in judge.judgements
        if judgement.missing != "not_asked"
    }
    kinds: dict[Kind, JudgeAgainstPeople] = {}
    for kind, asked in _ASKED_OF_PEOPLE.items():
        both = []
        tied = 0
        for item in items:
            sentence = item.key.sentence if kind == "support" else None
            verdict = verdicts.get((kind, item.key.question_id, item.key.repeat, sentence))
            label = item.of_most(asked)
            if verdict is None:
                continue
            if label is None:
                tied += item.score(asked) is not None
                continue
            both.append((_AS_VERDICT[label], verdict, item.cluster))
        if both or tied:
            kinds[kind] = _one_kind(both, tied)
    return JudgeAlignment(pin=judge.pin, served=judge.served, kinds=kinds)


def _one_kind(both: Sequence[tuple[str, str, str]], tied: int) -> JudgeAgainstPeople:
    """Of items as (people's label, judge's verdict, cluster)."""
    told = [one for one in both if one[1] != _NO_VERDICT]
    confusion: dict[str, dict[str, int]] = {}
    for label, verdict, _ in both:
        row = confusion.setdefault(label, {})
        row[verdict] = row.get(verdict, 0) + 1
    return JudgeAgainstPeople(
        agreement=cohen_kappa([one[:2] for one in both], (*_VERDICTS, _NO_VERDICT), [one[2] for one in both]),
        weighted=cohen_kappa([one[:2] for one in told], _VERDICTS, [one[2] for one in told], "linear"),
        confusion=confusion,
        sensitivity=_share_of(both, lambda label: label != "yes", lambda verdict: verdict in ("no", "partly")),
        specificity=_share_of(both, lambda label: label == "yes", lambda verdict: verdict == "yes"),
        tied=tied,
        without_verdict=len(both) - len(told),
    )


def _share_of(
    both: Sequence[tuple[str, str, str]], counts: Callable[[str], bool], agrees: Callable[[str], bool]
) -> Figure | None:
    counted = [one for one in both if counts(one[0])]
    return share_figure([agrees(one[1]) for one in counted], [one[2] for one in counted]) if counted else None


def _metrics_against_people(run: Run, items: Sequence[_Item]) -> dict[str, dict[Asked, MetricAgainstPeople]]:
    answers = {(answer.question_id, answer.repeat): answer for answer in run.answers}
    parts = [
        measured(run.questions[item.key.question_id], answers[item.key.question_id, item.key.repeat]) for item in items
    ]
    found: dict[str, dict[Asked, MetricAgainstPeople]] = {}
    for name, metric in METRICS.items():
        if metric.formula is not None or metric.percentile is not None or metric.family == "cost":
            continue
        component = metric.parts[0]
        for asked in _SCALES:
            both = [
                (metric.gain(part[component][0] / part[component][1]), score, item.cluster)
                for item, part in zip(items, parts, strict=True)
                if part.get(component, (0.0, 0.0))[1] > 0 and (score := item.score(asked)) is not None
            ]
            if len(both) >= _LEAST_ITEMS:
                values, scores, clusters = (list(column) for column in zip(*both, strict=True))
                found.setdefault(name, {})[asked] = MetricAgainstPeople(
                    spearman=spearman(values, scores, clusters), kendall=kendall(values, scores, clusters)
                )
    return found
