"""What comes in from Slack's Events API: written down first, acknowledged second, done third."""

import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any

from integrations.slack.home import Home
from integrations.slack.keeping import Job
from integrations.slack.parts import Parts
from integrations.slack.placing import deleted_in, question_in, thread_key
from integrations.slack.thread_answers import ThreadAnswers
from integrations.slack.worker import Worker

EVENT = "event"
_ASKING = frozenset({"message", "app_mention"})
_GONE = frozenset({"app_uninstalled", "tokens_revoked"})
_PEOPLE = frozenset(
    {"member_joined_channel", "member_left_channel", "channel_shared", "channel_unshared", "user_change"}
)
_log = logging.getLogger("migdesk.slack")


class Incoming:
    def __init__(self, parts: Parts, threads: ThreadAnswers, home: Home) -> None:
        self._parts, self._threads, self._home = parts, threads, home

    async def take(self, body: Mapping[str, Any], worker: Worker) -> None:
        """Returns once the event may be acknowledged: it is written down, or is none that anything is done about.
        Raises where it could not be written down, so that Slack sends it again."""
        event = body.get("event")
        if not isinstance(event, Mapping):
            return
        kind = str(event.get("type"))
        await self._parts.jobs.note_seen(kind)
        if kind == "agent_session_stopped":
            await self._stop(body, event)
        elif kind in _ASKING:
            if deleted := deleted_in(body):
                await self._withdraw(body, *deleted)
            else:
                await self._take_message(body, worker)
        elif kind == "app_home_opened" or kind in _GONE or kind in _PEOPLE:
            await worker.accept(event_key(body), EVENT, body)

    async def do(self, job: Job) -> None:
        """The work of an event."""
        body = job.payload
        event: Mapping[str, Any] = body.get("event") or {}
        kind = event.get("type")
        if kind in _GONE:
            # Of revoked tokens only a bot's is ours.
            if kind == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
                await self._parts.workspaces.forget(body)
            return
        workspace = await self._parts.workspaces.of(body)
        if kind in _ASKING:
            question = question_in(body, workspace.bot_user_id, workspace.bot_id)
            if question is not None:
                await self._threads.answer_once(job, workspace, question)
        elif kind == "app_home_opened":
            await self._home.opened(workspace, event)
        elif kind in _PEOPLE:
            user, channel = event.get("user"), event.get("channel")
            if isinstance(channel, str):
                self._parts.identities.forget_channel(workspace, channel)
            if kind == "user_change":
                name = user.get("id") if isinstance(user, Mapping) else user
                self._parts.identities.forget_user(workspace, str(name))

    async def _take_message(self, body: Mapping[str, Any], worker: Worker) -> None:
        """Most messages of a channel are no business of the desk's: they are let go before anything is written."""
        workspace = self._parts.workspaces.known(body)
        thread = ""
        if workspace is not None:
            question = question_in(body, workspace.bot_user_id, workspace.bot_id)
            if question is None or not await self._threads.is_for_us(workspace, question):
                return
            thread = thread_key(workspace.key, question.channel, question.thread_ts)
        elif question_in(body, "", "") is None and not _mentions_somebody(body):
            return
        await worker.accept(event_key(body), EVENT, body, thread)

    async def _stop(self, body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        """The stop button: at once here, and in whichever process else answers in the thread."""
        workspace = await self._parts.workspaces.of(body)
        thread = thread_key(workspace.key, str(event.get("channel")), str(event.get("thread_ts")))
        for job in await self._parts.jobs.stop(thread=thread):
            self._parts.answering.stop(job)

    async def _withdraw(self, body: Mapping[str, Any], channel: str, ts: str) -> None:
        """A question that its author takes back is not answered, nor is what was begun gone on with."""
        workspace = await self._parts.workspaces.of(body)
        job = await self._parts.jobs.withdraw(f"{workspace.key}:{channel}:{ts}")
        if job is not None:
            for identifier in await self._parts.jobs.stop(identifier=job):
                self._parts.answering.stop(identifier)


def event_key(body: Mapping[str, Any]) -> str:
    """Slack's own id of the event, which a repetition has too; a digest of the event where there is none."""
    identifier = body.get("event_id")
    if not isinstance(identifier, str) or not identifier:
        raw = json.dumps(body.get("event"), sort_keys=True, default=str)
        identifier = hashlib.blake2b(raw.encode(), digest_size=16).hexdigest()
    return f"event:{body.get('team_id') or ''}:{identifier}"


def _mentions_somebody(body: Mapping[str, Any]) -> bool:
    event = body.get("event")
    return isinstance(event, Mapping) and "<@" in str(event.get("text") or "")
