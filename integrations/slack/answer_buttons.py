"""What the buttons under an answer do. Each looks anew at who presses and at what they may see."""

import asyncio
import logging
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from slack_sdk.errors import SlackApiError, SlackRequestError

from assistant.conversations.errors import UnknownAnswer
from assistant.conversations.types import Kept
from assistant.errors import NoFont
from integrations.slack.actions import feedback_of
from integrations.slack.keeping import Job
from integrations.slack.looking_up import Kepts, audience_in_place, is_private, place_of
from integrations.slack.neutralising import mrkdwn
from integrations.slack.parts import Parts
from integrations.slack.placing import person_key, question_by
from integrations.slack.presses import Press
from integrations.slack.sources_view import gone_view, sources_view
from integrations.slack.texts import text
from integrations.slack.thread_answers import ThreadAnswers
from integrations.slack.workspaces import Workspace, code_of

NoteKind = Literal["docx", "pdf"]
_log = logging.getLogger("migdesk.slack")


@dataclass(frozen=True, slots=True)
class _Note:
    """``remark``: why it is of another kind than was asked for."""

    kind: NoteKind
    content: bytes
    remark: str | None = None


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

    async def export(self, job: Job, workspace: Workspace, press: Press, kind: NoteKind) -> None:
        """The answer as a document in its thread, or to the person where they alone see it: if all of it may still be
        seen there. What no font can set as a PDF goes out as a Word file, with a word on why."""
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
        note = await asyncio.to_thread(_note, kept, kind)
        where: dict[str, Any] = {"channel": channel, "thread_ts": thread_ts}
        try:
            if is_private(thread_ts):
                where = {"channel": (await workspace.client.conversations_open(users=press.user))["channel"]["id"]}
            title = text("problem.exported", kept.language)
            name = f"briefing-{kept.asked_at.date().isoformat()}.{note.kind}"
            comment = mrkdwn(note.remark) if note.remark else title
            await workspace.client.files_upload_v2(
                **where, content=note.content, filename=name, title=title, initial_comment=comment
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
        await self._threads.answer(job, workspace, question_by(press, channel, thread_ts, kept.question or ""))

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


def _note(kept: Kept, kind: NoteKind) -> _Note:
    # Loads what writes documents, which few answers need.
    from assistant.briefing import briefing_docx, briefing_pdf

    answer = kept.answer
    assert answer is not None
    question, made = kept.question or "", datetime.now(UTC).replace(microsecond=0)
    as_of = date.fromisoformat(answer.as_of) if answer.as_of else kept.asked_at.date()
    remark = None
    if kind == "pdf":
        try:
            return _Note("pdf", briefing_pdf(question, answer, as_of=as_of, made=made))
        except NoFont as error:
            remark = str(error)
    return _Note("docx", briefing_docx(question, answer, as_of=as_of, made=made), remark)
