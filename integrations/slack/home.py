"""What a person meets before they ask: the home tab, and the suggested prompts of the messages tab."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from assistant.types import Reader
from integrations.slack.home_view import HomeState, home_view
from integrations.slack.parts import Parts
from integrations.slack.placing import person_key
from integrations.slack.texts import suggested_prompts, text
from integrations.slack.workspaces import Workspace, code_of

_RECENT = 5
_log = logging.getLogger("migdesk.slack")


class Home:
    """Both show what their own reader may see, and nothing else."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def opened(self, workspace: Workspace, event: Mapping[str, Any]) -> None:
        user, channel, tab = str(event.get("user") or ""), str(event.get("channel") or ""), event.get("tab")
        if not user:
            return
        identities = self._parts.identities
        reader = await identities.reader(workspace, user, team=event.get("user_team"))
        language = await identities.language(workspace, user)
        if tab == "messages" and channel:
            await self._suggest(workspace, channel, reader, language)
        elif tab == "home":
            await self._publish(workspace, user, reader, language)

    async def _suggest(self, workspace: Workspace, channel: str, reader: Reader, language: str) -> None:
        sources = await asyncio.to_thread(self._parts.desk.base.catalogue.sources, reader.audiences)
        prompts = suggested_prompts(sources, language)
        if not prompts:
            return
        try:
            await workspace.client.assistant_threads_setSuggestedPrompts(
                channel_id=channel, prompts=prompts, title=text("home.suggested", language)
            )
        except SlackApiError as error:
            _log.info("no prompts could be suggested: %s", code_of(error))

    async def _publish(self, workspace: Workspace, user: str, reader: Reader, language: str) -> None:
        catalogue = self._parts.desk.base.catalogue
        sources = await asyncio.to_thread(catalogue.sources, reader.audiences)
        seen = {source.id for source in sources}
        versions = await asyncio.to_thread(catalogue.history)
        person = person_key(workspace.key, user)
        state = HomeState(
            language=language,
            recent=await asyncio.to_thread(self._parts.conversations.recent, person, _RECENT),
            documents=len(sources),
            newest=max((date for source in sources if (date := source.published or source.as_of)), default=None),
            checked=max((version.ingested_at[:10] for version in versions if version.id in seen), default="–"),
            prompts=tuple(suggested_prompts(sources, language)),
        )
        try:
            await workspace.client.views_publish(user_id=user, view=home_view(state))
        except SlackApiError as error:
            # Another of the person's devices was quicker, and shows the same.
            if code_of(error) != "hash_conflict":
                raise
