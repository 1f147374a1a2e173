"""Questions and their answers: kept, and found again by id, thread, person and outcome."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, insert, select

from assistant.conversations.database import Database
from assistant.conversations.errors import UnknownAnswer
from assistant.conversations.recording import answer_as_json, found_as_json, kept_from, new_id, storable
from assistant.conversations.schema import answers
from assistant.conversations.types import Asked, Kept
from assistant.types import Conversation, Outcome, Turn

UNANSWERED = (Outcome.NOT_COVERED, Outcome.NEEDS_CLARIFICATION, Outcome.FAILED, Outcome.EVIDENCE_ONLY)
_NOT_ERASED = answers.c.question.is_not(None)


def keep(database: Database, asked: Asked) -> str:
    if not asked.person or not asked.thread:
        raise ValueError("what is kept needs a person and a thread: nobody could find or erase it otherwise")
    identifier, now = new_id(), datetime.now(UTC)
    values = {
        "id": identifier,
        "asked_at": now,
        "day": now.date(),
        "surface": storable(asked.surface),
        "audience": storable(asked.audience),
        "language": storable(asked.language),
        "outcome": str(asked.answer.outcome),
        "thread": storable(asked.thread),
        "person": storable(asked.person),
        "question": storable(asked.question),
        "answer": answer_as_json(asked.answer),
        "found": found_as_json(asked.found),
    }
    with database.writing() as connection:
        connection.execute(insert(answers).values(values))
    return identifier


def kept(database: Database, answer_id: str) -> Kept | None:
    found = _read(database, select(answers).where(answers.c.id == storable(answer_id)))
    return found[0] if found else None


def history(database: Database, thread: str, turns: int, audiences: frozenset[str] | None) -> Conversation:
    query = _newest(answers.c.thread == storable(thread), _NOT_ERASED)
    if audiences is not None:
        query = query.where(answers.c.audience.in_(sorted(audiences)))
    pairs = _read(database, query.limit(max(0, turns) // 2))
    return tuple(turn for pair in reversed(pairs) for turn in _turns_of(pair))


def recent(database: Database, person: str, limit: int) -> list[Kept]:
    return _read(database, _newest(answers.c.person == storable(person), _NOT_ERASED).limit(max(0, limit)))


def unanswered(database: Database, since: datetime, limit: int) -> list[Kept]:
    ended = answers.c.outcome.in_([str(outcome) for outcome in UNANSWERED])
    return _read(database, _newest(ended, answers.c.asked_at >= since, _NOT_ERASED).limit(max(0, limit)))


def _newest(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(answers).where(*conditions).order_by(answers.c.number.desc())


def _read(database: Database, query: Select[*tuple[Any, ...]]) -> list[Kept]:
    with database.reading() as connection:
        return [kept_from(row) for row in connection.execute(query)]


def _turns_of(pair: Kept) -> tuple[Turn, ...]:
    if pair.question is None or pair.answer is None:
        return ()
    return Turn("user", pair.question), Turn("assistant", pair.answer.text)


def locked_answer(connection: Connection, answer_id: str) -> int:
    """The number of an answer that nobody else changes, rates or hands on until the transaction ends. Raises
    UnknownAnswer, also for one whose question was erased."""
    query = select(answers.c.number).where(answers.c.id == storable(answer_id), _NOT_ERASED).with_for_update()
    number: int | None = connection.execute(query).scalar()
    if number is None:
        raise UnknownAnswer(
            "This answer is not there any more: answers are erased after a time. Ask the question anew."
        )
    return number
