"""Slack over Socket Mode: the desk calls out and needs no address of its own. For one workspace."""

import logging
import re
import time

import aiohttp
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from assistant.errors import InvalidSettings
from integrations.slack.settings import SlackSettings
from integrations.slack.workspaces import REFUSED_TOKENS, Workspace, Workspaces, code_of

_PING_SECONDS = 5.0
# Slack's ticket in the address of a connection is good for little longer.
_ADDRESS_SECONDS = 20.0
NETWORK = "Check the network, and a proxy or firewall that may keep slack.com away."
_ADDRESS = re.compile(r"wss?://\S+")


async def checked(workspaces: Workspaces, app_token: SecretStr) -> Workspace:
    """The workspace, once Slack has taken both tokens: a connection with a wrong one would be tried for ever. Raises
    InvalidSettings, naming the wrong one, or that Slack is not reached, and what to do."""
    said = wrong_bot_token
    try:
        workspace = await workspaces.only()
        said = wrong_app_token
        await workspace.client.apps_connections_open(app_token=app_token.get_secret_value())
    except SlackApiError as error:
        raise InvalidSettings(said(code_of(error))) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise InvalidSettings(f"Slack cannot be reached ({type(error).__name__}). {NETWORK}") from None
    return workspace


async def refuse_wrong_tokens(settings: SlackSettings) -> None:
    """The same before anything else is loaded, so that a slip of the hand is told at once."""
    workspaces = Workspaces(settings)
    try:
        assert settings.app_token is not None
        await checked(workspaces, settings.app_token)
    finally:
        await workspaces.close()


class Socket:
    """One connection; it is renewed when Slack closes it."""

    def __init__(self, app_token: SecretStr, bolt: AsyncApp, ping_seconds: float = _PING_SECONDS) -> None:
        log = logging.getLogger("migdesk.slack.socket")
        log.addFilter(_in_plain_words)
        self._bolt = bolt
        self._client = _Connection(app_token.get_secret_value(), log, bolt.client, ping_interval=ping_seconds)
        self._client.socket_mode_request_listeners.append(self._handle)

    async def open(self) -> None:
        await self._client.connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        await self._client.close()  # type: ignore[no-untyped-call]

    async def _handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        begun = time.time()
        await send_async_response(client, request, await run_async_bolt_app(self._bolt, request), begun)


class _Connection(SocketModeClient):
    """Forgets an address that is some seconds old, so that a new one is asked for. The library by itself would try for
    ever an address whose ticket ran out while the network was away."""

    _uri: str | None = None
    _since = 0.0

    @property  # type: ignore[override]
    def wss_uri(self) -> str | None:
        return self._uri if time.monotonic() - self._since < _ADDRESS_SECONDS else None

    @wss_uri.setter
    def wss_uri(self, address: str | None) -> None:
        self._uri, self._since = address, time.monotonic()


def _in_plain_words(record: logging.LogRecord) -> bool:
    """The library's remarks on one line, without tracebacks and without addresses, whose tickets are secrets."""
    record.msg, record.args = " ".join(_ADDRESS.sub("wss://…", record.getMessage()).split()), ()
    record.exc_info = record.exc_text = None
    return True


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
