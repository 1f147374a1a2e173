"""What Slack sends to an app: events, presses and windows that were sent off, signed as Slack signs them."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from integrations.slack.actions import INPUT
from tests.integrations.slack.workspace import ANA, BOT, SIGNING_SECRET, TEAM, Message

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
    state = {"values": {block: {INPUT: {"type": "plain_text_input", "value": text}} for block, text in values.items()}}
    view = {"id": "V-sent", "type": "modal", "callback_id": callback_id, "private_metadata": metadata, "state": state}
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": team},
        "trigger_id": trigger(),
        "view": view,
    }
