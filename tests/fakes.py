"""Stand-ins for what the tests cannot have here: the model behind an OpenAI-compatible address.

``ModelServer`` is a real HTTP server on a free port of this machine, so that a test drives the project's own
client over a socket. It is deterministic: the same request gets the same bytes, no fault is left to timing.

    with ModelServer(lines("Asylum claims fell in 2023. [1]"), error(500, "Overloaded.", None)) as server:
        ...  # point the client at server.base_url with the key KEY, then look at server.requests

Every response closes its connection, so that a client's pool holds nothing when a test ends.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import math
import re
import select
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, NoReturn

KEY = "test-key"
MODEL = "stand-in"
HALF_A_LINE = "This line is cut in the mid"
"""What ``breaks_off`` sends of the line it does not finish."""

_CREATED = 1_700_000_000
_SIZES = (1, 4, 2, 7, 3, 5)

Messages = list[dict[str, str]]
Headers = tuple[tuple[str, str], ...]


# --- what the server can be told to reply ---------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """Text, whole or up to the point where ``end`` says that the stream stalls or breaks."""

    text: Callable[[Messages], str]
    end: Literal["finished", "stalled", "broken", "cut short"] = "finished"
    finish_reason: str = "stop"
    delay: float = 0.0


@dataclass(frozen=True)
class Silence:
    """The request is taken, and no token comes."""

    headers: bool


@dataclass(frozen=True)
class Page:
    """A fixed response."""

    status: int
    content_type: str
    body: str
    headers: Headers = ()


Reply = Answer | Silence | Page


def lines(*text: str, finish_reason: str = "stop") -> Answer:
    """These lines in small uneven chunks, the finish reason, the usage if asked for, and ``[DONE]``."""
    return Answer(_saying("\n".join(text)), finish_reason=finish_reason)


def answering(function: Callable[[Messages], str]) -> Answer:
    """The text that ``function`` makes of the request's messages.

    If it raises, the client gets a 500 and leaving the server's ``with`` raises what it raised.
    """
    return Answer(function)


def slow(text: tuple[str, ...], delay: float = 0.01) -> Answer:
    """As ``lines``, with ``delay`` seconds before each chunk."""
    return Answer(_saying("\n".join(text)), delay=delay)


def stalls(after: tuple[str, ...] = ("First. [1]",)) -> Answer:
    """These whole lines, then nothing until the client goes or the server is closed."""
    return Answer(_saying(_whole(after)), end="stalled")


def breaks_off(after: tuple[str, ...] = ("First. [1]",), *, quietly: bool = False) -> Answer:
    """These whole lines and half of another, without a finish reason or ``[DONE]``.

    The connection is dropped in the middle of the HTTP body. ``quietly`` ends the body as HTTP asks, as some
    proxies do when the model behind them dies: the client then sees a stream that simply ends.
    """
    return Answer(_saying(_whole(after) + HALF_A_LINE), end="cut short" if quietly else "broken")


def never_starts(*, headers: bool = False) -> Silence:
    """Takes the request and sends nothing, or with ``headers`` only the response's head."""
    return Silence(headers)


def error(status: int, message: str, code: str | None, headers: Headers = ()) -> Page:
    """An error as OpenAI words it."""
    kinds = {429: "insufficient_quota" if code == "insufficient_quota" else "requests"}
    kind = kinds.get(status, "server_error" if status >= 500 else "invalid_request_error")
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return Page(status, "application/json", json.dumps(body), headers)


def html() -> Page:
    """A page with status 200, as a captive portal or a wrong base URL gives."""
    body = "<!doctype html>\n<html><head><title>Sign in</title></head><body>Sign in first.</body></html>\n"
    return Page(200, "text/html; charset=utf-8", body)


def garbage(data: str = "{not json") -> Page:
    """A 200 event stream whose every data line is ``data``."""
    return Page(200, "text/event-stream", f"data: {data}\n\n" * 2 + "data: [DONE]\n\n")


def _saying(text: str) -> Callable[[Messages], str]:
    return lambda _messages: text


def _whole(text: tuple[str, ...]) -> str:
    return "".join(f"{line}\n" for line in text)


# --- the server -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecordedRequest:
    method: str
    path: str
    headers: dict[str, str]
    """By lower-cased name."""
    body: dict[str, Any]
    """The parsed JSON; empty for a request without a body or with one that is not a JSON object."""


class ModelServer:
    """An OpenAI-compatible server under ``base_url``, from entering ``with`` until leaving it.

    ``replies`` answer ``POST /v1/chat/completions`` in order, one a request; the last repeats. To ask a
    server that has none is the test's mistake, and is raised on leaving. ``POST /v1/embeddings`` gives
    word-hash vectors of ``dimensions``, or the fixed ``embeddings`` reply; ``GET /v1/models`` lists
    ``MODEL``. With ``require_key`` any request without ``Bearer test-key`` gets 401 and uses up no reply.
    """

    def __init__(
        self,
        *replies: Reply,
        require_key: bool = False,
        dimensions: int = 64,
        embeddings: Page | None = None,
    ) -> None:
        self.base_url = ""
        self.require_key = require_key
        self.dimensions = dimensions
        self.embeddings = embeddings
        self._replies = replies
        self._replied = 0
        self._changed = threading.Condition()
        self._requests: list[RecordedRequest] = []
        self._disconnects = 0
        self._failures: list[Exception] = []
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> ModelServer:
        self._server = _Server(self)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()  # waits for the requests' threads
        if self._failures and raised is None:
            raise self._failures[0]

    @property
    def requests(self) -> list[RecordedRequest]:
        """What has been asked so far, in order, whatever was replied."""
        with self._changed:
            return list(self._requests)

    @property
    def disconnects(self) -> int:
        """How many replies the client abandoned before their end.

        Exact for ``stalls`` and ``never_starts``, which end no other way; a short answer may be wholly sent
        before the client goes. The server learns of it a moment after: use ``wait_for_disconnects``.
        """
        with self._changed:
            return self._disconnects

    def wait_for_requests(self, count: int = 1, timeout: float = 5.0) -> bool:
        """Whether ``count`` requests have come, as soon as they have. In a coroutine by ``to_thread``."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._requests) >= count, timeout)

    def wait_for_disconnects(self, count: int = 1, timeout: float = 5.0) -> bool:
        """Whether ``count`` clients have gone, as soon as they have.

        In a coroutine by ``asyncio.to_thread``: an asynchronous client closes its socket in the event loop,
        which a blocking wait would hold up.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._disconnects >= count, timeout)

    def _record(self, request: RecordedRequest, *, takes_reply: bool) -> tuple[int, Reply | None]:
        """The request's number from 1, and the reply that is its turn."""
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()
            if not takes_reply or not self._replies:
                return len(self._requests), None
            reply = self._replies[min(self._replied, len(self._replies) - 1)]
            self._replied += 1
            return len(self._requests), reply

    def _abandoned(self) -> None:
        with self._changed:
            self._disconnects += 1
            self._changed.notify_all()

    def _failed(self, failure: Exception) -> None:
        with self._changed:
            self._failures.append(failure)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close joins them; hang_up lets each of them end
    request_queue_size = 64

    def __init__(self, owner: ModelServer) -> None:
        self.owner = owner
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        """As HTTPServer, without asking the resolver for this machine's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def connected(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)
            if self.closing.is_set():
                _shut(connection)

    def disconnected(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)

    def hang_up(self) -> None:
        """End every wait: a read, a write and a stall all return once their socket is shut down."""
        with self._lock:
            self.closing.set()
            for connection in self._connections:
                _shut(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing on stderr: a client that goes is counted, and all else is a failure raised on leaving."""


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client has already gone


class _ClientGone(Exception):
    """The client closed the connection, or the server is being closed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.connected(self.connection)

    def finish(self) -> None:
        self.server.disconnected(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        self.close_connection = True
        try:
            self._route()
        except (_ClientGone, ConnectionError):
            if not self.server.closing.is_set():
                self.server.owner._abandoned()
        except Exception as failure:
            self.server.owner._failed(failure)

    def _route(self) -> None:
        owner = self.server.owner
        body = self._body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        allowed = not owner.require_key or headers.get("authorization") == f"Bearer {KEY}"
        messages = _messages(body.get("messages"))
        is_chat = (self.command, self.path) == ("POST", "/v1/chat/completions")
        takes_reply = is_chat and allowed and messages is not None and isinstance(body.get("model"), str)
        request = RecordedRequest(self.command, self.path, headers, body)
        number, reply = owner._record(request, takes_reply=takes_reply)

        if not allowed:
            self._page(error(401, "Incorrect API key provided.", "invalid_api_key"))
        elif is_chat and not takes_reply:
            self._page(error(400, "A chat needs a 'model' and 'messages'.", "missing_required_parameter"))
        elif is_chat:
            self._chat(reply, body, messages or [], number)
        elif (self.command, self.path) == ("POST", "/v1/embeddings"):
            self._page(owner.embeddings or _embeddings(body, owner.dimensions))
        elif (self.command, self.path) == ("GET", "/v1/models"):
            model = {"id": MODEL, "object": "model", "created": _CREATED, "owned_by": "tests"}
            self._json({"object": "list", "data": [model]})
        else:
            self._page(error(404, f"Invalid URL ({self.command} {self.path})", "unknown_url"))

    def _body(self) -> dict[str, Any]:
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            body = json.loads(raw)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    def _chat(self, reply: Reply | None, body: dict[str, Any], messages: Messages, number: int) -> None:
        match reply:
            case None:
                self._fail(AssertionError("The ModelServer was asked for an answer but given no replies."))
            case Page():
                self._page(reply)
            case Silence():
                if reply.headers:
                    streams = body.get("stream") is True
                    self._head(200, "text/event-stream" if streams else "application/json", _CHUNKED)
                self._wait_for_end()
            case Answer():
                try:
                    text = reply.text(messages)
                except Exception as failure:
                    self._fail(failure)
                    return
                envelope = {"id": f"chatcmpl-{number}", "created": _CREATED, "model": body["model"]}
                usage = _usage(messages, text)
                if body.get("stream") is True:
                    options = body.get("stream_options")
                    wants_usage = isinstance(options, dict) and options.get("include_usage") is True
                    self._stream(reply, text, envelope, usage if wants_usage else None)
                else:
                    self._completion(reply, text, envelope, usage)

    def _fail(self, failure: Exception) -> None:
        self.server.owner._failed(failure)
        self._page(error(500, f"The test's own reply failed: {failure!r}", None))

    def _stream(self, reply: Answer, text: str, envelope: dict[str, Any], usage: dict[str, int] | None) -> None:
        self._head(200, "text/event-stream", _CHUNKED)
        chunk = envelope | {"object": "chat.completion.chunk"} | ({} if usage is None else {"usage": None})

        def choice(delta: dict[str, str], finish_reason: str | None = None) -> dict[str, Any]:
            return chunk | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}

        self._event(choice({"role": "assistant", "content": ""}))
        for piece in pieces(text):
            self._leave_if_client_gone(reply.delay)
            self._event(choice({"content": piece}))
        if reply.end == "stalled":
            self._wait_for_end()
        elif reply.end == "finished":
            self._event(choice({}, reply.finish_reason))
            if usage is not None:
                self._event(chunk | {"choices": [], "usage": usage})
            self._send(b"data: [DONE]\n\n")
        if reply.end != "broken":
            self._send(b"")

    def _completion(self, reply: Answer, text: str, envelope: dict[str, Any], usage: dict[str, int]) -> None:
        message = {"role": "assistant", "content": text}
        choices = [{"index": 0, "message": message, "finish_reason": reply.finish_reason}]
        body = envelope | {"object": "chat.completion", "choices": choices, "usage": usage}
        self._leave_if_client_gone(reply.delay)
        if reply.end == "finished":
            self._json(body)
            return
        half = json.dumps(body, ensure_ascii=False).encode()[:60]
        self._head(200, "application/json", _CHUNKED)
        self._send(half)
        if reply.end == "stalled":
            self._wait_for_end()
        elif reply.end == "cut short":
            self._send(b"")

    def _json(self, body: dict[str, Any]) -> None:
        self._page(Page(200, "application/json", json.dumps(body, ensure_ascii=False)))

    def _page(self, page: Page) -> None:
        body = page.body.encode()
        self._head(page.status, page.content_type, (("Content-Length", str(len(body))), *page.headers))
        self.wfile.write(body)

    def _head(self, status: int, content_type: str, headers: Headers) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", content_type), ("Connection", "close"), *headers):
            self.send_header(name, value)
        self.end_headers()

    def _event(self, event: dict[str, Any]) -> None:
        """One event; if it has a character of several bytes, in two HTTP chunks that part inside it."""
        raw = b"data: " + json.dumps(event, ensure_ascii=False).encode() + b"\n\n"
        inside = next((at + 1 for at, byte in enumerate(raw) if byte > 127), len(raw))
        for part in (raw[:inside], raw[inside:]):
            if part:
                self._send(part)

    def _send(self, part: bytes) -> None:
        """One HTTP chunk; an empty one ends the body."""
        self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")

    def _leave_if_client_gone(self, seconds: float | None) -> None:
        """Waits so long (None: without end); raises as soon as the client goes or the server is closed."""
        poll = select.poll()
        poll.register(self.connection, select.POLLIN | select.POLLHUP)
        if poll.poll(None if seconds is None else seconds * 1000):
            raise _ClientGone  # nothing more is read from a connection that serves one request

    def _wait_for_end(self) -> NoReturn:
        self._leave_if_client_gone(None)
        raise _ClientGone


_CHUNKED: Headers = (("Transfer-Encoding", "chunked"),)


# --- what it says ---------------------------------------------------------------------------------


def pieces(text: str) -> Iterator[str]:
    """The text in small uneven pieces, cut inside every label and around a non-ASCII run's first letter."""
    cuts = {0, len(text)}
    steps = itertools.accumulate(itertools.cycle(_SIZES))
    cuts.update(itertools.takewhile(lambda at: at < len(text), steps))
    cuts.update(match.start() + 1 for match in re.finditer(r"\[\w", text))
    for match in re.finditer(r"[^\x00-\x7f]+", text):
        cuts.update((match.start(), match.start() + 1))
    for start, end in itertools.pairwise(sorted(cuts)):
        yield text[start:end]


def embedding(text: str, dimensions: int) -> list[float]:
    """A vector of length 1, the nearer to another's the more words they share; exact in 32-bit floats."""
    buckets = [0.0] * dimensions
    for word in re.findall(r"\w+", text.lower()) or [""]:
        digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
        buckets[int.from_bytes(digest, "big") % dimensions] += 1.0
    length = math.sqrt(sum(count * count for count in buckets))
    packed = struct.pack(f"<{dimensions}f", *(count / length for count in buckets))
    return list(struct.unpack(f"<{dimensions}f", packed))


def _embeddings(body: dict[str, Any], dimensions: int) -> Page:
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts) or "model" not in body:
        return error(400, "Embeddings need a 'model' and an 'input' of text or texts.", "invalid_input")
    size = body.get("dimensions", dimensions)
    data: list[dict[str, Any]] = []
    for index, text in enumerate(texts):
        vector: list[float] | str = embedding(text, size)
        if body.get("encoding_format") == "base64":
            vector = base64.b64encode(struct.pack(f"<{size}f", *vector)).decode()
        data.append({"object": "embedding", "index": index, "embedding": vector})
    words = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": words, "total_tokens": words}
    return Page(
        200,
        "application/json",
        json.dumps({"object": "list", "data": data, "model": body["model"], "usage": usage}),
    )


def _messages(given: object) -> Messages | None:
    """The request's messages with their content as plain text, or None if they are no such list."""
    if not isinstance(given, list) or not given or not all(isinstance(message, dict) for message in given):
        return None
    return [{"role": str(message.get("role")), "content": _text(message.get("content"))} for message in given]


def _text(content: object) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _usage(messages: Messages, text: str) -> dict[str, int]:
    prompt = sum(len(message["content"].split()) for message in messages)
    completion = len(text.split())
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
