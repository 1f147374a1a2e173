"""Slack over Socket Mode: the desk calls out and needs no address of its own. For one workspace."""

import logging

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from assistant.errors import InvalidSettings
from integrations.slack.service import Service
from integrations.slack.workspaces import REFUSED_TOKENS, Workspace, code_of

_PING_SECONDS = 5.0
_log = logging.getLogger("migdesk.slack")


async def checked(desk: Service) -> Workspace:
    """The workspace, once Slack has taken both tokens: a connection with a wrong one would be tried for ever. Raises
    InvalidSettings, naming the wrong one and what to do."""
    try:
        workspace = await desk.parts.workspaces.only()
    except SlackApiError as error:
        raise InvalidSettings(wrong_bot_token(code_of(error))) from None
    app_token = desk.settings.app_token
    assert app_token is not None
    try:
        await workspace.client.apps_connections_open(app_token=app_token.get_secret_value())
    except SlackApiError as error:
        raise InvalidSettings(wrong_app_token(code_of(error))) from None
    return workspace


class Socket:
    """One connection; it is renewed when Slack closes it."""

    def __init__(self, desk: Service, bolt: AsyncApp, ping_seconds: float = _PING_SECONDS) -> None:
        token = desk.settings.app_token
        assert token is not None
        self._handler = AsyncSocketModeHandler(
            bolt, token.get_secret_value(), logging.getLogger("migdesk.slack.socket"), ping_interval=ping_seconds
        )

    async def open(self) -> None:
        await self._handler.client.connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        await self._handler.client.close()  # type: ignore[no-untyped-call]


def wrong_bot_token(code: str) -> str:
    if code in REFUSED_TOKENS:
        return (
            f"Slack does not take MIGDESK_SLACK_BOT_TOKEN ({code}). Copy the Bot User OAuth Token (xoxb-…) from your "
            "app's page OAuth & Permissions; install the app to the workspace first."
        )
    return f"Slack refused MIGDESK_SLACK_BOT_TOKEN ({code or 'no reason given'}). Look at your app's page Install App."


def wrong_app_token(code: str) -> str:
    if code in REFUSED_TOKENS:
        return (
            f"Slack does not take MIGDESK_SLACK_APP_TOKEN ({code}). Make one on your app's page Basic Information, App-"
            "Level Tokens, with the scope connections:write (xapp-…)."
        )
    if code == "missing_scope":
        return "MIGDESK_SLACK_APP_TOKEN lacks the scope connections:write. Make one that has it (Basic Information)."
    return (
        f"Slack refused MIGDESK_SLACK_APP_TOKEN ({code or 'no reason given'}). Is Socket Mode switched on, on "
        "your app's page Socket Mode?"
    )
