"""The table of metrics: what each is called, made of, and which way is better. Scores, gate and reports read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evals.metrics.cost import MOMENTS

Array = NDArray[np.float64]
Sums = Mapping[str, tuple[Array, Array]]
"""Component → sums of numerators and of denominators, one for each draw."""
Family = Literal[
    "retrieval", "answer", "citations", "grounding", "abstention", "clarification", "language", "safety", "cost"
]


@dataclass(frozen=True, slots=True)
class Metric:
    """``parts`` are the components it is made of: without a ``formula`` it is the sum of the numerators of the first
    over the sum of its denominators; with a ``percentile`` that of its values. ``rests_on``: of a formula, the groups
    of components whose numerators it divides by; it is the mean over them. ``span``: how far apart its best and worst
    value for one question lie (None: no bound). ``headline``: shown first, tested in comparisons and counted for
    what changed."""

    label: str
    family: Family
    parts: tuple[str, ...]
    better: Literal["higher", "lower"] = "higher"
    unit: Literal["share", "points", "ms", "tokens"] = "share"
    formula: Callable[[Sums], Array] | None = None
    rests_on: tuple[tuple[str, ...], ...] = ()
    percentile: float | None = None
    headline: bool = False

    @property
    def span(self) -> float | None:
        return {"share": 1.0, "points": 2.0}.get(self.unit)

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1."""
        return self.unit == "share"

    def gain(self, difference: float) -> float:
        """A difference counted so that more is better."""
        return difference if self.better == "higher" else -difference


def values_of(metric: Metric, sums: Sums) -> Array | None:
    """The metric for each draw, NaN where it does not exist; None where a component is absent. Not for percentiles."""
    if any(part not in sums for part in metric.parts):
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        if metric.formula is not None:
            return metric.formula(sums)
        top, bottom = sums[metric.parts[0]]
        return np.asarray(np.where(bottom > 0, top / bottom, np.nan))


def _recall(sums: Sums) -> Array:
    right = sums["silent_rightly"][0]
    return np.asarray(right / (right + sums["spoke_wrongly"][0]))


def _precision(sums: Sums) -> Array:
    right, missed = sums["silent_rightly"][0], sums["spoke_wrongly"][0]
    return np.asarray(np.where(right + missed > 0, right / (right + sums["silent_wrongly"][0]), np.nan))


def _f1(sums: Sums) -> Array:
    right, missed = sums["silent_rightly"][0], sums["spoke_wrongly"][0]
    return np.asarray(
        np.where(right + missed > 0, 2 * right / (2 * right + sums["silent_wrongly"][0] + missed), np.nan)
    )


def _false_refusals(sums: Sums) -> Array:
    wrong = sums["silent_wrongly"][0]
    return np.asarray(wrong / (wrong + sums["spoke_rightly"][0]))


def _balanced(sums: Sums) -> Array:
    return np.asarray((_recall(sums) + 1 - _false_refusals(sums)) / 2)


_CELLS = ("silent_rightly", "silent_wrongly", "spoke_wrongly", "spoke_rightly")
_UNANSWERABLE, _ANSWERABLE = ("silent_rightly", "spoke_wrongly"), ("silent_wrongly", "spoke_rightly")
_SILENT = ("silent_rightly", "silent_wrongly")


def _silence(
    label: str,
    formula: Callable[[Sums], Array],
    *rests_on: tuple[str, ...],
    better: Literal["higher", "lower"] = "higher",
    headline: bool = False,
) -> Metric:
    return Metric(label, "abstention", _CELLS, better, formula=formula, rests_on=rests_on, headline=headline)


def _share(label: str, family: Family, part: str, *, lower: bool = False, headline: bool = False) -> tuple[str, Metric]:
    return part, Metric(label, family, (part,), "lower" if lower else "higher", headline=headline)


METRICS: dict[str, Metric] = dict(
    [
        _share("Right document first", "retrieval", "recall@1"),
        _share("Right documents among 5", "retrieval", "recall@5", headline=True),
        _share("Right documents among 10", "retrieval", "recall@10"),
        _share("Reciprocal rank (MRR)", "retrieval", "mrr"),
        _share("nDCG@10", "retrieval", "ndcg@10", headline=True),
        _share("Accepted answer inside", "answer", "answer_containment", headline=True),
        _share("Accepted answer inside, of those answered", "answer", "containment_if_answered"),
        _share("Reference's words said", "answer", "reference_token_recall"),
        _share("Token F1 with the reference", "answer", "reference_token_f1", headline=True),
        _share("Evidence quoted", "answer", "evidence_recall", headline=True),
        _share("Quotes that are evidence", "answer", "evidence_precision"),
        _share("Cited documents that are right", "citations", "citation_precision", headline=True),
        _share("Right documents cited", "citations", "citation_recall", headline=True),
        _share("Sentences with a citation", "citations", "cited_sentences"),
        _share("Answers without a citation", "citations", "uncited_answers", lower=True),
        _share("Quotes found letter for letter", "citations", "quotes_found", headline=True),
        _share("Quotes of another passage", "citations", "quotes_misattributed", lower=True),
        _share("Quotes found nowhere", "citations", "quotes_not_found", lower=True),
        _share("Answer's words in the cited passages", "grounding", "grounded_words", headline=True),
        _share("Figures in the cited passages", "grounding", "grounded_figures"),
        _share("Names in the cited passages", "grounding", "grounded_names"),
        _share("Figures, across languages", "grounding", "grounded_figures_across"),
        _share("Abbreviations, across languages", "grounding", "grounded_names_across"),
        (
            "balanced_accuracy",
            _silence("Silence, balanced accuracy", _balanced, _UNANSWERABLE, _ANSWERABLE, headline=True),
        ),
        (
            "false_refusals",
            _silence("Answerable and refused", _false_refusals, _ANSWERABLE, better="lower", headline=True),
        ),
        ("abstain_precision", _silence("Refusals that are right", _precision, _SILENT)),
        ("abstain_recall", _silence("Unanswerable and refused", _recall, _UNANSWERABLE)),
        ("abstain_f1", _silence("Refusals, F1", _f1, _UNANSWERABLE)),
        _share("Answered or silent as due", "abstention", "abstention_right"),
        ("risk_score", Metric("Risk score (+1, 0, −1)", "abstention", ("risk_score",), unit="points", headline=True)),
        _share("Asked back where due", "clarification", "clarify_rate", headline=True),
        _share("Asked back without need", "clarification", "needless_questions_back", lower=True),
        _share("Contradiction told", "clarification", "flag_rate", headline=True),
        _share("Own words in the language asked", "language", "answer_language", headline=True),
        _share("Replies in the language asked", "language", "reply_language"),
        _share("Leaks to the wrong audience", "safety", "audience_leaks", lower=True, headline=True),
        _share("Echoes of an attack", "safety", "attack_echoes", lower=True, headline=True),
        _share("Broke off", "safety", "failures", lower=True, headline=True),
        *(
            (
                f"{moment}_p{share}_ms",
                Metric(f"{words}, {called}", "cost", (f"ms_{moment}",), "lower", "ms", percentile=p),
            )
            for moment, words in zip(MOMENTS, ("Found", "First sentence", "Whole answer"), strict=True)
            for share, p, called in ((50, 0.5, "median"), (95, 0.95, "95th percentile"))
        ),
        ("tokens_in", Metric("Tokens read by the model", "cost", ("tokens_in",), "lower", "tokens")),
        ("tokens_out", Metric("Tokens written by the model", "cost", ("tokens_out",), "lower", "tokens")),
    ]
)

HEADLINES = tuple(name for name, metric in METRICS.items() if metric.headline)
