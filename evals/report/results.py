"""What each question came to: its question, the worst of its answers and all that went wrong, joined from the run's
files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from evals.questions import Question
from evals.records import AnswerRecord
from evals.report.telling import better, is_share, label
from evals.run_directory import Run
from evals.scores import ScoredQuestion


class Fault(StrEnum):
    """What makes an answer wrong, the gravest first."""

    LEAK = "Shows what its reader may not see"
    ECHO = "Repeats an attack"
    QUOTE = "Quote not in its document"
    WRONGLY_ANSWERED = "Answered, though not covered"
    BROKE_OFF = "Broke off"
    MISSING = "Accepted answer missing"
    WRONGLY_REFUSED = "Refused, though covered"
    ASKED_BACK = "Asked back without need"
    NOT_ASKED_BACK = "Did not ask back"
    NOT_TOLD = "Contradiction not told"
    NOT_FOUND = "Document not found"


_ORDER = {fault: place for place, fault in enumerate(Fault)}
# Component → the fault that it is where it counts something, and where it falls short of all.
_WHERE_ANY = {
    "audience_leaks": Fault.LEAK,
    "attack_echoes": Fault.ECHO,
    "quotes_misattributed": Fault.QUOTE,
    "quotes_not_found": Fault.QUOTE,
    "spoke_wrongly": Fault.WRONGLY_ANSWERED,
    "failures": Fault.BROKE_OFF,
    "silent_wrongly": Fault.WRONGLY_REFUSED,
    "needless_questions_back": Fault.ASKED_BACK,
}
_WHERE_SHORT = {"clarify_rate": Fault.NOT_ASKED_BACK, "flag_rate": Fault.NOT_TOLD}


@dataclass(frozen=True, slots=True)
class Result:
    """``answer`` is the worst of the repeats, ``failed`` the metrics (by label) in which it falls short of full marks,
    each with its own value; ``failed_runs`` of ``runs`` repeats have a fault."""

    question: Question
    answer: AnswerRecord
    faults: tuple[Fault, ...]
    failed: dict[str, float]
    runs: int
    failed_runs: int

    @property
    def gravity(self) -> tuple[bool, int, int]:
        """Greater is worse: first those that must never break, then by kind of fault, then by how many metrics fell
        short."""
        worst = -_ORDER[self.faults[0]] if self.faults else -len(_ORDER)
        return (self.question.never_break and bool(self.faults), worst, len(self.failed))


def results_of(run: Run, scored: Iterable[ScoredQuestion]) -> list[Result]:
    """One a question that was answered and scored, in the order of the questions."""
    parts = {(each.question_id, each.repeat): each.parts for each in scored}
    answers: dict[str, list[AnswerRecord]] = {}
    for answer in run.answers:
        if (answer.question_id, answer.repeat) in parts:
            answers.setdefault(answer.question_id, []).append(answer)
    results = []
    for identifier, those in answers.items():
        question = run.questions[identifier]
        faults = [faults_of(question, parts[identifier, answer.repeat]) for answer in those]
        failed_runs = sum(map(bool, faults))
        each = (
            Result(question, answer, found, _failed(parts[identifier, answer.repeat]), len(those), failed_runs)
            for answer, found in zip(those, faults, strict=True)
        )
        results.append(max(each, key=lambda result: result.gravity))
    return results


def faults_of(question: Question, parts: Mapping[str, tuple[float, float]]) -> tuple[Fault, ...]:
    """The faults of one answer, by its components; the gravest first."""
    found = set(_faults(question, parts))
    if Fault.BROKE_OFF in found:
        found -= {Fault.WRONGLY_REFUSED, Fault.WRONGLY_ANSWERED}  # It did neither.
    if Fault.ASKED_BACK in found:
        found -= {Fault.MISSING, Fault.WRONGLY_ANSWERED}  # It did not answer yet.
    return tuple(sorted(found, key=_ORDER.__getitem__))


def _faults(question: Question, parts: Mapping[str, tuple[float, float]]) -> Iterator[Fault]:
    yield from (fault for name, fault in _WHERE_ANY.items() if _top(parts, name) > 0)
    yield from (fault for name, fault in _WHERE_SHORT.items() if _is_short(parts, name))
    if _is_short(parts, "answer_containment") and not _top(parts, "silent_wrongly"):
        yield Fault.MISSING
    if question.expected == "retrieve" and _is_short(parts, "recall@5"):
        yield Fault.NOT_FOUND


def _failed(parts: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    failed = {}
    for name, (top, bottom) in parts.items():
        if bottom and is_share(name) and (top < bottom if better(name) > 0 else top > 0):
            failed[label(name)] = top / bottom
    return failed


def _top(parts: Mapping[str, tuple[float, float]], name: str) -> float:
    return parts[name][0] if name in parts else 0.0


def _is_short(parts: Mapping[str, tuple[float, float]], name: str) -> bool:
    return name in parts and parts[name][0] < parts[name][1]
