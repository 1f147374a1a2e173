"""What the stand-in answers: each method of Slack's Web API under its name (``.`` as ``_``), with Slack's refusals."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.integrations.slack.workspace import BOT, Message, channel

if TYPE_CHECKING:
    from tests.integrations.slack.stand_in import Slack

_MOST_STREAMED, _MOST_BLOCKS, _MOST_SECTION = 12_000, 50, 3000
_NOT_IN_MESSAGES = {"alert", "input"}


class Refused(Exception):
    """An error code of Slack's."""


def users_info(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    if given["user"] not in slack.users:
        raise Refused("user_not_found")
    return {"user": slack.users[given["user"]]}


def users_list(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    return _paged(given, list(slack.users.values()))


def conversations_info(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    return {"channel": {key: value for key, value in _room(slack, given).items() if key != "members"}}


def conversations_members(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    return _paged(given, _room(slack, given)["members"])


def _paged(given: dict[str, Any], members: list[Any]) -> dict[str, Any]:
    """Two a page, so that whoever reads one page only is found out."""
    start = int(given.get("cursor") or 0)
    following = str(start + 2) if start + 2 < len(members) else ""
    return {"members": members[start : start + 2], "response_metadata": {"next_cursor": following}}


def conversations_open(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    room = next(
        (room for room in slack.channels.values() if room.get("user") == given["users"]),
        {"id": f"D{given['users']}"},
    )
    slack.channels.setdefault(room["id"], channel(room["id"], given["users"], BOT, is_im=True, user=given["users"]))
    return {"channel": {"id": room["id"]}}


def conversations_replies(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    _room(slack, given)
    found = [
        {"ts": message.ts, "user": message.user, "text": message.text, "thread_ts": message.thread_ts}
        for message in slack.messages[given["channel"]]
        if given["ts"] in (message.ts, message.thread_ts)
    ]
    return {"messages": found}


def chat_postMessage(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    if given.get("markdown_text") and (given.get("text") or given.get("blocks")):
        raise Refused("markdown_text_conflict")
    if not given.get("text") and not given.get("blocks"):
        raise Refused("no_text")
    where = given["channel"]
    if where in slack.users:
        where = conversations_open(slack, {"users": where})["channel"]["id"]
    _room(slack, {"channel": where}, writing=True)
    assert str(given.get("unfurl_links")).lower() == "false" or not given.get("blocks"), "unfurling is on"
    blocks = _checked(given.get("blocks"))
    message = Message(slack.ts(), where, BOT, str(given.get("text", "")), given.get("thread_ts"), blocks)
    slack.messages[where].append(message)
    return {"ts": message.ts, "channel": where, "message": {"ts": message.ts}}


def chat_postEphemeral(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    if given["user"] not in _room(slack, given, writing=True)["members"]:
        raise Refused("user_not_in_channel")
    slack.ephemeral.append(given)
    return {"message_ts": slack.ts()}


def chat_update(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    message = _message(slack, given)
    if message.state == "open":
        raise Refused("streaming_state_conflict")
    message.text, message.blocks = str(given.get("text", "")), _checked(given.get("blocks"))
    return {"ts": message.ts}


def chat_delete(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    message = _message(slack, given)
    if message.user != BOT:
        raise Refused("cant_delete_message")
    slack.messages[given["channel"]].remove(message)
    return {"ts": message.ts}


def chat_getPermalink(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    return {"permalink": f"https://home.slack.com/archives/{given['channel']}/p{given['message_ts'].replace('.', '')}"}


def chat_startStream(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    room = _room(slack, given, writing=True)
    if not given.get("thread_ts"):
        raise Refused("invalid_thread_ts")
    if not room.get("is_im"):
        for name in ("recipient_team_id", "recipient_user_id"):
            if not given.get(name):
                raise Refused(f"missing_{name}")
    if given.get("recipient_team_id", "").startswith("E"):
        raise Refused("team_not_found")
    message = Message(slack.ts(), given["channel"], BOT, "", given["thread_ts"], state="open")
    _grow(message, given)
    slack.messages[given["channel"]].append(message)
    return {"ts": message.ts, "channel": given["channel"]}


def chat_appendStream(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    message = _streaming(slack, given)
    _grow(message, given)
    return {"ts": message.ts}


def chat_stopStream(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    message = _streaming(slack, given)
    blocks = _checked(given.get("blocks"))
    _grow(message, given)
    message.blocks, message.state = blocks, "ended"
    return {"ts": message.ts}


def _streaming(slack: "Slack", given: dict[str, Any]) -> Message:
    message = _message(slack, given)
    if message.state == "stopped":
        raise Refused("stopped_by_user")
    if message.state != "open":
        raise Refused("message_not_in_streaming_state")
    return message


def _grow(message: Message, given: dict[str, Any]) -> None:
    chunks = given.get("chunks") or []
    if not all(chunk.get("type") == "markdown_text" and chunk.get("text") for chunk in chunks):
        raise Refused("invalid_chunks")
    text = "".join(chunk["text"] for chunk in chunks) + str(given.get("markdown_text") or "")
    if message.streamed + len(text) > _MOST_STREAMED:
        raise Refused("msg_too_long")
    message.text += text
    message.streamed += len(text)


def assistant_threads_setStatus(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    slack.statuses.append((given["channel_id"], given["thread_ts"], given["status"]))
    return {}


def assistant_threads_setSuggestedPrompts(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    if not 1 <= len(given["prompts"]) <= 4:
        raise Refused("invalid_prompts")
    slack.prompts[given["channel_id"]] = given["prompts"]
    return {}


def agents_sessions_setStatus(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    slack.sessions.append((given["channel_id"], given.get("thread_ts", ""), given["status"]))
    return {}


def views_open(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    if not str(given["trigger_id"]).startswith("trigger-"):
        raise Refused("expired_trigger_id")
    if any(view["trigger_id"] == given["trigger_id"] for view in slack.views.values()):
        raise Refused("exchanged_trigger_id")
    identifier = f"V{next(slack.numbers)}"
    slack.views[identifier] = {**_view(given), "id": identifier, "trigger_id": given["trigger_id"]}
    return {"view": {"id": identifier, "hash": "1"}}


views_push = views_open


def views_update(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    if given["view_id"] not in slack.views:
        raise Refused("not_found")
    slack.views[given["view_id"]].update(_view(given))
    return {"view": {"id": given["view_id"]}}


def views_publish(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    slack.homes[given["user_id"]] = _view(given)
    return {"view": {"id": "V0"}}


def files_getUploadURLExternal(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    identifier = f"F{next(slack.numbers)}"
    slack.uploads[identifier] = {"filename": given["filename"], "length": int(given["length"])}
    return {"file_id": identifier, "upload_url": f"{slack.address}/upload/{identifier}"}


def files_completeUploadExternal(slack: "Slack", given: dict[str, Any]) -> dict[str, Any]:
    listed = given["files"] if isinstance(given["files"], list) else json.loads(given["files"])
    for entry in listed:
        file = slack.uploads.pop(entry["id"])
        slack.files.append({**file, **{key: given.get(key) for key in ("channel_id", "thread_ts")}})
    return {"files": [{"id": entry["id"]} for entry in listed]}


def _room(slack: "Slack", given: Mapping[str, Any], *, writing: bool = False) -> dict[str, Any]:
    room = slack.channels.get(given["channel"])
    if room is None:
        raise Refused("channel_not_found")
    if writing and room.get("is_archived"):
        raise Refused("is_archived")
    if BOT not in room["members"]:
        raise Refused("not_in_channel")
    return room


def _message(slack: "Slack", given: Mapping[str, Any]) -> Message:
    found = [message for message in slack.messages[given["channel"]] if message.ts == given["ts"]]
    if not found:
        raise Refused("message_not_found")
    return found[0]


def _checked(blocks: Any) -> list[dict[str, Any]]:
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


def _view(given: Mapping[str, Any]) -> dict[str, Any]:
    view: dict[str, Any] = json.loads(given["view"]) if isinstance(given["view"], str) else dict(given["view"])
    assert view["type"] == "home" or len(view["title"]["text"]) <= 24, "the title is too long"
    assert len(view["blocks"]) <= 100
    return view
