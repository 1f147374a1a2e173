"""An answer in one piece, given up when nobody waits for it any more."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import Request

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
