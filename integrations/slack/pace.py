"""How many questions one person may ask in a short time, so that one cannot keep the desk from all others."""

import math
import time
from collections import deque
from collections.abc import Callable

MOST_QUESTIONS = 20
WITHIN_SECONDS = 300.0
_MOST_PEOPLE = 5000


class Pace:
    """Kept in memory, by each process for itself: what a restart forgets is of minutes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: dict[str, deque[float]] = {}

    def minutes_to_wait(self, person: str) -> int:
        """0, and the question counts, or the whole minutes until the person may ask again."""
        now = self._clock()
        asked = self._asked.setdefault(person, deque())
        while asked and asked[0] <= now - WITHIN_SECONDS:
            asked.popleft()
        if len(asked) >= MOST_QUESTIONS:
            return max(1, math.ceil((asked[0] + WITHIN_SECONDS - now) / 60))
        asked.append(now)
        if len(self._asked) > _MOST_PEOPLE:
            self._asked = {name: times for name, times in self._asked.items() if times[-1] > now - WITHIN_SECONDS}
        return 0
