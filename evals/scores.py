"""What scoring yields and comparisons, gates and reports read: figures with their intervals, and what each question
gave to each metric."""

from pydantic import BaseModel, ConfigDict, Field


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, ser_json_inf_nan="null")


class ScoredQuestion(_Value):
    """``parts``: component → (numerator, denominator) of this question; a metric is a ratio of sums of components.
    ``slices``: slice → value, such as ``language`` → ``sr``."""

    question_id: str
    repeat: int
    cluster: str
    parallel_id: str | None
    slices: dict[str, str]
    parts: dict[str, tuple[float, float]]
    never_break: bool = False
    broken: bool = Field(default=False, description="A question of the list that may never break did.")
    digest: str = Field(default="", description="Of the question with what a right answer holds.")


class Figure(_Value):
    """``low`` and ``high``: the 95 % interval (None where one cluster allows none); ``n`` what was counted,
    ``clusters`` on how many independent units it rests; ``detectable``: the smallest difference that a paired
    comparison on this set would find with 80 % power at 5 %."""

    value: float
    low: float | None
    high: float | None
    n: int
    clusters: int
    detectable: float | None = None


class Difference(_Value):
    """New minus old on the same questions. ``p`` by sign flips of clusters, ``p_adjusted`` after Holm over the metrics
    and slices tested together; both None where nothing was tested. ``detectable``: the smallest difference that these
    pairs would show with 80 % power at 5 %. ``step``: how far one question alone can move either value at most."""

    new: float
    old: float
    difference: float
    low: float | None
    high: float | None
    p: float | None
    p_adjusted: float | None
    n: int
    clusters: int
    detectable: float | None = None
    step: float | None = None


class Point(_Value):
    """Of a curve; ``n`` questions stand behind it."""

    x: float
    y: float
    n: int


class Variance(_Value):
    """Of a metric over repeated runs: between questions, between runs of one question, and how many repeats."""

    between_questions: float
    between_runs: float
    repeats: int


class Scores(_Value):
    """Metric → figure, over all and by slice → value → metric. ``against_english``: language → metric → difference on
    the same questions. ``risk_coverage``: x the share of questions answered, the surest first, y the share of those
    answered wrongly; ``aurc`` is the mean of y over the answers. ``reliability``: x the stated confidence, y the share
    of covered questions; ``calibration_error`` is their mean distance. ``missing`` answers of an unfinished run are
    in no figure."""

    run: str
    questions: int
    overall: dict[str, Figure]
    slices: dict[str, dict[str, dict[str, Figure]]]
    against_english: dict[str, dict[str, Difference]]
    risk_coverage: tuple[Point, ...] = ()
    reliability: tuple[Point, ...] = ()
    aurc: Figure | None = None
    calibration_error: Figure | None = None
    variance: dict[str, Variance] = {}
    repeats: int = 1
    missing: int = 0
    seconds: float | None = None


class ChangedQuestion(_Value):
    """A question of which a metric changed between two runs."""

    question_id: str
    repeat: int
    slices: dict[str, str]
    metrics: dict[str, tuple[float, float]] = Field(description="Metric → (old, new), each of this question alone.")


class Comparison(_Value):
    """``altered``: questions of both runs that no longer ask the same, which are left out like those of one run
    only."""

    old: str
    new: str
    paired: int
    only_old: int
    only_new: int
    overall: dict[str, Difference]
    slices: dict[str, dict[str, dict[str, Difference]]]
    changed: tuple[ChangedQuestion, ...]
    altered: int = 0


class Breach(_Value):
    """Why a gate fails. ``question_id`` for one of the list that may never break."""

    what: str
    metric: str | None = None
    slice: str | None = None
    difference: Difference | None = None
    margin: float | None = None
    question_id: str | None = None


class Verdict(_Value):
    """``checked``: bounds looked at; ``unchecked``: metrics with a margin that the runs do not have."""

    passed: bool
    breaches: tuple[Breach, ...]
    checked: int
    unchecked: tuple[str, ...] = ()
