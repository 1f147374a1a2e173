"""How many answers are computed at once, and how many may wait in line for that."""

import asyncio
import math
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager

from assistant.events import Event, Searching

# An answer has some dozens. More than this would be a stream that does not end.
_MOST_EVENTS = 2000
# How long a reader may take over what was told, once all of it was. Who reads nothing at all is cut off by the system.
_READING_SECONDS = 120


class Place:
    """A place in line or inside. Given back when the answer is done, or when the reader leaves before that."""

    def __init__(self, gate: "Gate") -> None:
        self._gate: Gate | None = gate
        gate.taken += 1

    def give_back(self) -> None:
        """Once is enough; again does nothing."""
        if self._gate is not None:
            self._gate.taken -= 1
            self._gate = None


class Gate:
    """At most ``most`` inside at once, in the order in which they came, and ``waiting`` in line."""

    def __init__(self, most: int, waiting: int) -> None:
        self.taken = 0
        self._places = most + waiting
        self._inside = asyncio.Semaphore(most)

    @property
    def is_open(self) -> bool:
        """Whether whoever comes now goes straight in."""
        return not self._inside.locked()

    def place(self) -> Place | None:
        """None where the line is as long as it may be."""
        return Place(self) if self.taken < self._places else None

    @asynccontextmanager
    async def inside(self, place: Place) -> AsyncGenerator[None]:
        try:
            async with self._inside:
                yield
        finally:
            place.give_back()


async def through(gate: Gate, place: Place, question: str, stream: AsyncGenerator[Event]) -> AsyncGenerator[Event]:
    """The events of the stream, which is begun when its turn comes and computed no slower for a reader who is slow; one
    who is too slow does not get the last of them. To one who has to wait, Searching is told at once. Closing this ends
    the stream."""
    now = asyncio.get_running_loop().time
    events: asyncio.Queue[Event | _Ended] = asyncio.Queue(_MOST_EVENTS)
    is_waiting = not gate.is_open
    done_at = math.inf
    producing = asyncio.create_task(_produce(gate, place, stream, events))

    def note_end(_: object) -> None:
        nonlocal done_at
        done_at = now()

    producing.add_done_callback(note_end)
    try:
        if is_waiting:
            yield Searching(question)
        while not isinstance(event := await events.get(), _Ended):
            if not (is_waiting and event == Searching(question)):
                yield event
            if now() > done_at + _READING_SECONDS:
                return
        if event.error is not None:
            raise event.error
    finally:
        producing.cancel()
        await asyncio.wait([producing])


class _Ended:
    """The last thing in line, with what broke the stream."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


async def _produce(
    gate: Gate, place: Place, stream: AsyncGenerator[Event], events: "asyncio.Queue[Event | _Ended]"
) -> None:
    try:
        async with gate.inside(place), aclosing(stream):
            async for event in stream:
                await events.put(event)
    except Exception as error:
        await events.put(_Ended(error))
    else:
        await events.put(_Ended())
