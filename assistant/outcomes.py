"""How an answer ends: from what was said, dropped and missed to its outcome, wording and notices. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant import notices
from assistant.citing import Citer
from assistant.declining import Declined
from assistant.errors import ModelError, ModelSpent, ModelStopped
from assistant.nearby import nearby
from assistant.positions import positions_of
from assistant.reading import Part, Reading
from assistant.replies import message
from assistant.timing import asks_for_latest
from assistant.types import Answer, Notice, Outcome, Provenance, Sentence
from assistant.written_dates import written_date


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


def outcome_of(progress: Progress, *, is_part_open: bool = False) -> Outcome:
    """``is_part_open``: the question asks several things, of which not all are covered."""
    if not progress.sentences:
        return Outcome.NOT_COVERED
    if not progress.with_model:
        return Outcome.PARTIAL if is_part_open else Outcome.ANSWERED
    if progress.needs_quotes:
        return Outcome.EVIDENCE_ONLY
    return Outcome.PARTIAL if progress.dropped or progress.gap else Outcome.ANSWERED


def finish(
    progress: Progress,
    reading: Reading,
    citer: Citer,
    language: str,
    provenance: Provenance,
    today: date,
    as_of: date | None = None,
    contact: str | None = None,
) -> Answer:
    """The answer. One without sentences carries no source, and says what is near and where else to ask; one ``as_of`` a
    day says so."""
    if not progress.sentences:
        return _not_covered(progress, reading, language, provenance, as_of, contact)
    cited = {citation.number for sentence in progress.sentences for citation in sentence.citations}
    return Answer(
        outcome=outcome_of(progress, is_part_open=bool(reading.uncovered)),
        text=" ".join(sentence.text for sentence in progress.sentences),
        language=language,
        sentences=tuple(progress.sentences),
        sources=tuple(card for card in citer.sources() if card.number in cited),
        notices=(
            *_of_the_day(as_of, language),
            *_of_the_model(progress, language),
            *([] if progress.said_by_model else _of_open_parts(reading.uncovered, language)),
            *notices.of_sources(
                progress.sentences,
                reading.found.passages,
                language,
                as_of or today,
                asks_for_latest=as_of is None and any(asks_for_latest(part.question) for part in reading.parts),
            ),
        ),
        provenance=provenance,
        positions=positions_of(progress.sentences, reading.found.passages),
        as_of=_day(as_of),
    )


def decline(reason: Declined, language: str, provenance: Provenance, contact: str | None = None) -> Answer:
    """The answer to a question that is not taken: what the desk can do instead, and where to turn."""
    text = message(
        {
            Declined.STEERING: "outcome.declined_steering",
            Declined.OWN_CASE: "outcome.declined_own_case",
            Declined.PERSON: "outcome.declined_person",
        }[reason],
        language,
    )
    # Nobody is to be asked for what is declined here.
    told = _of_the_contact(contact, language) if reason is Declined.OWN_CASE else []
    return Answer(Outcome.DECLINED, text, language, (), (), tuple(told), provenance)


def ask_back(choices: Sequence[str], language: str, provenance: Provenance) -> Answer:
    """The question back, with its choices numbered in the text for surfaces that show nothing else."""
    listed = [f"{number}. {choice}" for number, choice in enumerate(choices, start=1)]
    text = "\n".join((message("outcome.needs_clarification", language), *listed))
    return Answer(Outcome.NEEDS_CLARIFICATION, text, language, (), (), (), provenance, choices=tuple(choices))


def _not_covered(
    progress: Progress,
    reading: Reading,
    language: str,
    provenance: Provenance,
    as_of: date | None,
    contact: str | None,
) -> Answer:
    near = nearby(" ".join(part.question for part in reading.parts), reading.passages)
    titles = "; ".join(f"“{title}”" for title in near)
    return Answer(
        outcome=outcome_of(progress),
        text=notices.not_covered(reading.coverage, language),
        language=language,
        sentences=(),
        sources=(),
        notices=(
            *_of_the_day(as_of, language),
            *_of_the_model(progress, language),
            *([_notice("nearby", language, titles=titles)] if near else []),
            *_of_the_contact(contact, language),
        ),
        provenance=provenance,
        nearby=near,
        as_of=_day(as_of),
    )


def _day(as_of: date | None) -> str | None:
    return as_of.isoformat() if as_of is not None else None


def _of_the_day(as_of: date | None, language: str) -> list[Notice]:
    return [_notice("as_of", language, date=written_date(as_of.isoformat(), language))] if as_of is not None else []


def _of_the_contact(contact: str | None, language: str) -> list[Notice]:
    return [_notice("contact", language, contact=contact)] if contact else []


def _of_open_parts(uncovered: Sequence[Part], language: str) -> list[Notice]:
    """Which of several questions in one are not answered, and what of them the documents do not mention."""
    if not uncovered:
        return []
    parts = " · ".join(part.question for part in uncovered)
    missing = list(dict.fromkeys(term for part in uncovered for term in part.coverage.missing))
    if not missing:
        return [Notice("partial_missing", message("notice.partial_missing", language, parts=parts))]
    text = message("notice.partial_missing_terms", language, parts=parts, terms=", ".join(missing))
    return [Notice("partial_missing", text)]


def _of_the_model(progress: Progress, language: str) -> list[Notice]:
    if not progress.with_model:
        return []
    if isinstance(progress.failure, ModelSpent):
        return [_notice("model_spent", language)]
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
