"""How an answer ends: from what was said, dropped and missed to its outcome, wording and notices. Pure."""

from dataclasses import dataclass, field
from datetime import date

from assistant import notices
from assistant.citing import Citer
from assistant.coverage import Coverage
from assistant.errors import ModelError, ModelStopped
from assistant.replies import message
from assistant.types import Answer, Notice, Outcome, Provenance, Sentence
from knowledge.search import Found


@dataclass(slots=True)
class Progress:
    """What one answer has come to so far. ``gap``: the model said that (part of) the question is not in the
    passages."""

    with_model: bool
    sentences: list[Sentence] = field(default_factory=list)
    said_by_model: int = 0
    dropped: int = 0
    gap: bool = False
    failure: ModelError | None = None
    prompts: dict[str, str] = field(default_factory=dict)
    timings: dict[str, int] = field(default_factory=dict)

    @property
    def needs_quotes(self) -> bool:
        """No model, one that failed, or one of which nothing could be shown although it did not decline."""
        return not self.with_model or self.failure is not None or (not self.said_by_model and not self.gap)


def outcome_of(progress: Progress) -> Outcome:
    if not progress.sentences:
        return Outcome.NOT_COVERED
    if not progress.with_model:
        return Outcome.ANSWERED
    if progress.needs_quotes:
        return Outcome.EVIDENCE_ONLY
    return Outcome.PARTIAL if progress.dropped or progress.gap else Outcome.ANSWERED


def finish(
    progress: Progress,
    coverage: Coverage,
    citer: Citer,
    found: Found,
    language: str,
    provenance: Provenance,
    today: date,
    as_of: date | None = None,
) -> Answer:
    """The answer. One without sentences carries no source; one ``as_of`` a day says so."""
    outcome = outcome_of(progress)
    cited = {citation.number for sentence in progress.sentences for citation in sentence.citations}
    return Answer(
        outcome=outcome,
        text=" ".join(sentence.text for sentence in progress.sentences) or notices.not_covered(coverage, language),
        language=language,
        sentences=tuple(progress.sentences),
        sources=tuple(card for card in citer.sources() if card.number in cited),
        notices=(
            *([_notice("as_of", language, date=as_of.isoformat())] if as_of is not None else []),
            *_of_the_model(progress, language),
            *notices.of_sources(progress.sentences, found.passages, language, as_of or today),
        ),
        provenance=provenance,
    )


def _of_the_model(progress: Progress, language: str) -> list[Notice]:
    if not progress.with_model:
        return []
    if not progress.sentences:
        return [_notice("model_missing", language)] if progress.failure is not None else []
    if progress.failure is not None:
        stopped = isinstance(progress.failure, ModelStopped) and progress.said_by_model
        return [_notice("model_stopped" if stopped else "model_unavailable", language)]
    if progress.needs_quotes:
        return [_notice("model_unusable", language)]
    result = []
    if progress.gap:
        result.append(_notice("partial", language))
    if progress.dropped:
        result.append(_notice("dropped", language, count=progress.dropped))
    return result


def _notice(kind: str, language: str, **values: object) -> Notice:
    return Notice(kind, message(f"notice.{kind}", language, **values))
