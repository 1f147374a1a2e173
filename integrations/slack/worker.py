"""Does what was acknowledged: at once where this process took it in, after a restart where another one died over it."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from integrations.slack.errors import NotInstalled, Undeliverable
from integrations.slack.keeping import LEASE_SECONDS, Job, Jobs
from integrations.slack.workspaces import REFUSED_TOKENS, code_of

SWEEP_SECONDS = 2.0
_MOST_ATTEMPTS = 4
# A job over which one process after another died is given up, before it takes down the next.
_MOST_TAKEN = 8
_SWEEPS_TO_PURGE = 1800
_log = logging.getLogger("migdesk.slack")


class Worker:
    """One task a job. ``handle`` does the job, ``stop`` is told the ids of jobs that somebody wants stopped."""

    def __init__(
        self,
        jobs: Jobs,
        handle: Callable[[Job], Awaitable[None]],
        stop: Callable[[str], None],
        sweep_seconds: float = SWEEP_SECONDS,
    ) -> None:
        self._jobs, self._handle, self._stop, self._pause = jobs, handle, stop, sweep_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweeping: asyncio.Task[None] | None = None

    async def accept(self, identifier: str, kind: str, payload: Mapping[str, Any], thread: str = "") -> None:
        """Writes the job down, unless it is known, and begins it. Once this returns it will be done."""
        job = await self._jobs.add(identifier, kind, payload, thread)
        if job is not None:
            self.begin(job)

    def start(self) -> None:
        """Takes up what was left lying, now and from time to time."""
        self._sweeping = asyncio.create_task(self._sweep())

    async def close(self, seconds: float = 8.0) -> None:
        """Lets what is under way come to its end for so long; the rest is taken up by the next process."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.wait([self._sweeping])
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._jobs.let_go()
        self._jobs.close()

    async def idle(self) -> None:
        """Waits until nothing is under way here."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def begin(self, job: Job) -> None:
        """Does a job that is leased to this process."""
        task = asyncio.create_task(self._do(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sweep(self) -> None:
        count = 0
        while True:
            try:
                while (job := await self._jobs.take()) is not None:
                    self.begin(job)
                # Well within the lease, and soon enough for a stop that another process was told of.
                for identifier in await self._jobs.renew():
                    self._stop(identifier)
                if count % _SWEEPS_TO_PURGE == 0:
                    await self._jobs.purge()
            except Exception as error:  # a database that is busy or full now may not be in a moment
                _log.error("the jobs cannot be looked through: %s", type(error).__name__)
            count += 1
            await asyncio.sleep(min(self._pause, LEASE_SECONDS / 4))

    async def _do(self, job: Job) -> None:
        if job.attempt > _MOST_TAKEN:
            _log.error("a job (%s) is given up: it was begun %d times and never came to an end", job.kind, job.attempt)
            await self._jobs.finish(job.id, failed=True)
            return
        try:
            await self._handle(job)
        except (Undeliverable, NotInstalled) as error:
            _log.warning("a job (%s) ends without an answer: %s", job.kind, error)
            await self._jobs.finish(job.id, failed=True)
        except SlackApiError as error:
            await self._again(job, code_of(error) or "an error without a name")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            await self._again(job, type(error).__name__)
        except Exception as error:
            # The error's own words may hold the question.
            frames = "".join(traceback.format_tb(error.__traceback__))
            _log.error("a job (%s) failed: %s\n%s", job.kind, type(error).__name__, frames)
            await self._jobs.finish(job.id, failed=True)
        else:
            await self._jobs.finish(job.id)

    async def _again(self, job: Job, code: str) -> None:
        if code in REFUSED_TOKENS:
            _log.error("Slack no longer takes the token (%s). Install the app again and set the new token.", code)
        if code in REFUSED_TOKENS or job.attempt >= _MOST_ATTEMPTS:
            _log.error("a job (%s) failed for good: %s", job.kind, code)
            await self._jobs.finish(job.id, failed=True)
        else:
            _log.warning("a job (%s) is put off: %s", job.kind, code)
            await self._jobs.put_off(job.id, 5.0 * job.attempt)
