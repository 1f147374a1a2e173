"""A small web of this machine: real HTTP servers under names that only these tests resolve.

    with Site({"/a": page("Text.")}) as site:
        fetcher = site.fetcher()
        fetcher.get(site.target("/a"), {}, before=lambda target: None)

A reply is a function that writes to the handler, so that a test can be as slow, endless or wrong as it likes.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from types import TracebackType
from typing import Any

from knowledge.sources.addresses import Address, Policy, Target
from knowledge.sources.connecting import Resolve
from knowledge.sources.fetching import Fetched, Fetcher, Limits
from knowledge.sources.manners import Manners
from knowledge.sources.registry import Entry

LOOPBACK = ip_address("127.0.0.1")
AGENT = "MigrationDesk/test (+tests@example.org)"
QUICK = Limits(connect_seconds=2, idle_seconds=0.5, total_seconds=2, packed_bytes=2_000_000, unpacked_bytes=4_000_000)

Reply = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the reply of its path; what has none is not found."""

    site: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.site.begin(self)
        try:
            self.site.replies.get(self.path, status(404))(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client had enough, as it should
        finally:
            self.site.end()

    def log_message(self, format: str, *args: object) -> None:
        """Tests print nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    headers: Mapping[str, str]


class Site:
    """One server. ``host`` is the name under which the fetcher finds it; ``requests`` what it was asked."""

    def __init__(
        self, replies: dict[str, Reply] | None = None, host: str = "site.example", tls: ssl.SSLContext | None = None
    ) -> None:
        self.replies = replies if replies is not None else {}
        self.host = host
        self.scheme = "https" if tls else "http"
        self.requests: list[Request] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), type("_Handler", (Handler,), {"site": self}))
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def policy(self) -> Policy:
        return Policy(allow=frozenset({LOOPBACK}), ports=frozenset({self.port}))

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def url(self, path: str) -> str:
        return f"{self.scheme}://{self.host}:{self.port}{path}"

    def target(self, path: str) -> Target:
        return Target("https" if self.scheme == "https" else "http", self.host, self.port, path)

    def entry(self, path: str, identifier: str = "page", **more: Any) -> Entry:
        return Entry(id=identifier, url=self.url(path), publisher="The Ministry", review_days=30, **more)

    def fetcher(
        self, limits: Limits = QUICK, resolve: Resolve | None = None, trust: ssl.SSLContext | None = None
    ) -> Fetcher:
        return Fetcher(AGENT, policy=self.policy, limits=limits, resolve=resolve or loopback, trust=trust)

    def get(self, path: str, limits: Limits = QUICK, headers: Mapping[str, str] | None = None) -> Fetched:
        return self.fetcher(limits).get(self.target(path), headers or {}, lambda target: None)

    def guest(self) -> tuple[Fetcher, Manners]:
        """In no hurry to wait."""
        fetcher = self.fetcher()
        return fetcher, Manners(fetcher, breath=0)

    def begin(self, handler: Handler) -> None:
        with self._lock:
            self.requests.append(Request(handler.path, {k.lower(): v for k, v in handler.headers.items()}))
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)

    def end(self) -> None:
        with self._lock:
            self._at_once -= 1

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is what many of these tests are about."""


def loopback(host: str) -> tuple[Address, ...]:
    """Every name is this machine."""
    return (LOOPBACK,)


@dataclass
class Resolver:
    """Answers in turn, the last one for ever, and remembers what it was asked."""

    answers: list[tuple[str, ...]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str) -> tuple[Address, ...]:
        self.asked.append(host)
        given = self.answers[min(len(self.asked), len(self.answers)) - 1]
        return tuple(ip_address(address) for address in given)


def send(code: int, body: bytes = b"", **headers: str) -> Reply:
    def reply(handler: Handler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def html(text: str, title: str = "A page") -> bytes:
    return f"<!doctype html><html lang=en><title>{title}</title><main><p>{text}</p></main></html>".encode()


def page(text: str, title: str = "A page", **headers: str) -> Reply:
    return send(200, html(text, title), Content_Type="text/html; charset=utf-8", **headers)


def status(code: int, **headers: str) -> Reply:
    return send(code, b"", **headers)


def redirect(location: str, code: int = 302) -> Reply:
    return send(code, b"", Location=location)


def robots(text: str) -> Reply:
    return send(200, text.encode(), Content_Type="text/plain")


def conditional(text: str, etag: str | None = None, last_modified: str | None = None) -> Reply:
    """A page that is not sent again to whoever has it."""

    def reply(handler: Handler) -> None:
        same = (etag is not None and handler.headers.get("If-None-Match") == etag) or (
            last_modified is not None and handler.headers.get("If-Modified-Since") == last_modified
        )
        validators = {"ETag": etag, "Last_Modified": last_modified}
        headers = {name: value for name, value in validators.items() if value}
        (status(304, **headers) if same else page(text, **headers))(handler)

    return reply
