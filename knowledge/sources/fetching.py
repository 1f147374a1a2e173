"""One page from the web, or the reason why not. Safe against a URL, a host or a redirect that would lead elsewhere than
the public web, and bounded in size, time and redirects.

Built on httpcore, below a client: a client would parse the URL a second time, keep cookies, ask the environment for
proxies and unpack without a limit.
"""

import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import certifi
import httpcore

from knowledge.sources.addresses import Policy, Target, join
from knowledge.sources.connecting import CheckedBackend, Deadline, Resolve, system_addresses
from knowledge.sources.errors import FetchFailed, UnsafeAddress
from knowledge.sources.unpacking import unpacked

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_READ_AT_ONCE_STATUSES = frozenset({200})


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds, bytes and hops, for one page with all its redirects."""

    connect_seconds: float = 10
    idle_seconds: float = 15
    total_seconds: float = 60
    packed_bytes: int = 50_000_000
    unpacked_bytes: int = 50_000_000
    ratio: int = 100
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer that is no redirect. ``target`` is where it came from in the end; the body is empty unless the status
    is 200. Header names are lower case, a header given twice counts once, as first given."""

    target: Target
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    moved_for_good: bool = False


# Called before each request with where it goes; raises what should stop it.
Before = Callable[[Target], None]


class Fetcher:
    """Asks for pages, one connection a request. ``policy``, ``resolve`` and ``trust`` are given by tests only."""

    def __init__(
        self,
        user_agent: str,
        *,
        policy: Policy | None = None,
        limits: Limits | None = None,
        resolve: Resolve = system_addresses,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._policy = policy or Policy()
        self._limits = limits or Limits()
        self._resolve = resolve
        # The bundle by name: without it the environment could name another.
        self._trust = trust or ssl.create_default_context(cafile=certifi.where())

    def get(self, target: Target, headers: Mapping[str, str], before: Before) -> Fetched:
        """Follows redirects, each checked like the first address. Conditional headers go only to ``target`` itself: an
        ETag means nothing elsewhere. Raises FetchFailed, UnsafeAddress, and what ``before`` raises."""
        seen = {target.url}
        deadline = Deadline(self._limits.total_seconds)
        moved_for_good = True
        for hop in range(self._limits.redirects + 1):
            with deadline.paused():
                before(target)
            answer = self._ask(target, headers if hop == 0 else {}, deadline)
            if answer.status not in _REDIRECTS:
                return Fetched(answer.target, answer.status, answer.headers, answer.body, hop > 0 and moved_for_good)
            moved_for_good = moved_for_good and answer.status in _PERMANENT
            target = _next(target, answer)
            if target.url in seen:
                raise FetchFailed(f"redirects in a circle, at {target.url}")
            seen.add(target.url)
        raise FetchFailed(f"redirects more than {self._limits.redirects} times, last to {target.url}")

    def _ask(self, target: Target, headers: Mapping[str, str], deadline: Deadline) -> Fetched:
        self._policy.check_port(target)
        url = httpcore.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.request_target.encode(),
        )
        request = httpcore.Request(
            "GET",
            url,
            headers=[
                ("Host", target.authority),
                ("User-Agent", self._user_agent),
                ("Accept", "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.5"),
                ("Accept-Encoding", "gzip"),
                ("Connection", "close"),
                *headers.items(),
            ],
            extensions={
                "timeout": {
                    "connect": self._limits.connect_seconds,
                    "read": self._limits.idle_seconds,
                    "write": self._limits.idle_seconds,
                }
            },
        )
        backend = CheckedBackend(self._policy, self._resolve, deadline)
        try:
            with httpcore.HTTPConnection(url.origin, ssl_context=self._trust, network_backend=backend) as connection:
                response = connection.handle_request(request)
                try:
                    return self._received(target, response)
                finally:
                    response.close()
        except httpcore.ProtocolError as error:
            raise FetchFailed(f"is not sent as HTTP asks for: {error}") from error

    def _received(self, target: Target, response: httpcore.Response) -> Fetched:
        headers: dict[str, str] = {}
        for name, value in response.headers:
            headers.setdefault(name.decode("ascii").lower(), value.decode("latin-1").strip())
        if response.status not in _READ_AT_ONCE_STATUSES:
            return Fetched(target, response.status, headers)
        limits = self._limits
        body = unpacked(
            _stream(response),
            headers.get("content-encoding", "").lower(),
            limits.packed_bytes,
            limits.unpacked_bytes,
            limits.ratio,
        )
        return Fetched(target, response.status, headers, body)


def _stream(response: httpcore.Response) -> Iterator[bytes]:
    yield from response.iter_stream()


def _next(target: Target, answer: Fetched) -> Target:
    location = answer.headers.get("location")
    if not location:
        raise FetchFailed(f"redirects (status {answer.status}) without saying where to")
    try:
        following = join(target, location.encode("latin-1"))
    except UnsafeAddress as error:
        raise UnsafeAddress(f"redirects to an address that is not followed: {error}") from error
    if target.scheme == "https" and following.scheme == "http":
        raise UnsafeAddress(f"redirects from a secure page to one that is not, {following.url}")
    return following
