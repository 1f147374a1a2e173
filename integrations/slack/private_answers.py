"""Answers that one person alone sees: to ``/ask`` and in windows. They are made with that person's own rights."""

from typing import Any

from slack_sdk.errors import SlackApiError

from assistant.events import Event
from assistant.types import Answer
from integrations.slack.answer_view import answer_view
from integrations.slack.answering import Posed
from integrations.slack.errors import StoppedByReader, Undeliverable
from integrations.slack.keeping import Job
from integrations.slack.message_view import message_view
from integrations.slack.parts import Parts
from integrations.slack.placing import person_key, readable, thread_key
from integrations.slack.thread_answers import ending_of, problem_of
from integrations.slack.workspaces import Workspace, code_of


class PrivateAnswers:
    """Jobs' payloads: ``text``, ``user``, ``user_team``, ``channel``, and ``response_url`` or ``view_id``."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def by_address(self, job: Job, workspace: Workspace) -> None:
        """To the address that Slack gave with the command: it works also where the desk is no member."""
        question, language = await self._question(job, workspace)
        if problem := self._problem(job, workspace, question, language):
            await self._respond(job, {"text": problem})
            return
        answer_id, answer = await self._answer(job, workspace, question, language)
        ending = ending_of(answer, answer_id, can_escalate=self._parts.can_escalate)
        for blocks in (ending.whole, ending.plain_whole, None):
            payload = {"text": ending.fallback, **({"blocks": list(blocks)} if blocks else {})}
            if await self._respond(job, payload):
                return
        raise Undeliverable("Slack took no answer at the address that came with a command.")

    async def in_view(self, job: Job, workspace: Workspace) -> None:
        """In a window that is open already and says that it waits."""
        question, language = await self._question(job, workspace)
        view_id = str(job.payload.get("view_id") or "")
        if problem := self._problem(job, workspace, question, language):
            await workspace.client.views_update(view_id=view_id, view=message_view(problem, language))
            return
        answer_id, answer = await self._answer(job, workspace, question, language)
        try:
            await workspace.client.views_update(view_id=view_id, view=answer_view(question, answer, answer_id))
        except SlackApiError as error:
            # The person has closed it.
            if code_of(error) not in ("not_found", "view_not_found"):
                raise

    async def _question(self, job: Job, workspace: Workspace) -> tuple[str, str]:
        question = readable(str(job.payload.get("text") or ""), workspace.bot_user_id)
        return question, await self._parts.answering.language(question)

    def _problem(self, job: Job, workspace: Workspace, question: str, language: str) -> str | None:
        person = person_key(workspace.key, str(job.payload.get("user") or ""))
        return problem_of(self._parts, job, person, question, language)

    async def _answer(self, job: Job, workspace: Workspace, question: str, language: str) -> tuple[str, Answer]:
        payload, identities = job.payload, self._parts.identities
        user = str(payload.get("user") or "")
        audience = await identities.audience(workspace, user, team=payload.get("user_team"))
        # In place of a thread's ts: what one person asks for themselves in one place.
        thread = thread_key(workspace.key, str(payload.get("channel") or "home"), user)

        async def heard(_: Event) -> None:
            return

        posed = Posed(question, thread, person_key(workspace.key, user), audience, language)
        try:
            return await self._parts.answering.answer(job.id, posed, heard)
        except StoppedByReader:
            raise Undeliverable("It was stopped.") from None

    async def _respond(self, job: Job, payload: dict[str, Any]) -> bool:
        """Whether Slack took it."""
        address = str(job.payload.get("response_url") or "")
        return await self._parts.workspaces.post(address, {"response_type": "ephemeral", **payload})
