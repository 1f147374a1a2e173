"""A loop of its own for the desk, in a thread of its own. An answer takes milliseconds of computing between two waits,
and so does each piece that a model streams; in the loop that hears a surface, the answers under way would hold up every
acknowledgement to Slack and every first event to a reader."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from assistant.events import Event


class DeskLoop:
    """Runs until it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        self._thread.start()

    async def stream(self, make: Callable[[], AsyncGenerator[Event]]) -> AsyncGenerator[Event]:
        """The events of a stream that is made and run over there. Whoever leaves early ends it there too."""
        here = asyncio.get_running_loop()
        heard: asyncio.Queue[Event | None] = asyncio.Queue()

        async def run() -> None:
            async with aclosing(make()) as events:
                async for event in events:
                    here.call_soon_threadsafe(heard.put_nowait, event)

        running = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(run(), self._loop))
        running.add_done_callback(lambda _: heard.put_nowait(None))
        try:
            while (event := await heard.get()) is not None:
                yield event
            await running
        finally:
            running.cancel()

    def close(self) -> None:
        """Ends what still runs there."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()
