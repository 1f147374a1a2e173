"""The Slack desk for as long as something runs: opened with its application, closed in the right order."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.async_app import AsyncApp

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from integrations.erasing import erasing_daily
from integrations.slack.app import bolt_app
from integrations.slack.installations import Installations
from integrations.slack.service import Service
from integrations.slack.settings import SlackSettings
from integrations.slack.socket import Socket, checked
from integrations.slack.streaming import FLUSH_SECONDS
from integrations.slack.worker import SWEEP_SECONDS
from integrations.slack.workspaces import Sleep, Workspace

_log = logging.getLogger("migdesk.slack")


class SlackOverHttp:
    """What the web application holds: empty until its loop runs, and after it has ended."""

    def __init__(
        self,
        desk: Desk,
        conversations: Conversations,
        settings: SlackSettings,
        *,
        sleep: Sleep = asyncio.sleep,
        flush_seconds: float = FLUSH_SECONDS,
        sweep_seconds: float = SWEEP_SECONDS,
    ) -> None:
        self.settings = settings
        self.bolt: AsyncApp | None = None
        self.service: Service | None = None
        self._desk, self._conversations = desk, conversations
        self._sleep, self._flush_seconds, self._sweep_seconds = sleep, flush_seconds, sweep_seconds

    @property
    def installations(self) -> Installations | None:
        return self.service.installations if self.service is not None else None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        service = self.service = Service(
            self._desk,
            self._conversations,
            self.settings,
            sleep=self._sleep,
            flush_seconds=self._flush_seconds,
            sweep_seconds=self._sweep_seconds,
        )
        self.bolt = bolt_app(service)
        service.start()
        try:
            async with erasing_daily(self._conversations):
                yield
        finally:
            self.bolt = None
            await service.close()
            self.service = None


@asynccontextmanager
async def over_socket(desk: Desk, conversations: Conversations, settings: SlackSettings) -> AsyncIterator[Workspace]:
    """Connected, and answering until the ``with`` is left. Raises InvalidSettings for a token that Slack refuses."""
    assert settings.app_token is not None
    service = Service(desk, conversations, settings)
    try:
        workspace = await checked(service.parts.workspaces, settings.app_token)
        socket = Socket(settings.app_token, bolt_app(service))
        service.start()
        try:
            await socket.open()
            async with erasing_daily(conversations):
                yield workspace
        finally:
            # First nothing more comes in, then what came is answered.
            await socket.close()
    finally:
        await service.close()
