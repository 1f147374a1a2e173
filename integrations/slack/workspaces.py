"""The workspaces that the desk serves, each with its client. One HTTP session with timeouts for all of them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from integrations.slack.errors import NotInstalled, Undeliverable
from integrations.slack.installations import Installations
from integrations.slack.settings import SLACK_API, SlackSettings

_HOOKS = "https://hooks.slack.com/"
_MOST_RETRIES = 5
# Slack names the seconds; one that names more is not waited for while a reader looks on.
_LONGEST_WAIT = 60.0
_TIMEOUT = aiohttp.ClientTimeout(total=20, sock_connect=5)
REFUSED_TOKENS = frozenset(
    {"invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed", "org_login_required"}
)
Sleep = Callable[[float], Awaitable[None]]
_log = logging.getLogger("migdesk.slack")


@dataclass(frozen=True, slots=True)
class Workspace:
    """One installation. ``is_home``: its full members are our staff. ``key`` names it in threads and persons."""

    team_id: str
    enterprise_id: str | None
    bot_user_id: str
    bot_id: str
    is_home: bool
    client: AsyncWebClient

    @property
    def key(self) -> str:
        return self.team_id or self.enterprise_id or ""

    def owns(self, team: str | None) -> bool:
        """Whether a team or organisation id is that of this workspace."""
        return bool(team) and team in (self.team_id, self.enterprise_id)


class BackOff(AsyncRetryHandler):
    """Waits as long as Slack says after a 429, and asks again."""

    def __init__(self, sleep: Sleep = asyncio.sleep) -> None:
        super().__init__(max_retry_count=_MOST_RETRIES)
        self._sleep = sleep

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        return response is not None and response.status_code == 429 and retry_after(response.headers) <= _LONGEST_WAIT

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        state.next_attempt_requested = True
        await self._sleep(retry_after(response.headers) if response is not None else 1.0)
        state.increment_current_attempt()


def retry_after(headers: Mapping[str, Any]) -> float:
    """The seconds that a response says to wait; one where it does not say."""
    for name, value in headers.items():
        if name.lower() == "retry-after":
            text = str(value[0] if isinstance(value, (list, tuple)) and value else value)
            return float(text) if text.isdecimal() else 1.0
    return 1.0


class Workspaces:
    """Finds the workspace of a request. Made and closed inside a running loop."""

    def __init__(
        self, settings: SlackSettings, installations: Installations | None = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._settings, self._installations, self._sleep = settings, installations, sleep
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT)
        self._known: dict[str, Workspace] = {}
        self._finding = asyncio.Lock()

    async def close(self) -> None:
        await self._session.close()

    def client(self, token: str | None = None) -> AsyncWebClient:
        """A client on the one session."""
        return AsyncWebClient(
            token=token,
            base_url=self._settings.api_url,
            session=self._session,
            retry_handlers=[AsyncConnectionErrorRetryHandler(), BackOff(self._sleep)],
        )

    async def post(self, address: str, payload: Mapping[str, Any]) -> bool:
        """Sends JSON to an address that Slack gave; whether it was taken. Raises Undeliverable for any other address:
        what a person is told goes to Slack alone."""
        if not is_slacks(address, self._settings.api_url):
            raise Undeliverable("A request came with an address for the answer that is not Slack's.")
        async with self._session.post(address, json=dict(payload), allow_redirects=False) as response:
            return response.status == 200

    async def of(self, body: Mapping[str, Any]) -> Workspace:
        """The workspace that an event or interaction came from. Raises NotInstalled, or SlackApiError where Slack
        cannot be asked."""
        return await self.find(*installation_of(body))

    async def find(self, team_id: str | None, enterprise_id: str | None = None) -> Workspace:
        token = self._settings.bot_token
        key = "" if token is not None else (team_id or enterprise_id or "")
        if (known := self._known.get(key)) is None:
            async with self._finding:
                if (known := self._known.get(key)) is None:
                    known = self._known[key] = await self._opened(team_id, enterprise_id)
        if token is not None and not self._is_served(known, team_id, enterprise_id):
            raise NotInstalled("A request came from a workspace that the bot token does not belong to.")
        return known

    def known(self, body: Mapping[str, Any]) -> Workspace | None:
        """The workspace of a request, if Slack need not be asked for it."""
        team_id, enterprise_id = installation_of(body)
        key = "" if self._settings.bot_token is not None else (team_id or enterprise_id or "")
        found = self._known.get(key)
        if found is None or (key == "" and not self._is_served(found, team_id, enterprise_id)):
            return None
        return found

    async def only(self) -> Workspace:
        """The workspace of the bot token."""
        return await self.find(None)

    def renew(self, team: str) -> None:
        """The workspace was installed anew: what is known of it is looked up again."""
        self._known.pop(team, None)

    async def forget(self, body: Mapping[str, Any]) -> None:
        """The desk was uninstalled there, or its tokens were revoked."""
        team_id, enterprise_id = installation_of(body)
        for key in (team_id, enterprise_id, ""):
            self._known.pop(key or "", None)
        if self._installations is not None:
            await asyncio.to_thread(self._installations.remove, team_id, enterprise_id)

    async def _opened(self, team_id: str | None, enterprise_id: str | None) -> Workspace:
        token, is_home = self._settings.bot_token, True
        if token is not None:
            secret = token.get_secret_value()
        else:
            secret = await self._installed(team_id, enterprise_id)
            homes = self._settings.home_teams
            is_home = bool(homes & {team_id or "", enterprise_id or ""} - {""})
        client = self.client(secret)
        own = await client.auth_test()
        # Of an installation in a whole organisation auth.test names one team only; requests name theirs.
        return Workspace(
            team_id=str(own.get("team_id") or team_id or ""),
            enterprise_id=str(own["enterprise_id"]) if own.get("enterprise_id") else None,
            bot_user_id=str(own["user_id"]),
            bot_id=str(own.get("bot_id") or ""),
            is_home=is_home,
            client=client,
        )

    async def _installed(self, team_id: str | None, enterprise_id: str | None) -> str:
        found = None
        if self._installations is not None:
            found = await asyncio.to_thread(self._installations.token, team_id, enterprise_id)
        if not found:
            raise NotInstalled("The desk is not installed in the workspace that a request came from.")
        return found

    def _is_served(self, workspace: Workspace, team_id: str | None, enterprise_id: str | None) -> bool:
        named = [name for name in (team_id, enterprise_id) if name]
        return not named or any(workspace.owns(name) for name in named)


def installation_of(body: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Team and organisation of the installation that a request was sent to. In a channel shared between companies the
    team of an event may be the other one's, so what Slack says of the authorisation counts first."""
    for authorization in body.get("authorizations") or ():
        if isinstance(authorization, Mapping):
            return authorization.get("team_id"), authorization.get("enterprise_id")
    team, enterprise = body.get("team"), body.get("enterprise")
    team_id = body.get("team_id") or (team.get("id") if isinstance(team, Mapping) else None)
    enterprise_id = body.get("enterprise_id") or (enterprise.get("id") if isinstance(enterprise, Mapping) else None)
    return team_id, enterprise_id


def is_slacks(address: str, api_url: str) -> bool:
    """Whether an answer may go there: to Slack, or where its address is set to this machine, there."""
    if api_url == SLACK_API:
        return address.startswith(_HOOKS)
    return urlsplit(address)[:2] == urlsplit(api_url)[:2]


def code_of(error: SlackApiError) -> str:
    """Slack's name for what went wrong; ``ratelimited`` for a 429."""
    response: Any = error.response
    if getattr(response, "status_code", None) == 429:
        return "ratelimited"
    data = getattr(response, "data", response)
    return str(data.get("error", "")) if isinstance(data, Mapping) else ""
