"""Questions that are asked again when documents change, until there is an answer for who asked."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, alias, delete, func, insert, or_, select, update

from assistant.conversations.database import Database
from assistant.conversations.schema import answers
from assistant.conversations.types import Usage
from integrations.operators import tables

# Where a reader finds by themselves what was answered since; on Slack nobody looks again.
SURFACES = ("web", "api", "openai")
NEVER = -1
_LEASE = timedelta(minutes=5)
_MANY = 500
_table = tables.watches
_OF_THEIR_ANSWER = _table.c.answer_number == answers.c.number
_again = alias(answers, "again")


@dataclass(frozen=True, slots=True)
class Watch:
    """A question under watch. ``again_id`` is the answer that was made since, ``opened_at`` when its asker saw it."""

    answer_id: str
    since: datetime
    again_id: str | None
    again_at: datetime | None
    opened_at: datetime | None


class Watches:
    """All methods block and are safe from several threads and processes. Raise ConversationsError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    # ---- for who marks and who reads --------------------------------------------------------------------------------

    def watch(self, answer_ids: Collection[str]) -> int:
        """How many are watched that were not before. Passed over: what was erased, and what was asked on Slack."""
        find = select(answers.c.number).where(
            answers.c.id.in_(list(answer_ids)), answers.c.surface.in_(SURFACES), answers.c.question.is_not(None)
        )
        with self._database.writing() as connection:
            # Of two who mark the same at once, the second finds it marked.
            found = connection.execute(find.order_by(answers.c.number).with_for_update()).scalars().all()
            known = select(_table.c.answer_number).where(_table.c.answer_number.in_(found))
            new = set(found) - set(connection.execute(known).scalars())
            if new:
                now = self._clock()
                values = [{"answer_number": number, "since": now, "revision": NEVER} for number in sorted(new)]
                connection.execute(insert(_table), values)
            return len(new)

    def unwatch(self, answer_ids: Collection[str]) -> int:
        """How many are watched no more; those that were answered since stay known."""
        with self._database.writing() as connection:
            chosen = delete(_table).where(_table.c.answer_number.in_(_numbers_of(answer_ids)))
            return connection.execute(chosen.where(_table.c.again_at.is_(None))).rowcount

    def is_watched(self, answer_ids: Collection[str]) -> frozenset[str]:
        """Those of the ids that wait for an answer."""
        query = select(answers.c.id).join(_table, _OF_THEIR_ANSWER)
        query = query.where(answers.c.id.in_(list(answer_ids)), _table.c.again_at.is_(None))
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def again(self, answer_ids: Collection[str]) -> dict[str, str]:
        """Of the ids those of answers that were made by asking again, each with the id of the answer before."""
        query = select(_again.c.id, answers.c.id.label("first")).select_from(_table)
        query = query.join(answers, _OF_THEIR_ANSWER).join(_again, _table.c.again_number == _again.c.number)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(_again.c.id.in_(list(answer_ids))))
            return {row.id: row.first for row in rows}

    def news(self, person: str) -> frozenset[str]:
        """The ids of answers that were made since for this person, who has not opened them yet."""
        query = select(_again.c.id).select_from(_table).join(_again, _table.c.again_number == _again.c.number)
        query = query.where(_again.c.person == person, _again.c.question.is_not(None), _table.c.opened_at.is_(None))
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def opened(self, person: str, answer_ids: Collection[str]) -> None:
        """Their asker has these before them."""
        if not (new := self.news(person) & frozenset(answer_ids)):
            return
        with self._database.writing() as connection:
            chosen = update(_table).where(_table.c.again_number.in_(_numbers_of(new)))
            connection.execute(chosen.values(opened_at=self._clock()))

    def usage(self, since: date) -> list[Usage]:
        """Which of the figures of ``Conversations.usage`` are not questions of readers but of this package."""
        c = _again.c
        columns = (c.day, c.surface, c.audience, c.language, c.outcome)
        query = select(*columns, func.count().label("times")).select_from(_table)
        query = query.join(_again, _table.c.again_number == c.number).where(c.day >= since).group_by(*columns)
        with self._database.reading() as connection:
            return [
                Usage(row.day, row.surface, row.audience, row.language, row.outcome, row.times)
                for row in connection.execute(query)
            ]

    def held(self) -> tuple[int, int]:
        """How many answers that are kept were made by asking again: with their texts, and erased."""
        query = select(func.count(), func.count(_again.c.question)).select_from(_table)
        with self._database.reading() as connection:
            every, held = connection.execute(query.join(_again, _table.c.again_number == _again.c.number)).one()
            return held, every - held

    def watched(self) -> list[Watch]:
        """All whose question is still kept, newest first."""
        columns = (answers.c.id, _table.c.since, _table.c.again_at, _table.c.opened_at, _again.c.id.label("again_id"))
        query = select(*columns).select_from(_table).join(answers, _OF_THEIR_ANSWER)
        query = query.join(_again, _table.c.again_number == _again.c.number, isouter=True)
        query = query.where(answers.c.question.is_not(None)).order_by(answers.c.number.desc()).limit(_MANY)
        with self._database.reading() as connection:
            return [
                Watch(row.id, row.since, row.again_id, row.again_at, row.opened_at) for row in connection.execute(query)
            ]

    # ---- for who asks again -----------------------------------------------------------------------------------------

    def due(self, revision: int) -> list[str]:
        """The answers whose questions are to be asked of this revision of the catalogue, newest first."""
        query = select(answers.c.id).join(_table, _OF_THEIR_ANSWER)
        query = query.where(answers.c.question.is_not(None), *self._is_due(revision))
        with self._database.reading() as connection:
            return list(connection.execute(query.order_by(answers.c.number.desc()).limit(_MANY)).scalars())

    def claim(self, answer_id: str, revision: int) -> bool:
        """For one of however many try at once. What a process that died had claimed is free again after minutes."""
        chosen = update(_table).where(_table.c.answer_number.in_(_numbers_of([answer_id])), *self._is_due(revision))
        with self._database.writing() as connection:
            return connection.execute(chosen.values(lease_until=self._clock() + _LEASE)).rowcount == 1

    def not_yet(self, answer_id: str, revision: int) -> None:
        """It was asked of this revision, and there is no answer yet."""
        self._set(answer_id, revision=revision, lease_until=None)

    def answered(self, answer_id: str, revision: int, again_id: str) -> None:
        """It was asked of this revision and is answered by ``again_id``, which is kept."""
        again = select(answers.c.number).where(answers.c.id == again_id).scalar_subquery()
        now = self._clock()
        self._set(answer_id, revision=revision, lease_until=None, again_number=again, again_at=now)

    def _set(self, answer_id: str, **values: object) -> None:
        chosen = update(_table).where(_table.c.answer_number.in_(_numbers_of([answer_id])))
        with self._database.writing() as connection:
            connection.execute(chosen.values(**values))

    def _is_due(self, revision: int) -> tuple[ColumnElement[bool], ...]:
        is_free = or_(_table.c.lease_until.is_(None), _table.c.lease_until < self._clock())
        return (_table.c.again_at.is_(None), _table.c.revision != revision, is_free)


def _numbers_of(answer_ids: Collection[str]) -> Select[tuple[int]]:
    return select(answers.c.number).where(answers.c.id.in_(list(answer_ids)))
