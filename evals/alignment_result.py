"""``alignment.json``: how far raters agree among themselves, a judge with them, and each metric with them."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from evals.agreement import Agreement
from evals.correlation import Correlation
from evals.judging.questions import Kind
from evals.judging.result import Pin
from evals.scores import Figure
from evals.whole_files import read_whole

ALIGNMENT = "alignment.json"
Asked = Literal["support", "answers", "refusal"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_inf_nan="null")


class Rater(_Value):
    """``labelled`` items; ``unsure`` labels of all they gave; ``first`` and ``last`` moment, where the sheet's page
    noted it."""

    initials: str
    labelled: int
    unsure: int
    first: datetime | None = None
    last: datetime | None = None


class BetweenRaters(_Value):
    """On one question of the sheet. The kappas only where there are exactly two raters; ``unsure`` labels count as
    absent. ``alpha`` is ordinal where the labels have an order."""

    kappa: Agreement | None
    weighted_kappa: Agreement | None
    alpha: Agreement


class JudgeAgainstPeople(_Value):
    """Of one kind of judgement, over the items on which most raters say the same (``tied`` are left out). ``agreement``
    is Cohen's kappa over yes, partly, no and no verdict, the last of which nobody but the judge can say; ``weighted``
    (linear) over those with a verdict. ``confusion``: people's label → judge's verdict → items. ``sensitivity``: of
    what people fault (partly or no) the share the judge faults; ``specificity``: of what people pass the share it
    passes. No verdict (malformed or failed) counts against the judge in both; what it was not asked is not in here."""

    agreement: Agreement
    weighted: Agreement
    confusion: dict[str, dict[str, int]]
    sensitivity: Figure | None
    specificity: Figure | None
    tied: int
    without_verdict: int


class JudgeAlignment(_Value):
    pin: Pin
    served: tuple[str, ...] = ()
    kinds: dict[Kind, JudgeAgainstPeople]


class MetricAgainstPeople(_Value):
    """Over the items that have both. The metric is turned so that more is better: a positive correlation means that it
    sees what people see."""

    spearman: Correlation
    kendall: Correlation


class Alignment(_Value):
    """``between_raters``: question of the sheet → agreement; ``metrics``: metric → question of the sheet → correlation.
    Items are drawn by strata and for disagreement: the figures are of these items, and no estimate for the run."""

    format: int = 1
    run: str
    made_at: str
    raters: tuple[Rater, ...]
    items: int = Field(description="Items with a label of one rater or more.")
    first: datetime | None = None
    last: datetime | None = None
    between_raters: dict[Asked, BetweenRaters]
    judge: JudgeAlignment | None = None
    metrics: dict[str, dict[Asked, MetricAgainstPeople]] = {}


def read_alignment(path: Path) -> Alignment:
    """A file, or the run that holds it. Raises InvalidRun where there is none that can be read."""
    path = path / ALIGNMENT if path.is_dir() else path
    return read_whole(path, Alignment, f"There is no {path}. `migdesk eval align` makes one from filled-in sheets.")
