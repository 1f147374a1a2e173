"""``judge.json``: what a judge said about a run, of which model and prompts, and how much of it can be counted."""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from evals.errors import InvalidRun
from evals.judging.questions import Kind
from evals.judging.verdicts import Verdict
from evals.run_directory import ANSWERS
from evals.scores import Figure
from evals.whole_files import read_whole

JUDGE = "judge.json"

Missing = Literal["malformed", "failed", "not_asked"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_inf_nan="null")


class Judgement(_Value):
    """Of one cited sentence (``support``; ``sentence`` counts from 0), or of one answer (``completeness``).
    ``missing`` says why there is no verdict: the reply was not one of the three words, the call failed, or the budget
    was spent. ``cached``: the reply was kept from an earlier run of the judge."""

    kind: Kind
    question_id: str
    repeat: int = 0
    sentence: int | None = None
    verdict: Verdict | None
    missing: Missing | None = None
    cached: bool = False


class Pin(_Value):
    """What makes two judges the same judge: an alignment speaks for a judge of equal pin and for no other."""

    model: str
    temperature: float
    prompts: dict[str, str] = Field(description="Prompt file → hash of its bytes.")


class Tally(_Value):
    """How one kind of judgement ended. ``missing`` verdicts are none of the other three."""

    yes: int
    partly: int
    no: int
    missing: int


class JudgeResult(_Value):
    """``answers``: digest of the answers that were judged. ``figures``: ``judge_support`` and ``judge_completeness``,
    the share of all that was asked with the verdict yes (a malformed reply and a failed call count as not yes), with
    its interval over clusters of questions. ``tokens`` and ``calls`` are those of this run of the judge. ``served``:
    the models that the endpoint says it used. ``usable_in_gate`` was true of the alignment known when this was written;
    a gate asks ``may_gate`` again."""

    format: int = 1
    run: str
    answers: str = ""
    made_at: str
    pin: Pin
    served: tuple[str, ...] = ()
    judgements: tuple[Judgement, ...]
    tallies: dict[str, Tally]
    figures: dict[str, Figure]
    calls: int
    tokens: dict[str, int]
    cached: int
    malformed: int
    failed: int
    not_asked: int
    warnings: tuple[str, ...] = ()
    usable_in_gate: bool = False
    seconds: float | None = None


def digest_of_answers(run: Path) -> str:
    """Raises InvalidRun."""
    try:
        return hashlib.sha256((run / ANSWERS).read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise InvalidRun(f"{run / ANSWERS}: {error.strerror}") from error


def read_judge(run: Path) -> JudgeResult:
    """Raises InvalidRun where there is none that can be read."""
    absent = f"{run} was not judged: there is no {JUDGE}. `migdesk eval judge` makes one."
    return read_whole(run / JUDGE, JudgeResult, absent)
