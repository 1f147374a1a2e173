"""Runs the desk's checks over true statements and planted errors, against passages found in the library, and counts.

A statement is labelled with the passages that hold its gold statement. A planted error is caught when nothing of it is
shown; a wrong citation, when the wrong passage is not cited.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.checks.examining import examine
from assistant.labels import LabelledPassages
from assistant.parsing import Statement
from evals.planted.planting import plant
from evals.planted.statements import TrueStatement, in_latin, supported_elsewhere
from evals.statistics.proportions import wilson
from knowledge.base import KnowledgeBase
from knowledge.types import Retrieved, Scope

# The ids of the passages that the statement is shown with, or None where it is dropped.
Checks = Callable[[Statement, LabelledPassages], frozenset[str] | None]
_SCOPE = Scope(frozenset({"public"}))
_DEPTH = 6
TRUE = "true"


@dataclass(frozen=True, slots=True)
class Trial:
    """One statement put to the checks. ``right``: kept where it is true, caught where it is not."""

    of: str
    part: str
    language: str
    kind: str
    nearby: bool
    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of ``trials`` were caught (of true statements: wrongly dropped), with the 95% interval of the share."""

    kind: str
    language: str
    count: int
    trials: int

    @property
    def share(self) -> float:
        return self.count / self.trials if self.trials else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.count, self.trials)


def measure_planted(
    base: KnowledgeBase,
    statements: Sequence[TrueStatement],
    checks: Checks,
    advance: Callable[[int, int], None] | None = None,
) -> list[Trial]:
    """Every trial. ``advance`` is told how many of the statements are done."""
    trials: list[Trial] = []
    found: dict[str, tuple[Retrieved, ...]] = {}
    for done, statement in enumerate(statements, start=1):
        if statement.of not in found:
            found[statement.of] = passages_for(base, statement)
        trials += _trials(statement, found[statement.of], checks)
        if advance is not None:
            advance(done, len(statements))
    return trials


def checks_of(base: KnowledgeBase) -> Checks:
    """The desk's own checks, with the base's embedder."""

    def checks(statement: Statement, labelled: LabelledPassages) -> frozenset[str] | None:
        examined = examine(statement, labelled, base.searcher.similarities)
        return frozenset(run.found.passage.id for run in examined.runs) if examined.reason is None else None

    return checks


def passages_for(base: KnowledgeBase, statement: TrueStatement) -> tuple[Retrieved, ...]:
    """What the desk finds for the case's question; where that misses the gold statement, its passage as well."""
    passages = base.searcher.search(statement.case.question, _SCOPE, _DEPTH).passages
    if not _gold_labels(statement, passages):
        gold = statement.case.evidence[0]
        narrowed = Scope(_SCOPE.audiences, frozenset({gold.document}))
        for item in base.searcher.search(gold.statement, narrowed, 20).passages:
            if gold.statement in item.passage.text:
                return (*passages[: _DEPTH - 1], item)
    return passages


def rates(trials: Iterable[Trial], languages: Sequence[str] | None = None) -> list[Rate]:
    """Caught per kind (dropped, of true statements), over the languages given or all."""
    chosen = [trial for trial in trials if languages is None or trial.language in languages]
    name = "all" if languages is None else "+".join(languages)
    kinds = dict.fromkeys(_kind(trial) for trial in chosen)
    made = []
    for kind in kinds:
        of_kind = [trial for trial in chosen if _kind(trial) == kind]
        count = sum(not trial.right if kind == TRUE else trial.right for trial in of_kind)
        made.append(Rate(kind, name, count, len(of_kind)))
    return made


def _kind(trial: Trial) -> str:
    return f"{trial.kind} (nearby)" if trial.nearby else trial.kind


def _gold_labels(statement: TrueStatement, passages: Sequence[Retrieved]) -> tuple[int, ...]:
    gold = {item.statement for item in statement.case.evidence[:1]}
    return tuple(
        label
        for label, found in enumerate(passages, start=1)
        if found.passage.document_id == statement.case.evidence[0].document
        and any(text in found.passage.text for text in gold)
    )


def _trials(statement: TrueStatement, passages: tuple[Retrieved, ...], checks: Checks) -> Iterator[Trial]:
    labelled = LabelledPassages.of(passages)
    gold = _gold_labels(statement, passages)
    if not gold:
        return

    def trial(kind: str, text: str, right: bool, nearby: bool = False) -> Trial:
        return Trial(statement.of, statement.part, statement.language, kind, nearby, text, right)

    yield trial(TRUE, statement.text, checks(Statement(statement.text, gold), labelled) is not None)
    cited = passages[gold[0] - 1]
    language = "sr" if statement.language == "sr-Latn" else statement.language
    for planted in plant(statement.of, statement.written, language, cited.passage.text):
        text = in_latin(planted.text) if language != statement.language else planted.text
        caught = checks(Statement(text, gold), labelled) is None
        yield trial(planted.kind, text, caught, planted.nearby)
    yield from _wrong_citations(statement, passages, gold, checks)


def _wrong_citations(
    statement: TrueStatement, passages: tuple[Retrieved, ...], gold: tuple[int, ...], checks: Checks
) -> Iterator[Trial]:
    """The best-ranked passage that does not hold any of the evidence, alone and beside the right one."""
    labelled = LabelledPassages.of(passages)
    evidence = [*(item.statement for item in statement.case.evidence), *supported_elsewhere().get(statement.of, ())]
    others = [
        label
        for label, found in enumerate(passages, start=1)
        if label not in gold and not any(text in found.passage.text for text in evidence)
    ]
    for label in others[:2]:
        wrong = passages[label - 1].passage.id
        alone = checks(Statement(statement.text, (label,)), labelled)
        beside = checks(Statement(statement.text, (gold[0], label)), labelled)
        yield Trial(
            statement.of, statement.part, statement.language, "wrong citation", False, statement.text, alone is None
        )
        yield Trial(
            statement.of, statement.part, statement.language, "citation too many", False, statement.text,
            beside is None or wrong not in beside,
        )  # fmt: skip
