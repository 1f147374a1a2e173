"""What the Slack desk must not forget: the work it has acknowledged, and which messages it has answered.

A job's id is the id of what Slack sent, so a row is at once the memory that it came and the work that it asks for. It
is written before Slack is told that it arrived, leased to one process while that works on it, and taken up by another
when the lease runs out. What was asked is erased with the end of the job; the id stays for a few days.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from integrations.slack import tables

LEASE_SECONDS = 30.0
KEPT_SECONDS = 3 * 24 * 3600.0
_DELETED = "deleted"
_jobs, _claims, _seen = tables.jobs, tables.claims, tables.seen
_log = logging.getLogger("migdesk.slack")
_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Job:
    """``attempt`` counts from 1; ``posted`` are the messages (ts) that earlier attempts left in the thread."""

    id: str
    kind: str
    payload: Mapping[str, Any]
    attempt: int = 1
    posted: tuple[str, ...] = ()


class Jobs:
    """The table of jobs, shared by every process of the desk. Has a thread of its own: an acknowledgement must not
    queue behind the searches that fill the common ones."""

    def __init__(self, engine: Engine, worker: str, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._worker, self._clock = engine, worker, clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="slack-keeping")
        self._noted: set[str] = set()
        tables.make_tables(engine)

    def close(self) -> None:
        self._thread.shutdown()

    async def add(self, identifier: str, kind: str, payload: Mapping[str, Any], thread: str = "") -> Job | None:
        """The job, leased to this process; None where it is known already."""
        return await self._run(self._add, identifier[:255], kind, payload, thread)

    async def take(self) -> Job | None:
        """The oldest job that nobody works on, leased to this process."""
        return await self._run(self._take)

    async def renew(self) -> set[str]:
        """Keeps this process's jobs for longer; returns the ids of those that are to be stopped."""
        return await self._run(self._renew)

    async def finish(self, identifier: str, *, failed: bool = False) -> None:
        """Erases what was asked; the id stays."""
        state = "failed" if failed else "done"
        await self._set(identifier, state=state, payload="{}", leased_by="", lease_until=0.0)

    async def put_off(self, identifier: str, seconds: float) -> None:
        """To be taken up again later, by whoever is there."""
        await self._set(identifier, leased_by="", lease_until=self._clock() + seconds)

    async def let_go(self) -> None:
        """Gives all of this process's jobs back, for the next process to take at once."""
        await self._run(self._let_go)

    async def claim(self, message: str, job: str) -> bool:
        """Whether this job, and no other, is to answer the message (``team:channel:ts``)."""
        return await self._run(self._claim, message, job)

    async def withdraw(self, message: str) -> str | None:
        """The message was deleted: nobody is to answer it. Returns the job that does so already."""
        return await self._run(self._withdraw, message)

    async def place(self, identifier: str, thread: str) -> None:
        """Says in which thread the job answers, so that it can be stopped from there."""
        await self._set(identifier, thread=thread)

    async def note_posted(self, identifier: str, ts: str) -> None:
        """A message of this job stands in the thread now."""
        await self._run(self._note_posted, identifier, ts)

    async def all_posted(self, thread: str) -> set[str]:
        """The messages that jobs of the thread have posted and noted."""
        return await self._run(self._all_posted, thread)

    async def stop(self, *, thread: str = "", identifier: str = "") -> set[str]:
        """Marks the open jobs of a thread, or one job, to be stopped wherever they run; returns their ids."""
        return await self._run(self._stop, thread, identifier)

    async def answers_in(self, thread: str) -> bool:
        """Whether the desk answers in this thread, or has lately."""
        return await self._run(self._answers_in, thread)

    async def open_count(self) -> int:
        """Jobs that are not finished."""
        return await self._run(self._open_count)

    async def purge(self) -> None:
        """Forgets finished jobs and claims that are too old to come again."""
        await self._run(self._purge)

    async def note_seen(self, kind: str) -> None:
        """That this kind of event arrives at all, for the doctor. Once a process and kind."""
        if kind not in self._noted:
            self._noted.add(kind)
            await self._run(self._note_seen, kind[:64])

    async def _run(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        assert not kwargs
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *args)

    def _add(self, identifier: str, kind: str, payload: Mapping[str, Any], thread: str) -> Job | None:
        now = self._clock()
        values = {
            "id": identifier,
            "kind": kind,
            "payload": json.dumps(payload),  # in ASCII: halves of surrogate pairs are taken by no database
            "state": "open",
            "attempts": 1,
            "leased_by": self._worker,
            "lease_until": now + LEASE_SECONDS,
            "created": now,
            "thread": thread,
            "posted": "",
            "stopped": False,
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(_jobs).values(values))
        except IntegrityError:
            return None
        return Job(identifier, kind, payload)

    def _take(self) -> Job | None:
        now, c = self._clock(), _jobs.c
        waiting = select(c.id).where(c.state == "open", c.lease_until < now).order_by(c.created).limit(1)
        # The condition stands twice: of two processes that chose the same row, the later one finds it leased.
        taking = update(_jobs).where(c.id == waiting.scalar_subquery(), c.state == "open", c.lease_until < now)
        values = {"leased_by": self._worker, "lease_until": now + LEASE_SECONDS, "attempts": c.attempts + 1}
        with self._engine.begin() as connection:
            row = connection.execute(taking.values(values).returning(*c)).first()
        if row is None:
            return None
        posted = tuple(row.posted.split())
        return Job(row.id, row.kind, json.loads(row.payload), row.attempts, posted)

    def _renew(self) -> set[str]:
        c = _jobs.c
        mine = (c.state == "open", c.leased_by == self._worker)
        with self._engine.begin() as connection:
            connection.execute(update(_jobs).where(*mine).values(lease_until=self._clock() + LEASE_SECONDS))
            return set(connection.execute(select(c.id).where(*mine, c.stopped)).scalars())

    def _let_go(self) -> None:
        mine = (_jobs.c.state == "open", _jobs.c.leased_by == self._worker)
        with self._engine.begin() as connection:
            connection.execute(update(_jobs).where(*mine).values(leased_by="", lease_until=0.0))

    def _claim(self, message: str, job: str) -> bool:
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(_claims).values(message=message, job=job, created=self._clock()))
        except IntegrityError:
            return self._claimed_by(message) == job
        return True

    def _withdraw(self, message: str) -> str | None:
        if self._claim(message, _DELETED):
            return None
        return self._claimed_by(message)

    def _claimed_by(self, message: str) -> str | None:
        with self._engine.connect() as connection:
            found = connection.execute(select(_claims.c.job).where(_claims.c.message == message)).scalar()
        return str(found) if found is not None else None

    def _note_posted(self, identifier: str, ts: str) -> None:
        with self._engine.begin() as connection:
            added = update(_jobs).where(_jobs.c.id == identifier).values(posted=_jobs.c.posted + f" {ts}")
            connection.execute(added)

    def _all_posted(self, thread: str) -> set[str]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(_jobs.c.posted).where(_jobs.c.thread == thread)).scalars()
            return {ts for posted in rows for ts in posted.split()}

    def _stop(self, thread: str, identifier: str) -> set[str]:
        wanted = _jobs.c.thread == thread if thread else _jobs.c.id == identifier
        with self._engine.begin() as connection:
            marking = update(_jobs).where(_jobs.c.state == "open", wanted).values(stopped=True)
            return set(connection.execute(marking.returning(_jobs.c.id)).scalars())

    def _answers_in(self, thread: str) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(select(_jobs.c.id).where(_jobs.c.thread == thread).limit(1)).first() is not None

    def _open_count(self) -> int:
        with self._engine.connect() as connection:
            return len(connection.execute(select(_jobs.c.id).where(_jobs.c.state == "open")).all())

    def _purge(self) -> None:
        before = self._clock() - KEPT_SECONDS
        with self._engine.begin() as connection:
            connection.execute(delete(_jobs).where(_jobs.c.state != "open", _jobs.c.created < before))
            connection.execute(delete(_claims).where(_claims.c.created < before))

    def _note_seen(self, kind: str) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(delete(_seen).where(_seen.c.kind == kind))
                connection.execute(insert(_seen).values(kind=kind, last=self._clock()))
        except IntegrityError:
            _log.debug("another process has noted %s in this moment", kind)

    async def _set(self, identifier: str, **values: object) -> None:
        await self._run(self._update, identifier, values)

    def _update(self, identifier: str, values: dict[str, object]) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(_jobs).where(_jobs.c.id == identifier).values(values))


def kinds_seen(engine: Engine) -> dict[str, float]:
    """When each kind of event last began to arrive (seconds since 1970), for the doctor."""
    tables.make_tables(engine)
    with engine.connect() as connection:
        return {row.kind: row.last for row in connection.execute(select(_seen))}
