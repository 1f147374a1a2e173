"""What a person pressed, sent off or chose, out of the forms in which Slack tells it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.slack.workspaces import installation_of


@dataclass(frozen=True, slots=True)
class Press:
    """``value`` is what the button carries, the window's metadata, or the text of a message. ``user_team`` is the
    person's own team; ``team_id`` and ``enterprise_id`` are of the installation. Empty where Slack does not say."""

    user: str
    user_team: str
    team_id: str
    enterprise_id: str
    name: str
    value: str
    trigger_id: str
    channel: str = ""
    message_ts: str = ""
    thread_ts: str = ""
    view_id: str = ""
    response_url: str = ""
    is_ephemeral: bool = False
    is_modal: bool = False
    text: str = ""

    @property
    def key(self) -> str:
        """Of this one press: the same when Slack tells it twice."""
        return f"press:{self.team_id or self.enterprise_id}:{self.trigger_id}:{self.name}"


def press_in(body: Mapping[str, Any]) -> Press:
    """Of ``block_actions``, ``view_submission`` or ``message_action``."""
    user, view = _part(body, "user"), _part(body, "view")
    action = _first(body.get("actions"))
    message, container = _part(body, "message"), _part(body, "container")
    team_id, enterprise_id = installation_of(body)
    message_ts = str(message.get("ts") or container.get("message_ts") or "")
    return Press(
        user=str(user.get("id") or ""),
        user_team=str(user.get("team_id") or ""),
        team_id=team_id or "",
        enterprise_id=enterprise_id or "",
        name=str(action.get("action_id") or view.get("callback_id") or body.get("callback_id") or ""),
        value=str(action.get("value") or view.get("private_metadata") or ""),
        trigger_id=str(body.get("trigger_id") or view.get("id") or action.get("action_ts") or ""),
        channel=str(_part(body, "channel").get("id") or container.get("channel_id") or ""),
        message_ts=message_ts,
        thread_ts=str(message.get("thread_ts") or container.get("thread_ts") or message_ts),
        view_id=str(view.get("id") or ""),
        response_url=str(body.get("response_url") or ""),
        is_ephemeral=bool(container.get("is_ephemeral")),
        is_modal=view.get("type") == "modal",
        text=str(message.get("text") or ""),
    )


def feedback_value_in(body: Mapping[str, Any]) -> str:
    """Of feedback buttons, which carry it elsewhere in some versions of Slack."""
    action = _first(body.get("actions"))
    chosen = action.get("value") or _part(action, "selected_button").get("value")
    return str(chosen or _part(action, "feedback_buttons").get("value") or "")


def written_in(body: Mapping[str, Any], block: str, element: str) -> str:
    """What a person wrote into a field of a window; empty where they left it so."""
    values = _part(_part(_part(body, "view"), "state"), "values")
    return str(_part(_part(values, block), element).get("value") or "")


def _part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = value.get(name)
    return part if isinstance(part, Mapping) else {}


def _first(values: Any) -> Mapping[str, Any]:
    return values[0] if isinstance(values, list) and values and isinstance(values[0], Mapping) else {}
