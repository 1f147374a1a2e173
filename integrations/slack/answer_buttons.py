"""What the buttons under an answer do. Each looks anew at who presses and at what they may see."""

import asyncio
import logging
import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from slack_sdk.errors import SlackApiError, SlackRequestError

from assistant.conversations.errors import UnknownAnswer
from assistant.conversations.types import Kept
from integrations.slack.actions import feedback_of
from integrations.slack.keeping import Job
from integrations.slack.looking_up import Kepts, audience_in_place, is_private, place_of
from integrations.slack.parts import Parts
from integrations.slack.placing import Question, person_key
from integrations.slack.presses import Press
from integrations.slack.sources_view import gone_view, sources_view
from integrations.slack.texts import text
from integrations.slack.thread_answers import ThreadAnswers
from integrations.slack.workspaces import Workspace, code_of

_log = logging.getLogger("migdesk.slack")


class AnswerButtons:
    def __init__(self, parts: Parts, threads: ThreadAnswers) -> None:
        self._parts, self._threads = parts, threads
        self._kepts = Kepts(parts)

    async def feedback(self, workspace: Workspace, press: Press) -> None:
        """One opinion a person and answer: the last one counts."""
        try:
            answer_id, helpful = feedback_of(press.value)
        except ValueError:
            _log.warning("feedback came with a value that is none of ours")
            return
        language = await self._parts.identities.language(workspace, press.user)
        if (kept := await self._kepts.of(workspace, press, answer_id)) is None:
            await self.tell(workspace, press, text("sources.gone", language))
            return
        person = person_key(workspace.key, press.user)
        try:
            await asyncio.to_thread(self._parts.conversations.rate, answer_id, person, helpful)
        except UnknownAnswer:
            await self.tell(workspace, press, text("sources.gone", kept.language))
            return
        can_escalate = not helpful and self._parts.can_escalate
        key = "feedback.not_helpful" if can_escalate else "feedback.thanks"
        await self.tell(workspace, press, text(key, kept.language))

    async def sources(self, workspace: Workspace, press: Press) -> dict[str, Any]:
        """The window with the sources, as far as the person who presses may see them now."""
        parts = self._parts
        kept = await self._kepts.of(workspace, press, press.value)
        if kept is not None:
            audience = await parts.identities.audience(workspace, press.user, team=press.user_team, again=True)
            answer = await self._kepts.visible(kept, audience)
            if answer is not None:
                return sources_view(answer, await self._kepts.surroundings(answer, audience))
        return gone_view(await parts.identities.language(workspace, press.user))

    async def export(self, job: Job, workspace: Workspace, press: Press) -> None:
        """The answer as a document in its thread, or to the person where they alone see it: if all of it may still be
        seen there."""
        if not await self._is_first(job, press):
            return
        kept = await self._kepts.of(workspace, press, press.value)
        place = place_of(kept) if kept is not None else None
        if kept is None or kept.answer is None or place is None:
            language = await self._parts.identities.language(workspace, press.user)
            await self.tell(workspace, press, text("sources.gone", language))
            return
        _, channel, thread_ts = place
        audience = await audience_in_place(self._parts, workspace, press, channel, thread_ts)
        visible = await self._kepts.visible(kept, audience)
        if visible is None or visible.sentences != kept.answer.sentences:
            await self.tell(workspace, press, text("sources.gone", kept.language))
            return
        document = await asyncio.to_thread(_briefing, kept)
        where: dict[str, Any] = {"channel": channel, "thread_ts": thread_ts}
        try:
            if is_private(thread_ts):
                where = {"channel": (await workspace.client.conversations_open(users=press.user))["channel"]["id"]}
            title = text("problem.exported", kept.language)
            name = f"briefing-{kept.asked_at.date().isoformat()}.docx"
            await workspace.client.files_upload_v2(
                **where, content=document, filename=name, title=title, initial_comment=title
            )
        except (SlackApiError, SlackRequestError) as error:
            reference = uuid.uuid4().hex[:8]
            code = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
            _log.error("a briefing note (%s) was not taken: %s", reference, code)
            await self.tell(workspace, press, text("problem.export_failed", kept.language, reference=reference))

    async def retry(self, job: Job, workspace: Workspace, press: Press) -> None:
        """The same question once more, in its thread, with the rights of who presses."""
        if not await self._is_first(job, press):
            return
        kept = await self._kepts.of(workspace, press, press.value)
        place = place_of(kept) if kept is not None else None
        if kept is None or place is None or is_private(place[2]):
            language = await self._parts.identities.language(workspace, press.user)
            await self.tell(workspace, press, text("sources.gone", language))
            return
        _, channel, thread_ts = place
        question = Question(
            channel=channel,
            user=press.user,
            ts=press.message_ts or thread_ts,
            thread_ts=thread_ts,
            text=kept.question or "",
            is_direct=channel.startswith("D"),
            is_follow_up=False,
            team=press.user_team or None,
            recipient_team=press.user_team or None,
        )
        await self._threads.answer(job, workspace, question)

    async def _is_first(self, job: Job, press: Press) -> bool:
        """A button that was pressed twice in a hurry does its work once."""
        minute = int(time.time() // 60)
        return await self._parts.jobs.claim(f"{job.kind}:{press.value}:{press.user}:{minute}", job.id)

    async def tell(self, workspace: Workspace, press: Press, words: str) -> None:
        """To the person alone, where they pressed."""
        if press.is_ephemeral and press.response_url:
            await self._parts.workspaces.post(
                press.response_url, {"response_type": "ephemeral", "replace_original": False, "text": words}
            )
        elif press.channel:
            with suppress(SlackApiError):
                await workspace.client.chat_postEphemeral(
                    channel=press.channel, user=press.user, text=words, thread_ts=press.thread_ts or None
                )


def _briefing(kept: Kept) -> bytes:
    # Loads what writes Word documents, which few answers need.
    from assistant.briefing import briefing_docx

    assert kept.answer is not None
    document: bytes = briefing_docx(
        kept.question or "", kept.answer, as_of=kept.asked_at.date(), made=datetime.now(UTC)
    )
    return document
