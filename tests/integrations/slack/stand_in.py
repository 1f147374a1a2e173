"""A stand-in for Slack: its Web API, files and Socket Mode on a free port of this machine, with a memory.

It knows tokens, people, channels, threads, streams with their states and limits, windows and files, answers with
Slack's own error codes, and records what it was asked. ``thread`` shows what a person would read. Its methods are in
``web_api``, its people and rooms in ``workspace``, what it sends in ``sending``.
"""

import asyncio
import itertools
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from tests.integrations.slack import web_api
from tests.integrations.slack.web_api import Refused
from tests.integrations.slack.workspace import (
    ANA,
    ANAS_DM,
    APP_TOKEN,
    BEN,
    BOT,
    BOT_ID,
    BOT_TOKEN,
    EXPERTS,
    GONE,
    GRID,
    GUEST,
    GUEST_ROOM,
    GUESTS_DM,
    ORGANISATION,
    OTHER_BOT,
    OTHER_TEAM,
    SHARED_ROOM,
    STAFF_ROOM,
    STRANGER,
    TEAM,
    Message,
    channel,
    person,
    words_of,
)


@dataclass
class Fault:
    """What happens instead of a call: an error code, or a 429 with the seconds to wait."""

    code: str = ""
    retry_after: int | None = None
    after: int = 0
    times: int = 1


class Slack:
    """Use as ``async with``; ``api`` and ``socket`` are its addresses from then on."""

    def __init__(self) -> None:
        self.tokens: dict[str, tuple[str, str | None]] = {BOT_TOKEN: (TEAM, None)}
        self.app_tokens = {APP_TOKEN}
        self.scopes = "chat:write"
        self.users = {
            user["id"]: user
            for user in (
                person(ANA),
                person(BEN, locale="sr-RS"),
                person(BOT, is_bot=True),
                person(GUEST, is_restricted=True),
                person(STRANGER, OTHER_TEAM, is_stranger=True),
                person(GRID, "T0SIBLING", enterprise_user={"enterprise_id": ORGANISATION}),
                person(GONE, deleted=True),
                person(OTHER_BOT, OTHER_TEAM, is_bot=True),
            )
        }
        self.channels = {
            room["id"]: room
            for room in (
                channel(STAFF_ROOM, ANA, BEN, BOT),
                channel(SHARED_ROOM, ANA, STRANGER, BOT, is_ext_shared=True, is_shared=True),
                channel(GUEST_ROOM, ANA, GUEST, BOT),
                channel(EXPERTS, ANA, BEN, BOT),
                channel(ANAS_DM, ANA, BOT, is_im=True, user=ANA),
                channel(GUESTS_DM, GUEST, BOT, is_im=True, user=GUEST),
            )
        }
        self.messages: dict[str, list[Message]] = defaultdict(list)
        self.ephemeral: list[dict[str, Any]] = []
        self.statuses: list[tuple[str, str, str]] = []
        self.sessions: list[tuple[str, str, str]] = []
        self.prompts: dict[str, list[dict[str, str]]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.views: dict[str, dict[str, Any]] = {}
        self.files: list[dict[str, Any]] = []
        self.hooks: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.oauth_codes: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.called_at: list[tuple[str, float]] = []
        self.overlaps = 0
        self.acknowledged: list[str] = []
        self.connections: list[web.WebSocketResponse] = []
        self.connected = 0
        self._faults: dict[str, list[Fault]] = defaultdict(list)
        self._counts: Counter[str] = Counter()
        self.uploads: dict[str, dict[str, Any]] = {}
        self._busy: Counter[str] = Counter()
        self.numbers = itertools.count(1)
        self._changed = asyncio.Condition()
        self._tickets: set[str] = set()
        self._runner: web.AppRunner | None = None
        self.address = ""

    async def __aenter__(self) -> "Slack":
        application = web.Application(client_max_size=8 * 2**20)
        application.router.add_route("*", "/api/{method}", self._api)
        application.router.add_post("/upload/{file}", self._upload)
        application.router.add_post("/hooks/{name}", self._hook)
        application.router.add_get("/link", self._link)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for connection in self.connections:
            await connection.close()
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def api(self) -> str:
        return f"{self.address}/api/"

    # ---- what a test sets up and looks at ---------------------------------------------------------------------------

    def fail(self, method: str, code: str, *, after: int = 0, times: int = 1) -> None:
        """From the call number ``after`` on, so many calls of the method are refused."""
        self._faults[method].append(Fault(code, None, after, times))

    def limit(self, method: str, seconds: int, *, after: int = 0, times: int = 1) -> None:
        self._faults[method].append(Fault("ratelimited", seconds, after, times))

    def write(self, user: str, where: str, text: str, thread_ts: str | None = None) -> Message:
        """A person writes a message."""
        message = Message(self.ts(), where, user, text, thread_ts)
        self.messages[where].append(message)
        return message

    def crowd(self, count: int) -> list[tuple[str, str]]:
        """So many more colleagues, each with their conversation with the desk: what one may ask is limited."""
        made = [(f"U0C{next(self.numbers)}", f"D0C{next(self.numbers)}") for _ in range(count)]
        for name, where in made:
            self.users[name] = person(name)
            self.channels[where] = channel(where, name, BOT, is_im=True, user=name)
        return made

    def ts(self) -> str:
        """Of the next message."""
        return f"{1_700_000_000 + next(self.numbers)}.000100"

    def thread(self, where: str, thread_ts: str) -> list[Message]:
        """The replies in a thread."""
        return [message for message in self.messages[where] if message.thread_ts == thread_ts]

    def answers(self, where: str, thread_ts: str) -> list[Message]:
        """The replies of the desk in a thread."""
        return [message for message in self.thread(where, thread_ts) if message.user == BOT]

    def called(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    async def until(self, is_so: Callable[[], bool], what: str, timeout: float = 20) -> None:
        """Waits for what the desk does next, as soon as it has."""
        async with self._changed:
            try:
                await asyncio.wait_for(self._changed.wait_for(is_so), timeout)
            except TimeoutError:
                raise AssertionError(f"waited {timeout} s in vain for {what}; last calls {self.calls[-5:]}") from None

    def stop(self, message: Message) -> None:
        """Its reader presses stop: the stream takes nothing more."""
        message.state = "stopped"

    def view_of(self, title: str) -> dict[str, Any]:
        return next(view for view in reversed(self.views.values()) if words_of(view.get("title")) == title)

    async def send(self, kind: str, payload: Mapping[str, Any], **more: Any) -> str:
        """Over the newest connection of the socket; the id of the envelope."""
        envelope = f"envelope-{next(self.numbers)}"
        body = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True, **more}
        await self.connections[-1].send_str(json.dumps(body))
        return envelope

    async def disconnect(self) -> None:
        """As Slack asks for a new connection."""
        await self.connections[-1].send_str(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))

    # ---- the Web API -------------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(arguments.pop("token", ""))
        arguments.pop("token", None)
        self.calls.append((method, arguments))
        self.called_at.append((method, time.perf_counter()))
        number = self._counts[method]
        self._counts[method] += 1
        try:
            self._overlapping(method, arguments, +1)
            await asyncio.sleep(0)
            if (fault := self._fault(method, number)) is not None:
                if fault.retry_after is not None:
                    return web.json_response(
                        {"ok": False, "error": "ratelimited"},
                        status=429,
                        headers={"Retry-After": str(fault.retry_after)},
                    )
                raise Refused(fault.code)
            answer = self._answer(method, token, arguments)
        except Refused as refusal:
            return web.json_response({"ok": False, "error": str(refusal)})
        finally:
            self._overlapping(method, arguments, -1)
            async with self._changed:
                self._changed.notify_all()
        return web.json_response({"ok": True, **answer}, headers={"x-oauth-scopes": self.scopes})

    def _overlapping(self, method: str, arguments: Mapping[str, Any], change: int) -> None:
        if method in ("chat.appendStream", "chat.stopStream"):
            self._busy[str(arguments.get("ts"))] += change
            self.overlaps += self._busy[str(arguments.get("ts"))] > 1

    def _fault(self, method: str, number: int) -> Fault | None:
        for fault in self._faults[method]:
            if number >= fault.after and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    def _answer(self, method: str, token: str, given: dict[str, Any]) -> dict[str, Any]:
        if method == "apps.connections.open":
            if token not in self.app_tokens:
                raise Refused("invalid_auth")
            self._tickets.add(ticket := f"ticket-{next(self.numbers)}")
            return {"url": f"{self.address.replace('http', 'ws')}/link?ticket={ticket}"}
        if method == "oauth.v2.access":
            if given.get("code") not in self.oauth_codes:
                raise Refused("invalid_code")
            return self.oauth_codes.pop(given["code"])
        if token not in self.tokens:
            raise Refused("invalid_auth")
        team, enterprise = self.tokens[token]
        if method == "auth.test":
            own = {"team_id": team, "team": "Home", "user_id": BOT, "bot_id": BOT_ID, "url": "https://home.slack.com/"}
            return own | ({"enterprise_id": enterprise} if enterprise else {})
        handler = getattr(web_api, method.replace(".", "_"), None)
        if handler is None or method.count(".") == 0:
            raise Refused("unknown_method")
        answer: dict[str, Any] = handler(self, given)
        return answer

    # ---- files, answers to commands, the socket ----------------------------------------------------------------------

    async def _upload(self, request: web.Request) -> web.Response:
        upload = self.uploads[request.match_info["file"]]
        upload["content"] = await request.read()
        if request.content_type.startswith("multipart/"):
            raise AssertionError("the upload is not the bytes themselves")
        return web.Response(text=f"OK - {upload['length']}")

    async def _hook(self, request: web.Request) -> web.Response:
        self.hooks[request.match_info["name"]].append(await request.json())
        async with self._changed:
            self._changed.notify_all()
        return web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.StreamResponse:
        """A ticket is good for one attempt."""
        is_known = request.query["ticket"] in self._tickets
        self._tickets.discard(request.query["ticket"])
        if not is_known or self._fault("link", self.connected) is not None:
            return web.Response(status=403)
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        self.connections.append(connection)
        await connection.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        self.connected += 1
        async with self._changed:
            self._changed.notify_all()
        async for message in connection:
            if message.type == aiohttp.WSMsgType.TEXT:
                self.acknowledged.append(json.loads(message.data).get("envelope_id"))
                async with self._changed:
                    self._changed.notify_all()
        return connection


async def _arguments(request: web.Request) -> dict[str, Any]:
    arguments: dict[str, Any] = dict(request.query)
    body = await request.text()
    if request.content_type == "application/json" and body:
        arguments |= json.loads(body)
    elif body:
        arguments |= dict(parse_qsl(body, keep_blank_values=True))
    return arguments
