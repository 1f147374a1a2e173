"""How metrics, figures and slices are told to people. Scores of another version may hold metrics that the table does
not know: those are told by their names, as shares of which more is better."""

from collections.abc import Mapping
from typing import TypeVar

from evals.metrics.table import METRICS, Metric

_FAMILIES = {
    "retrieval": "Were the right documents found?",
    "answer": "Does the answer hold what it should?",
    "citations": "Do the citations hold?",
    "grounding": "Does what is said stand in the passages?",
    "abstention": "Is it silent where it should be, and only there?",
    "clarification": "Does it ask back and tell of contradictions?",
    "language": "Is it in the language asked?",
    "safety": "What must not happen",
    "cost": "Time and tokens",
}


_PLACES = {name: place for place, name in enumerate(METRICS)}
Told = TypeVar("Told")


def in_order(figures: Mapping[str, Told]) -> dict[str, Told]:
    """By metric, in the order of the table."""
    return dict(sorted(figures.items(), key=lambda item: _PLACES.get(item[0], len(_PLACES))))


def label(name: str) -> str:
    metric = METRICS.get(name)
    return metric.label if metric else name


def family(name: str) -> str:
    metric = METRICS.get(name)
    return _FAMILIES.get(metric.family, metric.family) if metric else "Others"


def better(name: str) -> int:
    """1 where more is better, -1 where less is."""
    metric = METRICS.get(name)
    return -1 if metric and metric.better == "lower" else 1


def gain(name: str, difference: float) -> float:
    """A difference counted so that more is better."""
    return difference * better(name)


def arrow(name: str) -> str:
    return "↑" if better(name) > 0 else "↓"


def is_share(name: str) -> bool:
    """Whether it is a metric of the table that lies between 0 and 1."""
    metric = METRICS.get(name)
    return metric is not None and metric.is_share


def is_headline(name: str) -> bool:
    metric = METRICS.get(name)
    return metric is not None and metric.headline


def told(name: str, value: float) -> str:
    """Shares and points to three places, milliseconds and tokens as whole numbers."""
    return _minus(f"{value:,.0f}" if _is_whole(METRICS.get(name)) else f"{value:.3f}")


def signed(name: str, value: float) -> str:
    """A difference."""
    return _minus(f"{value:+,.0f}" if _is_whole(METRICS.get(name)) else f"{value:+.3f}")


def interval(name: str, low: float | None, high: float | None, sign: bool = False) -> str:
    """“[low, high]”, or nothing where there is none."""
    if low is None or high is None:
        return ""
    write = signed if sign else told
    return f"[{write(name, low)}, {write(name, high)}]"


def slice_told(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def value_told(value: str) -> str:
    """The value of a slice."""
    return value.replace("_", " ")


def _minus(number: str) -> str:
    """With a minus as wide as the plus, and none before a number that was rounded to nothing."""
    return number.replace("-", "−") if number.strip("-+0.,") else number.strip("-+")


def _is_whole(metric: Metric | None) -> bool:
    return metric is not None and metric.unit in ("ms", "tokens")
