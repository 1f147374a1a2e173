"""How much is answered at once."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import Request

from integrations.web.errors import ApiError


class Gate:
    """At most so many answers at once; one more is told to come back instead of waiting unseen."""

    def __init__(self, most: int) -> None:
        self._free = most

    @asynccontextmanager
    async def passing(self) -> AsyncGenerator[None]:
        if self._free <= 0:
            raise ApiError(503, "busy", "Too many questions are being answered. Please try again in a moment.", retry=5)
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


async def admitted(request: Request) -> AsyncGenerator[None]:
    """For the time of one answer."""
    gate: Gate = request.app.state.gate
    async with gate.passing():
        yield
