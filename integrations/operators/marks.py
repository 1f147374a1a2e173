"""What an operator is done with, and for how long their session shows what people asked."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, insert, select

from assistant.conversations.database import Database
from assistant.conversations.schema import answers
from integrations.operators import tables

Queue = Literal["gap", "opinion"]
SHOWN_FOR = timedelta(hours=1)
_aside, _texts = tables.set_aside, tables.texts


class Marks:
    """All methods block and are safe from several threads and processes. Raise ConversationsError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    def set_aside(self, queue: Queue, answer_ids: Collection[str]) -> int:
        """Takes the answers out of a queue; how many there were of them."""
        find = select(answers.c.number).where(answers.c.id.in_(list(answer_ids))).order_by(answers.c.number)
        with self._database.writing() as connection:
            numbers = connection.execute(find.with_for_update()).scalars().all()
            same = (_aside.c.queue == queue, _aside.c.answer_number.in_(numbers))
            connection.execute(delete(_aside).where(*same))
            if numbers:
                now = self._clock()
                values = [{"answer_number": number, "queue": queue, "at": now} for number in numbers]
                connection.execute(insert(_aside), values)
            return len(numbers)

    def bring_back(self, queue: Queue, answer_ids: Collection[str]) -> int:
        numbers = select(answers.c.number).where(answers.c.id.in_(list(answer_ids)))
        with self._database.writing() as connection:
            chosen = delete(_aside).where(_aside.c.queue == queue, _aside.c.answer_number.in_(numbers))
            return connection.execute(chosen).rowcount

    def aside(self, queue: Queue) -> dict[str, datetime]:
        """Each answer that was taken out of a queue, and when."""
        query = select(answers.c.id, _aside.c.at).join(_aside, _aside.c.answer_number == answers.c.number)
        with self._database.reading() as connection:
            return {row.id: row.at for row in connection.execute(query.where(_aside.c.queue == queue))}

    def show_texts(self, mark: str) -> datetime:
        """Until when the session of this mark shows texts now."""
        now = self._clock()
        with self._database.writing() as connection:
            connection.execute(delete(_texts).where((_texts.c.until < now) | (_texts.c.mark == mark)))
            connection.execute(insert(_texts).values(mark=mark, until=now + SHOWN_FOR))
        return now + SHOWN_FOR

    def hide_texts(self, mark: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(_texts).where(_texts.c.mark == mark))

    def texts_until(self, mark: str) -> datetime | None:
        """None where the session shows no texts, or no longer."""
        query = select(_texts.c.until).where(_texts.c.mark == mark, _texts.c.until > self._clock())
        with self._database.reading() as connection:
            until: datetime | None = connection.execute(query).scalar()
        return until
