"""Whether what a judge says may decide anything: only once its agreement with people was published. Pure."""

from evals.alignment_result import Alignment
from evals.judging.result import JudgeResult

# Fewer say nothing about a judge that will be asked thousands of times.
LEAST_LABELLED = 20


def may_gate(judge: JudgeResult, alignment: Alignment) -> bool:
    """Whether figures of this judge may decide anything: it was asked all that there was to ask; the alignment was made
    with the same model, prompts and temperature (and the same served model, where the endpoints named it), on enough
    items; and the judge agreed with the people beyond chance on each kind of judgement that it made here."""
    compared = alignment.judge
    if compared is None or compared.pin != judge.pin or judge.not_asked or judge.failed:
        return False
    if judge.served and compared.served and set(judge.served) != set(compared.served):
        return False
    return bool(judge.tallies) and all(
        kind in compared.kinds
        and compared.kinds[kind].agreement.n >= LEAST_LABELLED
        and (compared.kinds[kind].agreement.low or 0.0) > 0.0
        for kind in judge.tallies
    )
