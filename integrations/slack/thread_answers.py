"""Questions that are answered in a thread: direct messages, mentions, follow-ups, and a question asked again."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress

from slack_sdk.errors import SlackApiError

from assistant.events import Event, Found, Said
from assistant.types import MAX_QUESTION, Answer
from integrations.slack.answering import Posed
from integrations.slack.errors import StoppedByReader
from integrations.slack.identity import PUBLIC, STAFF
from integrations.slack.keeping import Job
from integrations.slack.neutralising import plain
from integrations.slack.parts import Parts
from integrations.slack.placing import Question, person_key, thread_key
from integrations.slack.rendering import (
    answer_blocks,
    closing_blocks,
    fallback_text,
    found_status,
    plain_closing_blocks,
    said_blocks,
    statement,
)
from integrations.slack.streaming import AnswerStream, Ending
from integrations.slack.texts import text
from integrations.slack.workspaces import Workspace, code_of

# Slack is asked to show a status; the answer does not wait longer for it.
_STATUS_SECONDS = 3.0
_LONGEST_TITLE = 60
_log = logging.getLogger("migdesk.slack")


class ThreadAnswers:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def is_for_us(self, workspace: Workspace, question: Question) -> bool:
        """A follow-up counts only in a thread where the desk has answered."""
        if not question.is_follow_up:
            return True
        thread = thread_key(workspace.key, question.channel, question.thread_ts)
        if await self._parts.jobs.answers_in(thread):
            return True
        return bool(await asyncio.to_thread(self._parts.conversations.history, thread, 2))

    async def answer_once(self, job: Job, workspace: Workspace, question: Question) -> None:
        """Answers the message unless another event of the same message does, or its author has deleted it."""
        if not await self.is_for_us(workspace, question):
            return
        if await self._parts.jobs.claim(f"{workspace.key}:{question.channel}:{question.ts}", job.id):
            await self.answer(job, workspace, question)

    async def answer(self, job: Job, workspace: Workspace, question: Question) -> None:
        parts = self._parts
        thread = thread_key(workspace.key, question.channel, question.thread_ts)
        await parts.jobs.place(job.id, thread)
        if job.attempt > 1:
            await self._clear(job, workspace, question, thread)

        async def posted(ts: str) -> None:
            await parts.jobs.note_posted(job.id, ts)

        stream = AnswerStream(
            workspace,
            question.channel,
            question.thread_ts,
            user=question.user,
            team=question.recipient_team,
            posted=posted,
            pause=parts.flush_seconds,
        )
        try:
            await self._answered(job, workspace, question, thread, stream)
        finally:
            await stream.abandon()

    async def _answered(
        self, job: Job, workspace: Workspace, question: Question, thread: str, stream: AnswerStream
    ) -> None:
        parts = self._parts
        language = await parts.answering.language(question.text)
        person = person_key(workspace.key, question.user)
        is_choice = question.is_choice  # found free of problems before it was taken
        if not is_choice and (problem := await problem_of(parts, job, person, question.text, language)):
            await stream.end(problem)
            return
        title = question.text[:_LONGEST_TITLE] if question.is_direct else None
        audience, *_ = await asyncio.gather(
            self._audience(workspace, question),
            _briefly(stream.status(text("status.searching", language))),
            _briefly(stream.session("processing", title)),
        )
        posed = Posed(question.text, thread, person, audience, language, stands_alone=is_choice)

        telling: list[asyncio.Task[None]] = []

        async def heard(event: Event) -> None:
            match event:
                case Found(passages) if passages:
                    # While the answer is begun; a status that came after its first words would stay.
                    telling.append(asyncio.create_task(_briefly(stream.status(found_status(passages, language)))))
                case Said(_, sentence):
                    await asyncio.gather(*telling)
                    await stream.say(statement(sentence))
                case _:
                    return

        try:
            answer_id, answer = await parts.answering.answer(job.id, posed, heard)
            await asyncio.gather(*telling)
            await stream.finish(ending_of(answer, answer_id, can_escalate=parts.can_escalate))
        except StoppedByReader:
            await stream.end(text("answer.stopped", language), was_stopped=True)
        await _briefly(stream.session("active"))
        if audience == PUBLIC:
            await self._say_why(workspace, question, language)

    async def _audience(self, workspace: Workspace, question: Question) -> str:
        if question.is_shared:
            return PUBLIC
        channel = None if question.is_direct else question.channel
        return await self._parts.identities.audience(
            workspace, question.user, team=question.team, channel=channel, again=question.is_choice
        )

    async def _say_why(self, workspace: Workspace, question: Question, language: str) -> None:
        """To a member of staff alone: that the channel, not they, narrowed what was used."""
        if question.is_direct:
            return
        if await self._parts.identities.audience(workspace, question.user, team=question.team) == STAFF:
            with suppress(SlackApiError):
                await workspace.client.chat_postEphemeral(
                    channel=question.channel,
                    user=question.user,
                    thread_ts=question.thread_ts,
                    text=text("answer.public_only", language),
                )

    async def _clear(self, job: Job, workspace: Workspace, question: Question, thread: str) -> None:
        """Takes away what an earlier attempt left in the thread when its process died, noted or not."""
        left = set(job.posted)
        try:
            replies = await workspace.client.conversations_replies(
                channel=question.channel, ts=question.thread_ts, oldest=question.ts, limit=200
            )
            own = {
                str(reply.get("ts"))
                for reply in replies.get("messages") or ()
                if reply.get("user") == workspace.bot_user_id and str(reply.get("ts")) > question.ts
            }
            left |= own - await self._parts.jobs.all_posted(thread)
        except SlackApiError as error:
            _log.info("the replies of a thread cannot be read: %s", code_of(error))
        for ts in sorted(left):
            for ending in (workspace.client.chat_stopStream, workspace.client.chat_delete):
                try:
                    await ending(channel=question.channel, ts=ts)
                except SlackApiError as error:
                    _log.info("an earlier attempt cannot be taken away: %s", code_of(error))


def ending_of(answer: Answer, answer_id: str, *, can_escalate: bool) -> Ending:
    """How the answer ends on Slack, in each of the ways that may be needed."""
    plain = plain_closing_blocks(answer, answer_id, can_escalate=can_escalate)
    return Ending(
        closing=closing_blocks(answer, answer_id, can_escalate=can_escalate),
        whole=answer_blocks(answer, answer_id, can_escalate=can_escalate),
        plain_closing=plain,
        plain_whole=[*said_blocks(answer), *plain],
        fallback=fallback_text(answer),
    )


async def problem_of(parts: Parts, job: Job, person: str, question: str, language: str) -> str | None:
    """Why a question is not answered, in words for who asked it. One that is taken up again counts once."""
    if (closed := await asyncio.to_thread(parts.accounts.closed)) is not None:
        return text("problem.closed", language, reason=_inert(closed.reason))
    if not any(character.isalnum() for character in question):
        return text("problem.empty", language)
    if len(question) > MAX_QUESTION:
        return text("problem.too_long", language, most=f"{MAX_QUESTION:,}")
    if job.attempt == 1 and (minutes := parts.pace.minutes_to_wait(person)):
        return text("problem.too_many", language, minutes=minutes)
    return None


def _inert(words: str) -> str:
    """What an operator wrote, without what any way of showing it on Slack would take for a mention or a link."""
    return plain(words).translate({ord("<"): "‹", ord(">"): "›"}).replace("](", "] (")


async def _briefly(doing: Awaitable[None]) -> None:
    """Something that is only an extra, for as long as it takes little time."""
    with suppress(TimeoutError):
        await asyncio.wait_for(doing, _STATUS_SECONDS)
