"""Who may see what on Slack. Fails closed: whatever cannot be told for certain is public.

Full members of our own workspace are staff, where nobody else reads along. Guests, people of other companies, bots and
everybody unknown read as public; so does everybody in a channel that one of those can read.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError

from assistant.types import Reader
from integrations.slack.workspaces import Workspace, code_of

STAFF, PUBLIC = "staff", "public"
_USER_SECONDS = 120.0
_DIRECTORY_SECONDS = 300.0
_CHANNEL_SECONDS = 30.0
# Workspaces and channels larger than 20 pages of 1000 count as read by outsiders.
_PAGE, _MOST_PAGES = 1000, 20
_T = TypeVar("_T")
_log = logging.getLogger("migdesk.slack")


class UnknownStanding(Exception):
    """Slack did not say, or said something incomplete."""


def is_full_member(user: Mapping[str, Any], workspace: Workspace) -> bool:
    """Whether a user object of Slack's is a person with a full account of our own workspace or organisation."""
    if any(user.get(flag) is not False for flag in ("deleted", "is_bot", "is_restricted", "is_ultra_restricted")):
        return False
    if user.get("is_stranger") or user.get("is_app_user") or user.get("is_invited_user"):
        return False
    organisation = user.get("enterprise_user")
    of_ours = isinstance(organisation, Mapping) and workspace.owns(organisation.get("enterprise_id"))
    return workspace.owns(user.get("team_id")) or of_ours


def is_own_bot(user: Mapping[str, Any], workspace: Workspace) -> bool:
    """A bot that our own workspace has installed: it is no reader of another company's."""
    return user.get("is_bot") is True and workspace.owns(user.get("team_id"))


def is_open_to_others(channel: Mapping[str, Any], workspace: Workspace) -> bool:
    """Whether a channel is, or is about to be, shared with another company; before anybody looks at its members."""
    if (
        channel.get("is_ext_shared")
        or channel.get("is_pending_ext_shared")
        or channel.get("pending_connected_team_ids")
    ):
        return True
    return bool(channel.get("is_shared")) and not (channel.get("is_org_shared") and workspace.enterprise_id)


class Identities:
    """Asks Slack who people are and who is in a channel, and remembers it for a short while."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, ...], tuple[float, asyncio.Task[Any]]] = {}

    async def audience(
        self,
        workspace: Workspace,
        user: str,
        *,
        team: str | None = None,
        channel: str | None = None,
        again: bool = False,
    ) -> str:
        """``staff`` or ``public``: what may be told to this person, or in this ``channel`` where all of its members
        read along. ``team`` is the person's own as Slack's request names it; ``again`` asks Slack anew."""
        # In an organisation a colleague may be of another workspace of ours; their user object tells.
        is_elsewhere = bool(team) and not workspace.owns(team) and workspace.enterprise_id is None
        if not workspace.is_home or is_elsewhere:
            return PUBLIC
        try:
            if not is_full_member(await self._user(workspace, user, again), workspace):
                return PUBLIC
            if channel is not None and not await self._is_internal(workspace, channel, again):
                return PUBLIC
        except UnknownStanding:
            return PUBLIC
        return STAFF

    async def reader(self, workspace: Workspace, user: str, *, team: str | None = None) -> Reader:
        """Somebody who reads alone, as a reader of the desk."""
        return Reader.of(await self.audience(workspace, user, team=team))

    async def is_internal(self, workspace: Workspace, channel: str) -> bool:
        """Whether only our staff read a channel."""
        try:
            return workspace.is_home and await self._is_internal(workspace, channel, again=True)
        except UnknownStanding:
            return False

    async def language(self, workspace: Workspace, user: str) -> str:
        """The language that a person has set in Slack, as the desk names it; English where Slack does not say."""
        try:
            return language_of_locale(str((await self._user(workspace, user, False)).get("locale") or ""))
        except UnknownStanding:
            return "en"

    def forget_channel(self, workspace: Workspace, channel: str) -> None:
        """Somebody joined it, or it was shared."""
        self._kept.pop(("channel", workspace.key, channel), None)
        self._kept.pop(("members", workspace.key, channel), None)

    def forget_user(self, workspace: Workspace, user: str) -> None:
        self._kept.pop(("user", workspace.key, user), None)
        self._kept.pop(("directory", workspace.key), None)

    async def _user(self, workspace: Workspace, user: str, again: bool) -> Mapping[str, Any]:
        async def ask() -> Mapping[str, Any]:
            response = await workspace.client.users_info(user=user, include_locale=True)
            return _object(response.get("user"))

        return await self._asked(("user", workspace.key, user), _USER_SECONDS, ask, again)

    async def _is_internal(self, workspace: Workspace, channel: str, again: bool) -> bool:
        async def info() -> Mapping[str, Any]:
            return _object((await workspace.client.conversations_info(channel=channel)).get("channel"))

        async def members() -> frozenset[str]:
            return frozenset(await _all(workspace.client.conversations_members, channel=channel))

        async def directory() -> frozenset[str]:
            team = {"team_id": workspace.team_id} if workspace.enterprise_id and workspace.team_id else {}
            users = await _all(workspace.client.users_list, **team)
            return frozenset(
                str(user.get("id"))
                for user in map(_object, users)
                if is_full_member(user, workspace) or is_own_bot(user, workspace)
            )

        where = await self._asked(("channel", workspace.key, channel), _CHANNEL_SECONDS, info, again)
        if is_open_to_others(where, workspace):
            return False
        present = await self._asked(("members", workspace.key, channel), _CHANNEL_SECONDS, members, again)
        ours = await self._asked(("directory", workspace.key), _DIRECTORY_SECONDS, directory, again)
        others = present - ours - {workspace.bot_user_id}
        # Who joined the workspace since the directory was read is looked up one by one, if they are few.
        if not others or len(others) > 5:
            return bool(present) and not others
        people = [await self._user(workspace, user, again) for user in sorted(others)]
        return all(is_full_member(person, workspace) or is_own_bot(person, workspace) for person in people)

    async def _asked(self, key: tuple[str, ...], seconds: float, ask: Callable[[], Awaitable[_T]], again: bool) -> _T:
        """What Slack says, once for all who want to know it at the same time. A failure is not remembered."""
        kept = self._kept.get(key)
        if kept is None or kept[0] <= self._clock() or (again and kept[1].done()) or _has_failed(kept[1]):
            kept = self._kept[key] = (self._clock() + seconds, asyncio.ensure_future(_said(ask)))
            self._tidy()
        answer: _T = await asyncio.shield(kept[1])
        return answer

    def _tidy(self) -> None:
        if len(self._kept) > 5000:
            now = self._clock()
            self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > now}


def language_of_locale(locale: str) -> str:
    """Slack's locale (sr-RS, en-US) as the desk names the language."""
    base = locale.replace("_", "-").split("-")[0].lower()
    if base == "sr":
        return "sr" if "cyrl" in locale.lower() else "sr-Latn"
    return base or "en"


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


async def _said(ask: Callable[[], Awaitable[_T]]) -> _T:
    try:
        return await ask()
    except SlackApiError as error:
        _log.warning("Slack does not say who may see what: %s", code_of(error))
        raise UnknownStanding(code_of(error)) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        _log.warning("Slack cannot be asked who may see what: %s", type(error).__name__)
        raise UnknownStanding(type(error).__name__) from None


async def _all(method: Callable[..., Awaitable[Any]], **of_what: str) -> list[Any]:
    """The members on every page of a list. Raises UnknownStanding for one that does not end."""
    found: list[Any] = []
    cursor = ""
    for _ in range(_MOST_PAGES):
        response = await method(limit=_PAGE, **of_what, **({"cursor": cursor} if cursor else {}))
        found += response.get("members") or []
        cursor = (response.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return found
    raise UnknownStanding("too_many")


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UnknownStanding("not_an_object")
    return value
