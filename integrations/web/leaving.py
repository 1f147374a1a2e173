"""What ends when nobody waits for it any more: an answer in one piece, or a stream."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request

from integrations.web.errors import ApiError

_T = TypeVar("_T")


async def while_waited_for(request: Request, answering: Coroutine[Any, Any, _T]) -> _T:
    """What it comes to. Raises what it raises, and ApiError once the client has left, with the work cancelled."""
    working = asyncio.create_task(answering)
    leaving = asyncio.create_task(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ApiError(499, "left", "The client has left.")
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.wait({working, leaving})


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue


async def _end() -> AsyncGenerator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


# Closed when the response is over, however it ended. The framework leaves the stream of a reader who has left to the
# garbage collector, which closes each of the generators in it at once, and so in each other's way.
TheEnd = Annotated[AsyncExitStack, Depends(_end)]
