"""Which messages are questions to the desk, and where they are answered. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from integrations.slack.presses import Press

_ORDINARY = frozenset({None, "", "file_share", "thread_broadcast"})
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_REFERENCE = re.compile(r"<([#!]?)([^<>|]*)(?:\|([^<>]*))?>")


@dataclass(frozen=True, slots=True)
class Question:
    """A message that may be a question to the desk. It is answered in the thread ``thread_ts`` of ``channel``.
    ``is_follow_up``: only if the desk is part of that thread already. ``team`` is the asker's own where Slack says that
    they are from elsewhere, ``recipient_team`` what a stream to them has to name; ``is_shared``: the request itself
    says that another company reads the channel. ``is_choice``: one that the desk offered, found free of
    problems before; it is asked by itself, with the rights of this moment."""

    channel: str
    user: str
    ts: str
    thread_ts: str
    text: str
    is_direct: bool
    is_follow_up: bool
    team: str | None = None
    recipient_team: str | None = None
    is_shared: bool = False
    is_choice: bool = False


def question_in(body: Mapping[str, Any], bot_user_id: str, bot_id: str) -> Question | None:
    """The question in an event, or None: for what bots and the desk itself write, edits, deletions, people who joined,
    and messages that are meant for somebody else."""
    event = body.get("event")
    if not isinstance(event, Mapping) or event.get("type") not in ("message", "app_mention"):
        return None
    user, channel, ts = event.get("user"), event.get("channel"), event.get("ts")
    if not (isinstance(user, str) and isinstance(channel, str) and isinstance(ts, str) and user and channel and ts):
        return None
    if event.get("subtype") not in _ORDINARY or event.get("bot_id") or event.get("bot_profile") or event.get("hidden"):
        return None
    if user in (bot_user_id, "USLACKBOT") or (bot_id and event.get("bot_id") == bot_id):
        return None
    written = str(event.get("text") or "")
    mentioned = _MENTION.findall(written)
    is_direct = event.get("channel_type") == "im" or channel.startswith("D")
    is_ours = is_direct or event.get("type") == "app_mention" or bot_user_id in mentioned
    thread = event.get("thread_ts")
    # In a thread that the desk is part of, people also talk to each other.
    if not is_ours and (not thread or mentioned):
        return None
    return Question(
        channel=channel,
        user=user,
        ts=ts,
        thread_ts=str(thread or ts),
        text=readable(written, bot_user_id),
        is_direct=is_direct,
        is_follow_up=not is_ours,
        team=event.get("user_team"),
        recipient_team=event.get("user_team") or event.get("team"),
        is_shared=bool(body.get("is_ext_shared_channel")),
    )


def question_by(press: Press, channel: str, thread_ts: str, text: str, *, is_choice: bool = False) -> Question:
    """What a button asks in a thread, as a question of who pressed it."""
    return Question(
        channel=channel,
        user=press.user,
        ts=press.message_ts or thread_ts,
        thread_ts=thread_ts,
        text=text,
        is_direct=channel.startswith("D"),
        is_follow_up=False,
        team=press.user_team or None,
        recipient_team=press.user_team or None,
        is_choice=is_choice,
    )


def deleted_in(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """Channel and ts of a message that its author deleted."""
    event = body.get("event")
    if isinstance(event, Mapping) and event.get("type") == "message" and event.get("subtype") == "message_deleted":
        channel, ts = event.get("channel"), event.get("deleted_ts")
        if isinstance(channel, str) and isinstance(ts, str):
            return channel, ts
    return None


def readable(text: str, bot_user_id: str = "") -> str:
    """What a person wrote, without Slack's notation: links and channels by their names, people left out."""

    def name(match: re.Match[str]) -> str:
        kind, target, label = match.groups()
        if kind == "#":
            return f"#{label}" if label else ""
        return label or ("" if kind == "!" else target)

    return " ".join(unescape(_REFERENCE.sub(name, _MENTION.sub(" ", text))).split())


def thread_key(workspace: str, channel: str, thread_ts: str) -> str:
    """How a thread is named in the desk's memory."""
    return f"slack:{workspace}:{channel}:{thread_ts}"


def person_key(workspace: str, user: str) -> str:
    return f"slack:{workspace}:{user}"
