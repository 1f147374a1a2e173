"""How a guest behaves: asks for robots.txt first and keeps to it, takes a breath between two requests to a host, and
leaves a host alone that cannot be reached or says that it is too much."""

import time
from collections.abc import Callable

from knowledge.sources import robots
from knowledge.sources.addresses import Target
from knowledge.sources.errors import FetchFailed, HostUnavailable, RefusedByRobots, UnsafeAddress
from knowledge.sources.fetching import Fetcher

_BREATH_SECONDS = 1.0
_TOO_MUCH = frozenset({429, 503})


class Manners:
    """For one run over many pages: what was learnt of a host holds until its end. Requests are made one after the
    other, so a host never has two at a time; the order in which pages are asked for spreads them over the hosts."""

    def __init__(
        self,
        fetcher: Fetcher,
        breath: float = _BREATH_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._fetcher = fetcher
        self._breath = breath
        self._clock = clock
        self._sleep = sleep
        self._rules: dict[str, robots.Rules] = {}
        self._refusals: dict[str, str] = {}
        self._asked_at: dict[str, float] = {}
        self._left_alone: dict[str, str] = {}
        self._host = ""

    def before(self, target: Target) -> None:
        """Waits until the page may be asked for. Raises RefusedByRobots, and HostUnavailable for a host that is left
        alone for the rest of the run."""
        if target.origin not in self._rules:
            self._rules[target.origin] = self._rules_of(target)
        if target.origin in self._refusals:
            raise RefusedByRobots(self._refusals[target.origin])
        rules = self._rules[target.origin]
        if not rules.allow(target.request_target):
            raise RefusedByRobots(f"the robots.txt of {target.host} asks not to fetch {target.request_target}")
        self._wait(target, rules.delay)

    def leave_alone(self, reason: str) -> None:
        """The host asked last is not asked again in this run."""
        self._left_alone.setdefault(self._host, reason)

    def note_status(self, status: int) -> None:
        """Of the answer that came last."""
        if status in _TOO_MUCH:
            self.leave_alone(f"answered {status}, which asks to come back later")

    def _wait(self, target: Target, delay: float) -> None:
        self._host = target.host
        if target.host in self._left_alone:
            raise HostUnavailable(
                f"{target.host} is left alone for the rest of this run ({self._left_alone[target.host]})"
            )
        earliest = self._asked_at.get(target.host, float("-inf")) + max(self._breath, delay)
        if (seconds := earliest - self._clock()) > 0:
            self._sleep(seconds)
        self._asked_at[target.host] = self._clock()

    def _rules_of(self, target: Target) -> robots.Rules:
        """RFC 9309: no file means no rules; a host that fails to say what it wants is not asked."""
        page = Target(target.scheme, target.host, target.port, "/robots.txt")
        try:
            answer = self._fetcher.get(page, {}, lambda hop: self._wait(hop, 0))
        except HostUnavailable:
            raise
        except UnsafeAddress as error:
            raise UnsafeAddress(f"its robots.txt was not fetched: {error}") from error
        except FetchFailed as error:
            self._refusals[target.origin] = f"the robots.txt of {target.host} cannot be read, as it {error}"
            return robots.EVERYTHING
        if answer.status == 200:
            return robots.parse(answer.body)
        if answer.status in _TOO_MUCH or answer.status >= 500:
            self._refusals[target.origin] = (
                f"the robots.txt of {target.host} is answered with status {answer.status}, so what may be fetched is "
                "not known"
            )
        return robots.EVERYTHING
