"""The Slack desk as a whole: its parts put together, and each job given to the one that does it."""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from integrations.accounts.store import open_accounts
from integrations.slack.answer_buttons import AnswerButtons
from integrations.slack.answering import Answering
from integrations.slack.choosing import Choosing
from integrations.slack.escalating import Escalating
from integrations.slack.home import Home
from integrations.slack.identity import Identities
from integrations.slack.incoming import EVENT, Incoming
from integrations.slack.installations import Installations
from integrations.slack.keeping import Job, Jobs
from integrations.slack.parts import Parts
from integrations.slack.presses import Press
from integrations.slack.private_answers import PrivateAnswers
from integrations.slack.settings import SlackSettings
from integrations.slack.streaming import FLUSH_SECONDS
from integrations.slack.thread_answers import ThreadAnswers
from integrations.slack.worker import SWEEP_SECONDS, Worker
from integrations.slack.workspaces import Sleep, Workspaces

COMMAND, VIEW = "command", "view"
FEEDBACK, EXPORT, EXPORT_PDF, RETRY, CHOOSE = "feedback", "export", "export_pdf", "retry", "choose"
ESCALATE, CLAIM, REPLY = "escalate", "claim", "reply"
_log = logging.getLogger("migdesk.slack")


class Service:
    """Made and closed inside a running loop. Does not close desk and conversations: they may serve others too."""

    def __init__(
        self,
        desk: Desk,
        conversations: Conversations,
        settings: SlackSettings,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Sleep = asyncio.sleep,
        flush_seconds: float = FLUSH_SECONDS,
        sweep_seconds: float = SWEEP_SECONDS,
    ) -> None:
        key = settings.encryption_key
        many = settings.serves_many and key is not None
        self.settings = settings
        self.installations = Installations(conversations.engine, key.get_secret_value()) if many and key else None
        self.parts = parts = Parts(
            desk=desk,
            conversations=conversations,
            settings=settings,
            workspaces=Workspaces(settings, self.installations, sleep),
            identities=Identities(),
            jobs=Jobs(conversations.engine, secrets.token_hex(8), clock),
            answering=Answering(desk, conversations),
            accounts=open_accounts(conversations.engine),
            flush_seconds=flush_seconds,
        )
        self.threads = ThreadAnswers(parts)
        self.private = PrivateAnswers(parts)
        self.buttons = AnswerButtons(parts, self.threads)
        self.choosing = Choosing(parts, self.buttons, self.threads, self.private)
        self.escalating = Escalating(parts, self.buttons)
        self.home = Home(parts)
        self.incoming = Incoming(parts, self.threads, self.home)
        self.worker = Worker(parts.jobs, self._handle, parts.answering.stop, sweep_seconds)

    def start(self) -> None:
        self.worker.start()

    async def close(self, seconds: float = 8.0) -> None:
        """Lets answers under way end for so long; what is left is answered by the next process."""
        await self.worker.close(seconds)
        await asyncio.to_thread(self.parts.answering.close)
        await self.parts.workspaces.close()

    async def _handle(self, job: Job) -> None:
        if job.kind == EVENT:
            await self.incoming.do(job)
            return
        workspace = await self.parts.workspaces.of(job.payload)
        if job.kind == COMMAND:
            await self.private.by_address(job, workspace)
        elif job.kind == VIEW:
            await self.private.in_view(job, workspace)
        else:
            await self._pressed(job, workspace, Press(**job.payload))

    async def _pressed(self, job: Job, workspace: Any, press: Press) -> None:
        doing: dict[str, Callable[[], Awaitable[None]]] = {
            FEEDBACK: lambda: self.buttons.feedback(workspace, press),
            EXPORT: lambda: self.buttons.export(job, workspace, press, "docx"),
            EXPORT_PDF: lambda: self.buttons.export(job, workspace, press, "pdf"),
            RETRY: lambda: self.buttons.retry(job, workspace, press),
            CHOOSE: lambda: self.choosing.choose(job, workspace, press),
            ESCALATE: lambda: self.escalating.hand_on(job, workspace, press),
            CLAIM: lambda: self.escalating.claim(job, workspace, press),
            REPLY: lambda: self.escalating.reply(job, workspace, press),
        }
        await doing[job.kind]()
