"""How much each asker may have: questions a minute, streams at once, tokens of the model a day. In the memory of this
process, so a restart forgets it. Nothing here waits or reads a request.

A person is counted by their account and a program by its key. Visitors are counted by the address they come from: a
cookie can be thrown away. Behind a key or an address there are several people, so they get several times as much.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from ipaddress import IPv6Address, ip_address, ip_network

from integrations.settings import ServerSettings

_PEOPLE_BEHIND_ONE = 10
_MINUTE = 60.0
_ROUNDING = 1e-6
# Whoever asked last is forgotten last; an allowance that is full again says nothing anyway.
_MOST_KNOWN = 50_000


@dataclass(frozen=True, slots=True)
class Spender:
    """Whose allowance it is. ``people``: for how many it stands."""

    name: str
    people: int = 1
    is_visitor: bool = False


def person(account_id: str) -> Spender:
    return Spender(f"account:{account_id}")


def program(key_id: str) -> Spender:
    return Spender(f"key:{key_id}", _PEOPLE_BEHIND_ONE)


def visitor(host: str | None) -> Spender:
    """By the address; of IPv6 by its network, since one line has billions of addresses."""
    return Spender(f"address:{_place(host)}", _PEOPLE_BEHIND_ONE, is_visitor=True)


@dataclass(slots=True)
class _Pace:
    """What is left of a minute's questions, as of a moment."""

    left: float
    at: float


@dataclass(slots=True)
class _Day:
    """Tokens by spender on one day."""

    day: date
    tokens: dict[str, int] = field(default_factory=dict)
    by_visitors: int = 0


def _today() -> date:
    return datetime.now(UTC).date()


class Allowances:
    """For one application. Not for several threads: everything happens on its event loop."""

    def __init__(
        self,
        settings: ServerSettings,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = _today,
    ) -> None:
        self._settings, self._clock, self._today = settings, clock, today
        self._paces: dict[str, _Pace] = {}
        self._streams: dict[str, int] = {}
        self._day = _Day(today())

    def take_question(self, spender: Spender) -> int:
        """0 where it may be asked; otherwise in how many whole seconds the next may be, and nothing is taken."""
        most = self._settings.questions_a_minute * spender.people
        now = self._clock()
        pace = self._paces.pop(spender.name, None) or _Pace(most, now)
        left = min(most, pace.left + (now - pace.at) * most / _MINUTE)
        may = left >= 1 - _ROUNDING
        # Put back last: the order is that of use.
        self._paces[spender.name] = _Pace(left - may, now)
        if len(self._paces) > _MOST_KNOWN:
            del self._paces[next(iter(self._paces))]
        return 0 if may else max(1, math.ceil((1 - left) * _MINUTE / most - _ROUNDING))

    @contextmanager
    def stream(self, spender: Spender) -> Iterator[bool]:
        """Whether one more stream may be open, which it is until the ``with`` is left."""
        open_now = self._streams.get(spender.name, 0)
        may = open_now < self._settings.streams_at_once * spender.people
        if not may:
            yield False
            return
        self._streams[spender.name] = open_now + 1
        try:
            yield True
        finally:
            self._streams[spender.name] -= 1
            if not self._streams[spender.name]:
                del self._streams[spender.name]

    def has_tokens(self, spender: Spender) -> bool:
        """Whether the model may be called for them today."""
        day = self._of_today()
        if spender.is_visitor and day.by_visitors >= self._settings.visitor_tokens_a_day:
            return False
        return day.tokens.get(spender.name, 0) < self._settings.model_tokens_a_day * spender.people

    def spend(self, spender: Spender, tokens: int) -> None:
        day = self._of_today()
        day.tokens[spender.name] = day.tokens.get(spender.name, 0) + tokens
        if spender.is_visitor:
            day.by_visitors += tokens

    def _of_today(self) -> _Day:
        if self._day.day != (today := self._today()):
            self._day = _Day(today)
        return self._day


def _place(host: str | None) -> str:
    try:
        address = ip_address((host or "").partition("%")[0])
    except ValueError:  # no network address: a socket of this machine
        return "here"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address)
