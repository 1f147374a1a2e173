"""Answers that one person alone sees: to ``/ask`` and in windows. They are made with that person's own rights."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class PrivateQuestion:
    """``user``, ``team`` (their own, where Slack says it) and ``channel`` (empty for the home tab) as Slack names them.
    ``is_choice``: one that the desk offered, found free of problems before; it is asked by itself, with the rights of
    this moment."""

    text: str
    user: str
    team: str | None
    channel: str
    is_choice: bool = False


class PrivateAnswers:
    """Jobs' payloads: ``text``, ``user``, ``user_team``, ``channel``, and ``response_url`` or ``view_id``."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def by_address(self, job: Job, workspace: Workspace) -> None:
        """To the address that Slack gave with the command: it works also where the desk is no member."""
        await self.respond(job, workspace, _question_of(job, workspace), str(job.payload.get("response_url") or ""))

    async def in_view(self, job: Job, workspace: Workspace) -> None:
        """In a window that is open already and says that it waits."""
        await self.show(job, workspace, _question_of(job, workspace), str(job.payload.get("view_id") or ""))

    async def respond(self, job: Job, workspace: Workspace, question: PrivateQuestion, address: str) -> None:
        """The answer as a new message at an address of Slack's."""
        language = await self._parts.answering.language(question.text)
        if problem := await self._problem(job, workspace, question, language):
            await self._post(address, {"text": problem})
            return
        answer_id, answer = await self._answer(job, workspace, question, language)
        ending = ending_of(answer, answer_id, can_escalate=self._parts.can_escalate)
        for blocks in (ending.whole, ending.plain_whole, None):
            if await self._post(address, {"text": ending.fallback, **({"blocks": list(blocks)} if blocks else {})}):
                return
        raise Undeliverable("Slack took no answer at the address that it gave for one.")

    async def show(self, job: Job, workspace: Workspace, question: PrivateQuestion, view_id: str) -> None:
        """The answer in place of what a window shows."""
        language = await self._parts.answering.language(question.text)
        if problem := await self._problem(job, workspace, question, language):
            await workspace.client.views_update(view_id=view_id, view=message_view(problem, language))
            return
        answer_id, answer = await self._answer(job, workspace, question, language)
        try:
            await workspace.client.views_update(view_id=view_id, view=answer_view(question.text, answer, answer_id))
        except SlackApiError as error:
            # The person has closed it.
            if code_of(error) not in ("not_found", "view_not_found"):
                raise

    async def _problem(self, job: Job, workspace: Workspace, question: PrivateQuestion, language: str) -> str | None:
        if question.is_choice:
            return None
        return await problem_of(self._parts, job, person_key(workspace.key, question.user), question.text, language)

    async def _answer(
        self, job: Job, workspace: Workspace, question: PrivateQuestion, language: str
    ) -> tuple[str, Answer]:
        user, is_choice = question.user, question.is_choice
        audience = await self._parts.identities.audience(workspace, user, team=question.team, again=is_choice)
        # In place of a thread's ts: what one person asks for themselves in one place.
        thread = thread_key(workspace.key, question.channel or "home", user)

        async def heard(_: Event) -> None:
            return

        person = person_key(workspace.key, user)
        posed = Posed(question.text, thread, person, audience, language, stands_alone=is_choice)
        try:
            return await self._parts.answering.answer(job.id, posed, heard)
        except StoppedByReader:
            raise Undeliverable("It was stopped.") from None

    async def _post(self, address: str, payload: dict[str, Any]) -> bool:
        """Whether Slack took it."""
        message = {"response_type": "ephemeral", "replace_original": False, **payload}
        return await self._parts.workspaces.post(address, message)


def _question_of(job: Job, workspace: Workspace) -> PrivateQuestion:
    payload = job.payload
    return PrivateQuestion(
        text=readable(str(payload.get("text") or ""), workspace.bot_user_id),
        user=str(payload.get("user") or ""),
        team=payload.get("user_team"),
        channel=str(payload.get("channel") or ""),
    )
