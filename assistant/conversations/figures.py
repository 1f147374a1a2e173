"""How much was asked and how it ended, in numbers that hold nothing of a person."""

from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, func, select

from assistant.conversations.database import Database
from assistant.conversations.schema import answers, escalations, feedback
from assistant.conversations.types import Holdings, Usage


def usage(database: Database, since: date) -> list[Usage]:
    c = answers.c
    columns = (c.day, c.surface, c.audience, c.language, c.outcome)
    query = select(*columns, func.count().label("times")).where(c.day >= since).group_by(*columns).order_by(*columns)
    with database.reading() as connection:
        return [
            Usage(row.day, row.surface, row.audience, row.language, row.outcome, row.times)
            for row in connection.execute(query)
        ]


def holdings(database: Database) -> Holdings:
    c = answers.c
    query = select(func.count(), func.count(c.question), func.min(c.day).filter(c.question.is_not(None)))
    with database.reading() as connection:
        every, held, oldest = connection.execute(query).one()
        opinions = _counts(connection, feedback.c.helpful)
        return Holdings(
            where=database.name.removeprefix("The database "),
            questions=held,
            erased=every - held,
            oldest=oldest,
            helpful=opinions.get(True, 0),
            not_helpful=opinions.get(False, 0),
            escalations=_counts(connection, escalations.c.state),
        )


def _counts(connection: Connection, column: Column[Any]) -> dict[Any, int]:
    query = select(column, func.count()).group_by(column).order_by(column)
    return {row[0]: row[1] for row in connection.execute(query)}
