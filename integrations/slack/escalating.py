"""Questions that go on to a person: to the experts' channel, claimed there, answered, and told to who asked."""

import asyncio
import logging

from slack_sdk.errors import SlackApiError

from assistant.conversations.errors import UnknownAnswer
from assistant.conversations.types import Escalation, Kept
from integrations.slack.answer_buttons import AnswerButtons
from integrations.slack.escalation_views import card_text, expert_card, reply_message, reply_text
from integrations.slack.identity import STAFF
from integrations.slack.keeping import Job
from integrations.slack.looking_up import Kepts, is_private, place_of
from integrations.slack.parts import Parts
from integrations.slack.placing import person_key
from integrations.slack.presses import Press
from integrations.slack.texts import text
from integrations.slack.workspaces import Workspace, code_of

_log = logging.getLogger("migdesk.slack")


class Escalating:
    def __init__(self, parts: Parts, buttons: AnswerButtons) -> None:
        self._parts, self._buttons = parts, buttons
        self._kepts = Kepts(parts)

    async def hand_on(self, job: Job, workspace: Workspace, press: Press) -> None:
        """The window was sent off: one card an answer and person, however often. ``press.text`` is the note."""
        parts, channel = self._parts, self._parts.settings.experts_channel
        kept = await self._kepts.of(workspace, press, press.value)
        person = person_key(workspace.key, press.user)
        place = place_of(kept) if kept is not None else None
        language = kept.language if kept is not None else await parts.identities.language(workspace, press.user)
        if kept is None or place is None or not await self._may_ask(workspace, press, kept, person):
            await self._tell(workspace, press, kept, text("sources.gone", language))
            return
        if channel is None or not await parts.identities.is_internal(workspace, channel):
            _log.error("the experts' channel is not set, or people from outside read it: nothing is posted there")
            await self._tell(workspace, press, kept, text("escalation.unavailable", language))
            return
        try:
            escalation = await asyncio.to_thread(parts.conversations.escalate, kept.id, person, press.text)
        except UnknownAnswer:
            await self._tell(workspace, press, kept, text("sources.gone", language))
            return
        if escalation.place is not None:
            await self._tell(workspace, press, kept, text("escalation.already", language))
            return
        link = await self._permalink(workspace, place[1], place[2])
        posted = await workspace.client.chat_postMessage(
            channel=channel,
            blocks=expert_card(escalation, kept.question or "", kept.answer, link),
            text=card_text(escalation, kept.question or ""),
            unfurl_links=False,
            unfurl_media=False,
        )
        await asyncio.to_thread(parts.conversations.placed, escalation.id, f"{channel}:{posted['ts']}")
        await self._tell(workspace, press, kept, text("escalation.sent", language))

    async def claim(self, job: Job, workspace: Workspace, press: Press) -> None:
        if not await self._may_reply(workspace, press):
            return
        expert = person_key(workspace.key, press.user)
        if await asyncio.to_thread(self._parts.conversations.claim, press.value, expert) is None:
            await self._say_taken(workspace, press)
        await self._show(workspace, press.value)

    async def reply(self, job: Job, workspace: Workspace, press: Press) -> None:
        """``press.text`` is what the expert wrote. It is told to who asked once."""
        if not await self._may_reply(workspace, press):
            return
        conversations = self._parts.conversations
        expert = person_key(workspace.key, press.user)
        escalation = await asyncio.to_thread(conversations.reply, press.value, expert, press.text)
        if escalation is None:
            escalation = await asyncio.to_thread(conversations.escalation, press.value)
            # An earlier attempt at this job may have got so far and died.
            if job.attempt == 1 or job.posted or escalation is None or escalation.expert != expert:
                await self._say_taken(workspace, press)
                await self._show(workspace, press.value)
                return
        elif not await asyncio.to_thread(conversations.relayed, escalation.id):
            await self._show(workspace, press.value)
            return
        await self._relay(job, workspace, escalation)
        await self._show(workspace, press.value)

    async def to_reply_to(self, workspace: Workspace, press: Press) -> tuple[Escalation, bool] | None:
        """The escalation whose card was pressed, if this person may reply to it, and whether people from outside will
        read the reply."""
        if not await self._may_reply(workspace, press):
            return None
        expert = person_key(workspace.key, press.user)
        escalation = await asyncio.to_thread(self._parts.conversations.escalation, press.value)
        if escalation is None or escalation.state == "relayed" or escalation.expert not in (None, expert):
            await self._say_taken(workspace, press)
            return None
        return escalation, await self._is_read_outside(workspace, press, escalation)

    async def _is_read_outside(self, workspace: Workspace, press: Press, escalation: Escalation) -> bool:
        """Whether others than our staff read where the question was asked. From memory where that is fresh: the window
        must open within seconds."""
        kept = await asyncio.to_thread(self._parts.conversations.kept, escalation.answer_id)
        place = place_of(kept) if kept is not None else None
        if kept is None or place is None:
            return True
        _, channel, thread_ts = place
        identities = self._parts.identities
        if is_private(thread_ts) or channel.startswith("D"):
            return await identities.audience(workspace, kept.person.rpartition(":")[2]) != STAFF
        return await identities.audience(workspace, press.user, team=press.user_team, channel=channel) != STAFF

    async def _may_reply(self, workspace: Workspace, press: Press) -> bool:
        """Staff, in the experts' channel or from its window; others are told that they cannot."""
        experts = self._parts.settings.experts_channel
        audience = await self._parts.identities.audience(workspace, press.user, team=press.user_team, again=True)
        if audience == STAFF and experts is not None and (press.channel == experts or press.view_id):
            return True
        language = await self._parts.identities.language(workspace, press.user)
        await self._buttons.tell(workspace, press, text("problem.not_allowed", language))
        return False

    async def _may_ask(self, workspace: Workspace, press: Press, kept: Kept, person: str) -> bool:
        if kept.person == person:
            return True
        return await self._parts.identities.audience(workspace, press.user, team=press.user_team, again=True) == STAFF

    async def _relay(self, job: Job, workspace: Workspace, escalation: Escalation) -> None:
        kept = await asyncio.to_thread(self._parts.conversations.kept, escalation.answer_id)
        place = place_of(kept) if kept is not None else None
        if kept is None or place is None:
            _log.warning("an expert's reply has nowhere to go: the question has been erased")
            return
        _, channel, thread_ts = place
        if is_private(thread_ts):
            channel = str((await workspace.client.conversations_open(users=thread_ts))["channel"]["id"])
        posted = await workspace.client.chat_postMessage(
            channel=channel,
            thread_ts=None if is_private(thread_ts) else thread_ts,
            blocks=reply_message(escalation, kept.question or "", kept.language),
            text=reply_text(escalation, kept.question or "", kept.language),
            unfurl_links=False,
            unfurl_media=False,
        )
        await self._parts.jobs.note_posted(job.id, str(posted["ts"]))

    async def _show(self, workspace: Workspace, escalation_id: str) -> None:
        """The card as it stands now."""
        escalation = await asyncio.to_thread(self._parts.conversations.escalation, escalation_id)
        if escalation is None or escalation.place is None:
            return
        kept = await asyncio.to_thread(self._parts.conversations.kept, escalation.answer_id)
        channel, _, ts = escalation.place.partition(":")
        place = place_of(kept) if kept is not None else None
        link = await self._permalink(workspace, place[1], place[2]) if place is not None else None
        question, answer = (kept.question or "", kept.answer) if kept is not None else ("", None)
        try:
            await workspace.client.chat_update(
                channel=channel,
                ts=ts,
                blocks=expert_card(escalation, question, answer, link),
                text=card_text(escalation, question),
            )
        except SlackApiError as error:
            _log.warning("an experts' card cannot be renewed: %s", code_of(error))

    async def _permalink(self, workspace: Workspace, channel: str, thread_ts: str) -> str | None:
        """None for what only one person can open."""
        if is_private(thread_ts) or channel.startswith("D"):
            return None
        try:
            found = await workspace.client.chat_getPermalink(channel=channel, message_ts=thread_ts)
        except SlackApiError as error:
            _log.info("there is no link to a thread: %s", code_of(error))
            return None
        return str(found.get("permalink") or "") or None

    async def _say_taken(self, workspace: Workspace, press: Press) -> None:
        language = await self._parts.identities.language(workspace, press.user)
        await self._buttons.tell(workspace, press, text("escalation.taken", language))

    async def _tell(self, workspace: Workspace, press: Press, kept: Kept | None, words: str) -> None:
        """To who sent the window off, where the answer stands."""
        place = place_of(kept) if kept is not None else None
        if place is None:
            return
        _, channel, thread_ts = place
        try:
            if is_private(thread_ts):
                await workspace.client.chat_postMessage(channel=press.user, text=words)
            else:
                await workspace.client.chat_postEphemeral(
                    channel=channel, user=press.user, thread_ts=thread_ts, text=words
                )
        except SlackApiError as error:
            _log.info("a person could not be told: %s", code_of(error))
