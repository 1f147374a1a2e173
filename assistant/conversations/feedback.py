"""What readers think of answers: one opinion a person and answer."""

from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from assistant.conversations import schema
from assistant.conversations.database import Database
from assistant.conversations.keeping import locked_answer
from assistant.conversations.recording import feedback_from, kept_from, storable
from assistant.conversations.types import Feedback, Kept

_table = schema.feedback


def rate(
    database: Database, answer_id: str, person: str, helpful: bool, reason: str | None, comment: str | None
) -> None:
    person = storable(person)
    with database.writing() as connection:
        number = locked_answer(connection, answer_id)
        connection.execute(delete(_table).where(_table.c.answer_number == number, _table.c.person == person))
        values = {
            "answer_number": number,
            "person": person,
            "helpful": helpful,
            "reason": storable(reason) if reason is not None else None,
            "comment": storable(comment) if comment is not None else None,
            "at": datetime.now(UTC),
        }
        connection.execute(insert(_table).values(values))


def feedback(database: Database, helpful: bool | None, limit: int) -> list[tuple[Kept, Feedback]]:
    answers = schema.answers
    said = select(_table).where(_table.c.person.is_not(None))
    if helpful is not None:
        said = said.where(_table.c.helpful == helpful)
    said = said.join(answers).where(answers.c.question.is_not(None))
    said = said.order_by(_table.c.number.desc()).limit(max(0, limit))
    with database.reading() as connection:
        opinions = connection.execute(said).all()
        numbers = {row.answer_number for row in opinions}
        about = connection.execute(select(answers).where(answers.c.number.in_(numbers)))
        kept = {row.number: kept_from(row) for row in about}
    # One who forgets an answer between the two reads takes its feedback along.
    return [
        (kept[row.answer_number], feedback_from(row, kept[row.answer_number].id))
        for row in opinions
        if row.answer_number in kept
    ]
