"""What one person asked, for that person alone: every look-up names the person, so that what is somebody else's, what
never was and what was erased are found to be missing in the same way."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select

from assistant.conversations import escalations, schema
from assistant.conversations.database import Database
from assistant.conversations.recording import escalation_from, feedback_from, kept_from, storable
from assistant.conversations.types import Escalation, Feedback, Kept, KeptConversation, KeptTurn
from knowledge.spelling import folded_words, mentions

# Of one person: more than anybody asks within the days that are kept.
_MOST_LOOKED_THROUGH = 5000
_answers = schema.answers
_NOT_ERASED = _answers.c.question.is_not(None)


def kept_of(database: Database, person: str, answer_id: str) -> Kept | None:
    with database.reading() as connection:
        row = connection.execute(select(_answers).where(_answers.c.id == storable(answer_id), _of(person))).first()
    return kept_from(row) if row is not None else None


def turns(database: Database, person: str, thread: str, limit: int) -> list[KeptTurn]:
    newest = select(_answers).where(_answers.c.thread == storable(thread), _of(person))
    with database.reading() as connection:
        rows = connection.execute(newest.order_by(_answers.c.number.desc()).limit(max(0, limit))).all()
        numbers = [row.number for row in rows]
        opinions = _opinions(connection, person, numbers)
        handed_on = _handed_on(connection, person, numbers)
    return [
        KeptTurn(
            kept_from(row),
            feedback_from(opinions[row.number], row.id) if row.number in opinions else None,
            escalation_from(handed_on[row.number]) if row.number in handed_on else None,
        )
        for row in reversed(rows)
    ]


def turn(database: Database, person: str, answer_id: str) -> KeptTurn | None:
    kept = kept_of(database, person, answer_id)
    if kept is None:
        return None
    return KeptTurn(kept, opinion(database, person, answer_id), escalation_of(database, person, answer_id))


def opinion(database: Database, person: str, answer_id: str) -> Feedback | None:
    table = schema.feedback
    query = select(table).join(_answers).where(_answers.c.id == storable(answer_id), table.c.person == storable(person))
    with database.reading() as connection:
        row = connection.execute(query).first()
    return feedback_from(row, answer_id) if row is not None else None


def escalation_of(database: Database, person: str, answer_id: str) -> Escalation | None:
    mine = schema.escalations.c.person == storable(person)
    with database.reading() as connection:
        row = connection.execute(escalations.selected(_answers.c.id == storable(answer_id), mine)).first()
    return escalation_from(row) if row is not None else None


def conversations(database: Database, person: str, search: str, limit: int) -> list[KeptConversation]:
    c = _answers.c
    columns = (c.number, c.thread, c.question, c.asked_at, c.outcome, c.language)
    query = select(*columns).where(_of(person)).order_by(c.number.desc()).limit(_MOST_LOOKED_THROUGH)
    with database.reading() as connection:
        rows = connection.execute(query).all()
    wanted = folded_words(search)
    found: dict[str, KeptConversation] = {}
    matching: set[str] = set()
    for row in rows:
        last = found.get(row.thread)
        found[row.thread] = KeptConversation(
            row.thread,
            row.question,
            last.asked_at if last else row.asked_at,
            last.outcome if last else row.outcome,
            last.language if last else row.language,
            last.answers + 1 if last else 1,
        )
        if not search.strip() or (wanted and _holds(row.question, wanted)):
            matching.add(row.thread)
    return [one for thread, one in found.items() if thread in matching][: max(0, limit)]


def forget_thread(connection: Connection, person: str, thread: str) -> list[str]:
    """The ids of the answers that were erased, with what was said of them."""
    theirs = (_answers.c.thread == storable(thread), _answers.c.person == storable(person))
    found = connection.execute(select(_answers.c.id).where(*theirs).with_for_update()).scalars().all()
    connection.execute(delete(_answers).where(*theirs))
    return [str(identifier) for identifier in found]


def _of(person: str) -> ColumnElement[bool]:
    return (_answers.c.person == storable(person)) & _NOT_ERASED


def _opinions(connection: Connection, person: str, numbers: Sequence[int]) -> dict[int, Row[Any]]:
    table = schema.feedback
    query = select(table).where(table.c.answer_number.in_(numbers), table.c.person == storable(person))
    return {row.answer_number: row for row in connection.execute(query)}


def _handed_on(connection: Connection, person: str, numbers: Sequence[int]) -> dict[int, Row[Any]]:
    table = schema.escalations
    query = escalations.selected(table.c.answer_number.in_(numbers), table.c.person == storable(person))
    return {row.answer_number: row for row in connection.execute(query)}


def _holds(question: str, wanted: Sequence[str]) -> bool:
    """Whether each of the folded words is a part of the question or a form of a word of it."""
    words = folded_words(question)
    whole, forms = " ".join(words), frozenset(words)
    return all(word in whole or mentions(word, forms) for word in wanted)
