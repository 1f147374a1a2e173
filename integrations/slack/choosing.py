"""A question back whose choices are pressed: the choice is asked, once, where the question back stands."""

import logging

import aiohttp
from slack_sdk.errors import SlackApiError

from assistant.types import Answer
from integrations.slack.actions import choice_of
from integrations.slack.answer_buttons import AnswerButtons
from integrations.slack.keeping import Job
from integrations.slack.looking_up import Kepts, is_private, place_of
from integrations.slack.message_view import message_view
from integrations.slack.parts import Parts
from integrations.slack.placing import person_key, question_by
from integrations.slack.presses import Press
from integrations.slack.private_answers import PrivateAnswers, PrivateQuestion
from integrations.slack.rendering import chosen_blocks, chosen_text
from integrations.slack.sources_view import waiting_view
from integrations.slack.texts import text
from integrations.slack.thread_answers import ThreadAnswers, problem_of
from integrations.slack.workspaces import Workspace, code_of

_log = logging.getLogger("migdesk.slack")


class Choosing:
    def __init__(self, parts: Parts, buttons: AnswerButtons, threads: ThreadAnswers, private: PrivateAnswers) -> None:
        self._parts, self._buttons = parts, buttons
        self._threads, self._private = threads, private
        self._kepts = Kepts(parts)

    async def choose(self, job: Job, workspace: Workspace, press: Press) -> None:
        """Asks what the button says, as the person who pressed it. Whoever presses later is told that it is done."""
        parts = self._parts
        try:
            answer_id, number = choice_of(press.value)
        except ValueError:
            _log.warning("a choice came with a value that is none of ours")
            return
        kept = await self._kepts.of(workspace, press, answer_id)
        place = place_of(kept) if kept is not None else None
        answer = kept.answer if kept is not None else None
        if kept is None or place is None or answer is None or number > len(answer.choices):
            language = await parts.identities.language(workspace, press.user)
            await self._tell(workspace, press, text("sources.gone", language), language)
            return
        question, person = answer.choices[number - 1], person_key(workspace.key, press.user)
        # Before it is taken: a choice that could not be asked now can be pressed again.
        if problem := await problem_of(parts, job, person, question, answer.language):
            await self._tell(workspace, press, problem, answer.language)
            return
        if not await parts.jobs.claim(f"{job.kind}:{press.value}:{press.user}", job.id):
            return  # pressed twice in a hurry
        if not await parts.jobs.claim(f"{job.kind}:{answer_id}", job.id):
            await self._tell(workspace, press, text("choice.already", answer.language), answer.language)
            return
        _, channel, thread_ts = place
        await self._show_chosen(workspace, press, answer, number, is_alone=is_private(thread_ts))
        if not is_private(thread_ts):
            await self._threads.answer(job, workspace, question_by(press, channel, thread_ts, question, is_choice=True))
            return
        asked = PrivateQuestion(
            question, press.user, press.user_team or None, "" if channel == "home" else channel, is_choice=True
        )
        if press.is_modal:
            await self._private.show(job, workspace, asked, press.view_id)
        else:
            await self._private.respond(job, workspace, asked, press.response_url)

    async def _show_chosen(
        self, workspace: Workspace, press: Press, answer: Answer, number: int, *, is_alone: bool
    ) -> None:
        """In place of the buttons. Only an extra: the choice is asked without it, too."""
        user = None if is_alone or press.channel.startswith("D") else press.user
        answer_id, _ = choice_of(press.value)
        blocks = chosen_blocks(answer, answer_id, number, user, can_escalate=self._parts.can_escalate)
        words = chosen_text(answer, number, user)
        try:
            if press.is_modal:
                await workspace.client.views_update(view_id=press.view_id, view=waiting_view(answer.language))
            elif is_alone:
                payload = {"replace_original": True, "text": words, "blocks": blocks}
                await self._parts.workspaces.post(press.response_url, payload)
            else:
                await workspace.client.chat_update(
                    channel=press.channel, ts=press.message_ts, blocks=blocks, text=words
                )
        except SlackApiError as error:
            _log.info("what was chosen cannot be shown: %s", code_of(error))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.info("what was chosen cannot be shown: %s", type(error).__name__)

    async def _tell(self, workspace: Workspace, press: Press, words: str, language: str) -> None:
        if not press.is_modal:
            await self._buttons.tell(workspace, press, words)
            return
        try:
            await workspace.client.views_update(view_id=press.view_id, view=message_view(words, language))
        except SlackApiError as error:
            _log.info("a person could not be told: %s", code_of(error))
