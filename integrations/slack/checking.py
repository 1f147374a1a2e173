"""What the doctor says of Slack: the settings, each token, the scopes that were granted, the events that arrive."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from assistant.conversations.store import Conversations
from integrations.slack.identity import Identities
from integrations.slack.keeping import kinds_seen
from integrations.slack.manifest import wanted
from integrations.slack.settings import SlackSettings
from integrations.slack.socket import NETWORK, wrong_app_token, wrong_bot_token
from integrations.slack.workspaces import Workspaces, code_of

# Without these nobody is answered.
_EVENTS = {"app_mention": "mention the desk in a channel", "message": "write to it", "app_home_opened": "open it"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``advice`` says what to do where it is not well."""

    what: str
    well: bool
    detail: str
    advice: str = ""


async def check(settings: SlackSettings, conversations: Conversations) -> list[Check]:
    """Everything that can be told without a reader. Nothing where Slack is not set at all."""
    if not settings.is_set:
        return [Check("Slack", True, "not set up (MIGDESK_SLACK_…)")]
    checks = [_transport(settings)]
    workspaces = Workspaces(settings)
    try:
        if settings.bot_token is not None:
            checks += await _bot(settings, workspaces)
        if settings.app_token is not None:
            checks.append(await _app_token(settings, workspaces))
    finally:
        await workspaces.close()
    if settings.serves_many and not settings.home_teams:
        checks.append(
            Check(
                "Slack staff",
                False,
                "no workspace is ours, so everybody reads as public",
                "Set MIGDESK_SLACK_HOME_TEAMS to the ids of our workspaces, such as T012AB3CD.",
            )
        )
    return [*checks, _events(await asyncio.to_thread(kinds_seen, conversations.engine))]


def _transport(settings: SlackSettings) -> Check:
    socket, http = settings.missing_for_socket(), settings.missing_for_http()
    ways = [way for way, missing in (("Socket Mode", socket), ("HTTP", http)) if not missing]
    if ways:
        return Check("Slack settings", True, f"enough for {' and '.join(ways)}")
    return Check(
        "Slack settings",
        False,
        "enough for neither transport",
        f"For Socket Mode set {' and '.join(socket)}; for HTTP {' and '.join(http)}.",
    )


async def _bot(settings: SlackSettings, workspaces: Workspaces) -> list[Check]:
    try:
        workspace = await workspaces.only()
        response = await workspace.client.auth_test()
    except SlackApiError as error:
        return [Check("Slack bot token", False, "refused", wrong_bot_token(code_of(error)))]
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return [Check("Slack bot token", False, f"Slack cannot be reached ({type(error).__name__})", NETWORK)]
    checks = [Check("Slack bot token", True, f"belongs to {response.get('team')} ({workspace.team_id})")]
    checks.append(_scopes(response))
    if settings.experts_channel is not None:
        internal = await Identities().is_internal(workspace, settings.experts_channel)
        detail = f"{settings.experts_channel} is read by our staff alone" if internal else "cannot be used"
        advice = "" if internal else "Invite the desk to the channel; nobody from outside and no guest may be in it."
        checks.append(Check("Slack experts' channel", internal, detail, advice))
    return checks


def _scopes(response: AsyncSlackResponse) -> Check:
    granted = {scope.strip() for scope in str(_header(response, "x-oauth-scopes") or "").split(",")} - {""}
    missing = sorted(wanted().scopes - granted)
    if not granted:
        return Check("Slack scopes", True, "Slack does not say which were granted")
    if missing:
        return Check(
            "Slack scopes",
            False,
            f"missing: {', '.join(missing)}",
            "Add them on your app's page OAuth & Permissions and install the app again.",
        )
    return Check("Slack scopes", True, f"all {len(wanted().scopes)} were granted")


async def _app_token(settings: SlackSettings, workspaces: Workspaces) -> Check:
    token = settings.app_token
    assert token is not None
    try:
        await workspaces.client().apps_connections_open(app_token=token.get_secret_value())
    except SlackApiError as error:
        return Check("Slack app-level token", False, "refused", wrong_app_token(code_of(error)))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return Check("Slack app-level token", False, f"Slack cannot be reached ({type(error).__name__})", NETWORK)
    return Check("Slack app-level token", True, "opens a connection")


def _events(seen: dict[str, float]) -> Check:
    """Slack does not tell an app which events it is subscribed to, so what has arrived is looked at."""
    last = ", ".join(f"{kind} {_day(seen[kind])}" for kind in _EVENTS if kind in seen)
    missing = [kind for kind in _EVENTS if kind not in seen]
    if not missing:
        return Check("Slack events", True, f"last seen: {last}")
    tried = "; ".join(f"{kind}: {_EVENTS[kind]}" for kind in missing)
    return Check(
        "Slack events",
        True,
        f"last seen: {last or 'none yet'}",
        f"Not seen so far ({tried}). If they do not come, look at your app's page Event Subscriptions.",
    )


def _header(response: AsyncSlackResponse, name: str) -> str | None:
    pairs: Iterable[tuple[str, str]] = response.headers.items()
    return next((value for key, value in pairs if key.lower() == name), None)


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()
