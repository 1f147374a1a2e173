"""From a question to an answer that is kept: the desk's stream, with the thread's history and the reader's rights."""

import asyncio
import logging
import traceback
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

from assistant.conversations.store import Conversations
from assistant.conversations.types import Asked
from assistant.desk import Desk
from assistant.events import Event, Finished, Found
from assistant.language import language_of
from assistant.replies import message
from assistant.types import Answer, Conversation, Outcome, Provenance, Reader
from integrations.desk_loop import DeskLoop
from integrations.slack.errors import StoppedByReader

# A question costs a core for its embedding; more at once only wait in line.
_AT_ONCE = 8
_TURNS = 6
_log = logging.getLogger("migdesk.slack")
Heard = Callable[[Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as it is put to the desk. ``thread`` and ``person`` are the names that it is kept under.
    ``stands_alone``: it means the same without what was asked before it."""

    text: str
    thread: str
    person: str
    audience: str
    language: str
    stands_alone: bool = False


class Answering:
    """Asks the desk, so many questions at once and one at a time in a thread. A question can be stopped by its job."""

    def __init__(self, desk: Desk, conversations: Conversations, at_once: int = _AT_ONCE) -> None:
        self._desk, self._conversations = desk, conversations
        self._loop = DeskLoop()
        self._slots = asyncio.Semaphore(at_once)
        self._threads: dict[str, tuple[asyncio.Lock, int]] = {}
        self._asking: dict[str, asyncio.Task[tuple[Answer, tuple[str, ...]]]] = {}
        self._stopped: set[str] = set()

    def close(self) -> None:
        self._loop.close()

    async def language(self, text: str) -> str:
        """Of a question, off the loop: identification loads a model."""
        return await asyncio.to_thread(language_of, text)

    def stop(self, job: str) -> None:
        """Breaks off the answer that the job is at, the model's call included."""
        if (asking := self._asking.get(job)) is not None:
            self._stopped.add(job)
            asking.cancel()

    async def answer(self, job: str, posed: Posed, heard: Heard) -> tuple[str, Answer]:
        """The id under which the answer is kept, and the answer. ``heard`` is told every event as it comes. What breaks
        on our side ends in an answer that says so; raises StoppedByReader, and whatever ``heard`` raises."""
        async with self._turn(posed.thread):
            turns = 0 if posed.stands_alone else _TURNS
            history = await asyncio.to_thread(
                self._conversations.history, posed.thread, turns, audiences=_no_more_than(posed.audience)
            )
            asking = asyncio.create_task(self._asked(posed, history, heard))
            self._asking[job] = asking
            try:
                answer, found = await asking
            except asyncio.CancelledError:
                if job in self._stopped:
                    raise StoppedByReader from None
                asking.cancel()
                await asyncio.wait([asking])
                raise
            finally:
                del self._asking[job]
                self._stopped.discard(job)
            asked = Asked(
                thread=posed.thread,
                surface="slack",
                person=posed.person,
                audience=posed.audience,
                language=answer.language,
                question=posed.text,
                answer=answer,
                found=found,
            )
            return await asyncio.to_thread(self._conversations.keep, asked), answer

    async def _asked(self, posed: Posed, history: Conversation, heard: Heard) -> tuple[Answer, tuple[str, ...]]:
        found: tuple[str, ...] = ()
        reader = Reader.of(posed.audience, posed.language)
        stream = self._loop.stream(lambda: self._desk.stream(posed.text, history, reader))
        async with self._slots, aclosing(stream) as events:
            while True:
                try:
                    event = await anext(events)
                except Exception as error:
                    return _failed(error, posed.language), found
                if isinstance(event, Finished):
                    return event.answer, found
                if isinstance(event, Found):
                    found = tuple(item.passage.id for item in event.passages)
                await heard(event)

    @asynccontextmanager
    async def _turn(self, thread: str) -> AsyncIterator[None]:
        """A follow-up waits for what it follows."""
        lock, waiting = self._threads.get(thread, (asyncio.Lock(), 0))
        self._threads[thread] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            _, waiting = self._threads[thread]
            if waiting == 1:
                del self._threads[thread]
            else:
                self._threads[thread] = (lock, waiting - 1)


def _failed(error: Exception, language: str) -> Answer:
    """The answer where there is none. The log names the kind of error: its words may hold the question."""
    reference = uuid.uuid4().hex[:8]
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("answer %s failed: %s\n%s", reference, type(error).__name__, frames)
    text = message("outcome.failed", language, reference=reference)
    return Answer(Outcome.FAILED, text, language, (), (), (), Provenance(model=None))


def _no_more_than(audience: str) -> frozenset[str]:
    """Whose answers may be built upon: one reads what was told with one's own rights or with fewer."""
    return frozenset({audience, "public"})
