"""A stand-in for Slack: its Web API, files and Socket Mode on a free port of this machine, with a memory.

It knows tokens, people, channels, threads, streams with their states and limits, windows and files, answers with
Slack's own error codes, and records what it was asked. ``thread`` shows what a person would read.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
from aiohttp import web

TEAM, OTHER_TEAM, ORGANISATION = "T0HOME", "T0ELSE", "E0ORG"
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-home-token", "xapp-home-token", "8f742231b10e8888abcd99yyyzzz85a5"
BOT, BOT_ID = "U0BOT", "B0BOT"
ANA, BEN, GUEST, STRANGER, GRID, GONE, OTHER_BOT = (
    "U0ANA",
    "U0BEN",
    "U0GUEST",
    "U0ELSE",
    "U0GRID",
    "U0GONE",
    "U0OTHERBOT",
)
STAFF_ROOM, SHARED_ROOM, GUEST_ROOM, EXPERTS = "C0STAFF", "C0SHARED", "C0GUEST", "C0EXPERTS"
ANAS_DM, GUESTS_DM = "D0ANA", "D0GUEST"
_MOST_STREAMED, _MOST_BLOCKS, _MOST_SECTION = 12_000, 50, 3000
_NOT_IN_MESSAGES = {"alert", "input"}


def person(identifier: str, team: str = TEAM, **flags: Any) -> dict[str, Any]:
    known = {"deleted": False, "is_bot": False, "is_restricted": False, "is_ultra_restricted": False}
    return {"id": identifier, "team_id": team, "name": identifier.lower(), "locale": "en-GB", **known, **flags}


def channel(identifier: str, *members: str, **flags: Any) -> dict[str, Any]:
    known = {"is_ext_shared": False, "is_pending_ext_shared": False, "is_shared": False, "is_org_shared": False}
    return {
        "id": identifier,
        "name": identifier.lower(),
        "is_channel": True,
        **known,
        **flags,
        "members": list(members),
    }


@dataclass
class Message:
    """``state`` is that of a stream: open, ended, or stopped by its reader; empty for other messages."""

    ts: str
    channel: str
    user: str
    text: str
    thread_ts: str | None = None
    blocks: list[dict[str, Any]] = field(default_factory=list)
    state: str = ""
    streamed: int = 0

    @property
    def read(self) -> str:
        """What a person reads in it."""
        parts = [self.text] if self.state or not self.blocks else []
        shown = "\n".join(part for part in (*parts, *(words_of(block) for block in self.blocks)) if part)
        return unescape(shown).replace("\u2060", "")


def words_of(block: Any) -> str:
    """Every text of a block that is shown, buttons by their labels."""
    if isinstance(block, list):
        return "\n".join(filter(None, (words_of(part) for part in block)))
    if not isinstance(block, dict):
        return ""
    own = block.get("text")
    shown = [own] if isinstance(own, str) else [words_of(own)] if own else []
    for key in ("title", "elements", "child_blocks", "blocks", "positive_button", "negative_button", "label", "fields"):
        if key in block:
            shown.append(words_of(block[key]) if not isinstance(block[key], str) else block[key])
    return "\n".join(filter(None, shown))


def buttons_of(blocks: list[dict[str, Any]]) -> dict[str, str]:
    """Action id → value, of everything in the blocks that can be pressed."""
    found: dict[str, str] = {}
    for block in blocks:
        for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]:
            if element.get("type") == "feedback_buttons":
                found[element["action_id"]] = element["positive_button"]["value"]
            elif "action_id" in element:
                found[element["action_id"]] = element.get("value", "")
        found |= buttons_of(block.get("child_blocks", []))
    return found


class Refused(Exception):
    """An error code of Slack's."""


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
        self._uploads: dict[str, dict[str, Any]] = {}
        self._busy: Counter[str] = Counter()
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()
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
        message = Message(self._ts(), where, user, text, thread_ts)
        self.messages[where].append(message)
        return message

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
        envelope = f"envelope-{next(self._numbers)}"
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
            return {"url": f"{self.address.replace('http', 'ws')}/link"}
        if method == "oauth.v2.access":
            if given.get("code") not in self.oauth_codes:
                raise Refused("invalid_code")
            return self.oauth_codes.pop(given["code"])
        if token not in self.tokens:
            raise Refused("invalid_auth")
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            raise Refused("unknown_method")
        team, enterprise = self.tokens[token]
        if method == "auth.test":
            own = {"team_id": team, "team": "Home", "user_id": BOT, "bot_id": BOT_ID, "url": "https://home.slack.com/"}
            return own | ({"enterprise_id": enterprise} if enterprise else {})
        answer: dict[str, Any] = handler(given)
        return answer

    def _auth_test(self, given: dict[str, Any]) -> dict[str, Any]:
        raise AssertionError("answered before")

    def _users_info(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["user"] not in self.users:
            raise Refused("user_not_found")
        return {"user": self.users[given["user"]]}

    def _users_list(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._paged(given, list(self.users.values()))

    def _conversations_info(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {key: value for key, value in self._room(given).items() if key != "members"}}

    def _conversations_members(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._paged(given, self._room(given)["members"])

    def _paged(self, given: dict[str, Any], members: list[Any]) -> dict[str, Any]:
        """Two a page, so that whoever reads one page only is found out."""
        start = int(given.get("cursor") or 0)
        following = str(start + 2) if start + 2 < len(members) else ""
        return {"members": members[start : start + 2], "response_metadata": {"next_cursor": following}}

    def _conversations_open(self, given: dict[str, Any]) -> dict[str, Any]:
        room = next(
            (room for room in self.channels.values() if room.get("user") == given["users"]),
            {"id": f"D{given['users']}"},
        )
        self.channels.setdefault(room["id"], channel(room["id"], given["users"], BOT, is_im=True, user=given["users"]))
        return {"channel": {"id": room["id"]}}

    def _conversations_replies(self, given: dict[str, Any]) -> dict[str, Any]:
        self._room(given)
        found = [
            {"ts": message.ts, "user": message.user, "text": message.text, "thread_ts": message.thread_ts}
            for message in self.messages[given["channel"]]
            if given["ts"] in (message.ts, message.thread_ts)
        ]
        return {"messages": found}

    def _chat_postMessage(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("markdown_text") and (given.get("text") or given.get("blocks")):
            raise Refused("markdown_text_conflict")
        if not given.get("text") and not given.get("blocks"):
            raise Refused("no_text")
        where = given["channel"]
        if where in self.users:
            where = self._conversations_open({"users": where})["channel"]["id"]
        self._room({"channel": where}, writing=True)
        assert str(given.get("unfurl_links")).lower() == "false" or not given.get("blocks"), "unfurling is on"
        blocks = self._checked(given.get("blocks"))
        message = Message(self._ts(), where, BOT, str(given.get("text", "")), given.get("thread_ts"), blocks)
        self.messages[where].append(message)
        return {"ts": message.ts, "channel": where, "message": {"ts": message.ts}}

    def _chat_postEphemeral(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["user"] not in self._room(given, writing=True)["members"]:
            raise Refused("user_not_in_channel")
        self.ephemeral.append(given)
        return {"message_ts": self._ts()}

    def _chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        message = self._message(given)
        if message.state == "open":
            raise Refused("streaming_state_conflict")
        message.text, message.blocks = str(given.get("text", "")), self._checked(given.get("blocks"))
        return {"ts": message.ts}

    def _chat_delete(self, given: dict[str, Any]) -> dict[str, Any]:
        message = self._message(given)
        if message.user != BOT:
            raise Refused("cant_delete_message")
        self.messages[given["channel"]].remove(message)
        return {"ts": message.ts}

    def _chat_getPermalink(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "permalink": f"https://home.slack.com/archives/{given['channel']}/p{given['message_ts'].replace('.', '')}"
        }

    def _chat_startStream(self, given: dict[str, Any]) -> dict[str, Any]:
        room = self._room(given, writing=True)
        if not given.get("thread_ts"):
            raise Refused("invalid_thread_ts")
        if not room.get("is_im"):
            for name in ("recipient_team_id", "recipient_user_id"):
                if not given.get(name):
                    raise Refused(f"missing_{name}")
        if given.get("recipient_team_id", "").startswith("E"):
            raise Refused("team_not_found")
        message = Message(self._ts(), given["channel"], BOT, "", given["thread_ts"], state="open")
        self._grow(message, given)
        self.messages[given["channel"]].append(message)
        return {"ts": message.ts, "channel": given["channel"]}

    def _chat_appendStream(self, given: dict[str, Any]) -> dict[str, Any]:
        message = self._streaming(given)
        self._grow(message, given)
        return {"ts": message.ts}

    def _chat_stopStream(self, given: dict[str, Any]) -> dict[str, Any]:
        message = self._streaming(given)
        blocks = self._checked(given.get("blocks"))
        self._grow(message, given)
        message.blocks, message.state = blocks, "ended"
        return {"ts": message.ts}

    def _streaming(self, given: dict[str, Any]) -> Message:
        message = self._message(given)
        if message.state == "stopped":
            raise Refused("stopped_by_user")
        if message.state != "open":
            raise Refused("message_not_in_streaming_state")
        return message

    def _grow(self, message: Message, given: dict[str, Any]) -> None:
        chunks = given.get("chunks") or []
        if not all(chunk.get("type") == "markdown_text" and chunk.get("text") for chunk in chunks):
            raise Refused("invalid_chunks")
        text = "".join(chunk["text"] for chunk in chunks) + str(given.get("markdown_text") or "")
        if message.streamed + len(text) > _MOST_STREAMED:
            raise Refused("msg_too_long")
        message.text += text
        message.streamed += len(text)

    def _assistant_threads_setStatus(self, given: dict[str, Any]) -> dict[str, Any]:
        self.statuses.append((given["channel_id"], given["thread_ts"], given["status"]))
        return {}

    def _assistant_threads_setSuggestedPrompts(self, given: dict[str, Any]) -> dict[str, Any]:
        if not 1 <= len(given["prompts"]) <= 4:
            raise Refused("invalid_prompts")
        self.prompts[given["channel_id"]] = given["prompts"]
        return {}

    def _agents_sessions_setStatus(self, given: dict[str, Any]) -> dict[str, Any]:
        self.sessions.append((given["channel_id"], given.get("thread_ts", ""), given["status"]))
        return {}

    def _views_open(self, given: dict[str, Any]) -> dict[str, Any]:
        if not str(given["trigger_id"]).startswith("trigger-"):
            raise Refused("expired_trigger_id")
        if any(view["trigger_id"] == given["trigger_id"] for view in self.views.values()):
            raise Refused("exchanged_trigger_id")
        identifier = f"V{next(self._numbers)}"
        self.views[identifier] = {**_view(given), "id": identifier, "trigger_id": given["trigger_id"]}
        return {"view": {"id": identifier, "hash": "1"}}

    _views_push = _views_open

    def _views_update(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["view_id"] not in self.views:
            raise Refused("not_found")
        self.views[given["view_id"]].update(_view(given))
        return {"view": {"id": given["view_id"]}}

    def _views_publish(self, given: dict[str, Any]) -> dict[str, Any]:
        self.homes[given["user_id"]] = _view(given)
        return {"view": {"id": "V0"}}

    def _files_getUploadURLExternal(self, given: dict[str, Any]) -> dict[str, Any]:
        identifier = f"F{next(self._numbers)}"
        self._uploads[identifier] = {"filename": given["filename"], "length": int(given["length"])}
        return {"file_id": identifier, "upload_url": f"{self.address}/upload/{identifier}"}

    def _files_completeUploadExternal(self, given: dict[str, Any]) -> dict[str, Any]:
        listed = given["files"] if isinstance(given["files"], list) else json.loads(given["files"])
        for entry in listed:
            file = self._uploads.pop(entry["id"])
            self.files.append({**file, **{key: given.get(key) for key in ("channel_id", "thread_ts")}})
        return {"files": [{"id": entry["id"]} for entry in listed]}

    def _room(self, given: Mapping[str, Any], *, writing: bool = False) -> dict[str, Any]:
        room = self.channels.get(given["channel"])
        if room is None:
            raise Refused("channel_not_found")
        if writing and room.get("is_archived"):
            raise Refused("is_archived")
        if BOT not in room["members"]:
            raise Refused("not_in_channel")
        return room

    def _message(self, given: Mapping[str, Any]) -> Message:
        found = [message for message in self.messages[given["channel"]] if message.ts == given["ts"]]
        if not found:
            raise Refused("message_not_found")
        return found[0]

    def _checked(self, blocks: Any) -> list[dict[str, Any]]:
        """The blocks of a message as Slack takes them."""
        listed = json.loads(blocks) if isinstance(blocks, str) else list(blocks or [])
        if len(listed) > _MOST_BLOCKS:
            raise Refused("msg_blocks_too_many")
        for block in listed:
            if not block.get("type") or block["type"] in _NOT_IN_MESSAGES:
                raise Refused("invalid_blocks")
            text = block.get("text")
            if block["type"] == "section" and isinstance(text, dict) and len(text["text"]) > _MOST_SECTION:
                raise Refused("invalid_blocks")
        return listed

    def _ts(self) -> str:
        return f"{1_700_000_000 + next(self._numbers)}.000100"

    # ---- files, answers to commands, the socket ----------------------------------------------------------------------

    async def _upload(self, request: web.Request) -> web.Response:
        upload = self._uploads[request.match_info["file"]]
        upload["content"] = await request.read()
        if request.content_type.startswith("multipart/"):
            raise AssertionError("the upload is not the bytes themselves")
        return web.Response(text=f"OK - {upload['length']}")

    async def _hook(self, request: web.Request) -> web.Response:
        self.hooks[request.match_info["name"]].append(await request.json())
        async with self._changed:
            self._changed.notify_all()
        return web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
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


def _view(given: Mapping[str, Any]) -> dict[str, Any]:
    view: dict[str, Any] = json.loads(given["view"]) if isinstance(given["view"], str) else dict(given["view"])
    assert view["type"] == "home" or len(view["title"]["text"]) <= 24, "the title is too long"
    assert len(view["blocks"]) <= 100
    return view


# ---- what Slack sends to an app -------------------------------------------------------------------------------------

_events = itertools.count(1)


def event_body(event: Mapping[str, Any], event_id: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A0",
        "event_id": event_id or f"Ev{next(_events)}",
        "event_time": 1,
        "authorizations": [{"team_id": TEAM, "enterprise_id": None, "user_id": BOT, "is_bot": True}],
        "event": dict(event),
        **more,
    }


def message_event(written: Message, kind: str = "message", **more: Any) -> dict[str, Any]:
    event = {
        "type": kind,
        "user": written.user,
        "channel": written.channel,
        "ts": written.ts,
        "text": written.text,
        "channel_type": "im" if written.channel.startswith("D") else "channel",
        **({"thread_ts": written.thread_ts} if written.thread_ts else {}),
    }
    return {**event, **more}


def signed(body: bytes, secret: str = SIGNING_SECRET, timestamp: int | None = None) -> dict[str, str]:
    """The headers with which Slack vouches for a body."""
    stamp = str(timestamp if timestamp is not None else int(time.time()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def as_form(payload: Mapping[str, Any]) -> bytes:
    """An interaction as Slack posts it."""
    return urlencode({"payload": json.dumps(payload)}).encode()


_triggers = itertools.count(1)


def trigger() -> str:
    return f"trigger-{next(_triggers)}"


def press(
    action_id: str, value: str, message: Message, user: str = ANA, team: str = TEAM, **more: Any
) -> dict[str, Any]:
    """A button under a message is pressed."""
    element = {"action_id": action_id, "block_id": "b", "type": "button", "value": value, "action_ts": "1.1"}
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": team},
        "trigger_id": trigger(),
        "channel": {"id": message.channel},
        "container": {"type": "message", "message_ts": message.ts, "channel_id": message.channel},
        "message": {"ts": message.ts, "thread_ts": message.thread_ts, "text": message.text},
        "actions": [element],
        **more,
    }


def submission(
    callback_id: str, metadata: str, values: Mapping[str, str], user: str = ANA, team: str = TEAM
) -> dict[str, Any]:
    """A window is sent off. ``values``: block → what was written."""
    from integrations.slack.actions import INPUT

    state = {"values": {block: {INPUT: {"type": "plain_text_input", "value": text}} for block, text in values.items()}}
    view = {"id": "V-sent", "type": "modal", "callback_id": callback_id, "private_metadata": metadata, "state": state}
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": team},
        "trigger_id": trigger(),
        "view": view,
    }
