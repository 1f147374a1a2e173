"""Answers that went on to a colleague: open → claimed → answered → relayed. Each step is one statement that asks for
the state it starts from, so that of many who try at once one succeeds."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, insert, or_, select, update

from assistant.conversations import schema
from assistant.conversations.database import Database
from assistant.conversations.errors import UnknownEscalation
from assistant.conversations.keeping import locked_answer
from assistant.conversations.recording import escalation_from, new_id, storable
from assistant.conversations.types import Escalation, EscalationState

_table = schema.escalations
_NOT_ERASED = _table.c.person.is_not(None)


def escalate(database: Database, answer_id: str, person: str, note: str) -> Escalation:
    person = storable(person)
    with database.writing() as connection:
        number = locked_answer(connection, answer_id)
        same = (_table.c.answer_number == number, _table.c.person == person)
        first = connection.execute(selected(*same)).first()
        if first is None:
            values = {
                "id": new_id(),
                "answer_number": number,
                "person": person,
                "note": storable(note),
                "state": "open",
                "at": datetime.now(UTC),
            }
            connection.execute(insert(_table).values(values))
            first = connection.execute(selected(*same)).one()
        return escalation_from(first)


def escalation(database: Database, escalation_id: str) -> Escalation | None:
    with database.reading() as connection:
        return _one(connection, escalation_id)


def placed(database: Database, escalation_id: str, place: str) -> None:
    with database.writing() as connection:
        if not _changed(connection, escalation_id, {"place": storable(place)}):
            raise UnknownEscalation("This request to a colleague is not there any more: requests are erased in time.")


def claim(database: Database, escalation_id: str, expert: str) -> Escalation | None:
    expert = storable(expert)
    with database.writing() as connection:
        _changed(connection, escalation_id, {"state": "claimed", "expert": expert}, _table.c.state == "open")
        found = _one(connection, escalation_id)
    return found if found is not None and found.expert == expert else None


def reply(database: Database, escalation_id: str, expert: str, text: str) -> Escalation | None:
    expert = storable(expert)
    own = (_table.c.expert == expert) & _table.c.state.in_(["claimed", "answered"])
    values = {"state": "answered", "expert": expert, "reply": storable(text)}
    with database.writing() as connection:
        if not _changed(connection, escalation_id, values, or_(_table.c.state == "open", own)):
            return None
        return _one(connection, escalation_id)


def relayed(database: Database, escalation_id: str) -> bool:
    with database.writing() as connection:
        return _changed(connection, escalation_id, {"state": "relayed"}, _table.c.state == "answered")


def escalations(database: Database, state: EscalationState | None) -> list[Escalation]:
    query = selected(*([_table.c.state == state] if state is not None else []))
    with database.reading() as connection:
        return [escalation_from(row) for row in connection.execute(query.order_by(_table.c.number))]


def selected(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Escalations that are not erased, each with the id of its answer."""
    query = select(_table, schema.answers.c.id.label("answer_id")).join(schema.answers)
    return query.where(_NOT_ERASED, *conditions)


def _one(connection: Connection, escalation_id: str) -> Escalation | None:
    row = connection.execute(selected(_table.c.id == storable(escalation_id))).first()
    return escalation_from(row) if row is not None else None


def _changed(
    connection: Connection, escalation_id: str, values: dict[str, str], *conditions: ColumnElement[bool]
) -> bool:
    """Whether one met the conditions and has these values now."""
    chosen = update(_table).where(_table.c.id == storable(escalation_id), _NOT_ERASED, *conditions)
    return connection.execute(chosen.values(values)).rowcount == 1
