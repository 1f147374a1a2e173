"""Slack's requests and what each of them sets off: listeners that acknowledge, and hand on what takes time."""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from integrations.slack import actions, service
from integrations.slack.answer_view import question_view
from integrations.slack.errors import NotInstalled
from integrations.slack.escalation_views import ask_view, reply_view
from integrations.slack.presses import Press, feedback_value_in, press_in, written_in
from integrations.slack.service import Service
from integrations.slack.sources_view import waiting_view
from integrations.slack.texts import text
from integrations.slack.workspaces import Workspace, code_of

Body = dict[str, Any]
_log = logging.getLogger("migdesk.slack")


def bolt_app(desk: Service) -> AsyncApp:
    """The application for either transport. Signatures are checked before it (see ``http``); who asks, and what they
    may see, is decided by ``identity`` and never taken from Bolt's context."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> Any:
        try:
            workspace = await desk.parts.workspaces.find(team_id, enterprise_id)
        except NotInstalled as error:
            _log.warning("a request is turned away: %s", error)
            return None
        return AuthorizeResult(
            enterprise_id=workspace.enterprise_id,
            team_id=workspace.team_id,
            bot_user_id=workspace.bot_user_id,
            bot_id=workspace.bot_id,
            bot_token=workspace.client.token,
        )

    app = AsyncApp(
        name="migdesk",
        logger=logging.getLogger("migdesk.slack.bolt"),
        client=desk.parts.workspaces.client(),
        before_authorize=_TakeEvents(desk),
        authorize=authorize,
        request_verification_enabled=False,
        signing_secret="checked before",
        attaching_conversation_kwargs_enabled=False,
    )
    _Listeners(desk).listen(app)
    return app


class _TakeEvents(AsyncMiddleware):
    """Events end here: written down, they are acknowledged without asking Slack for anything."""

    def __init__(self, desk: Service) -> None:
        self._desk = desk

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        if req.body.get("type") != "event_callback":
            return await next()
        try:
            await self._desk.incoming.take(req.body, self._desk.worker)
        except NotInstalled as error:
            _log.warning("an event is let go: %s", error)
        except Exception as error:  # not acknowledged, so that Slack sends it again
            _log.error("an event could not be written down: %s", type(error).__name__)
            return BoltResponse(status=503, body="")
        return BoltResponse(status=200, body="")


class _Listeners:
    def __init__(self, desk: Service) -> None:
        self._desk, self._parts = desk, desk.parts

    def listen(self, app: AsyncApp) -> None:
        # Whatever the command is called in this workspace: the app has one.
        app.command(re.compile(".*"))(self._ask)
        app.shortcut(actions.ASK_SHORTCUT)(self._ask_about_message)
        app.action(actions.FEEDBACK)(self._feedback)
        app.action(actions.SOURCES)(self._sources)
        app.action(actions.ESCALATE)(self._escalate)
        app.action(actions.EXPORT)(self._later(service.EXPORT))
        app.action(actions.EXPORT_PDF)(self._later(service.EXPORT_PDF))
        app.action(re.compile(f"^{actions.CHOOSE}_"))(self._later(service.CHOOSE))
        app.action(actions.RETRY)(self._later(service.RETRY))
        app.action(actions.CLAIM)(self._later(service.CLAIM))
        app.action(actions.REPLY)(self._reply)
        app.action(actions.HOME_ASK)(self._write_question)
        app.action(re.compile(f"^{actions.SUGGESTED}"))(self._suggested)
        app.view(actions.ESCALATE_VIEW)(self._sent_off(service.ESCALATE, actions.NOTE_BLOCK))
        app.view(actions.REPLY_VIEW)(self._sent_off(service.REPLY, actions.REPLY_BLOCK))
        app.view(actions.HOME_ASK_VIEW)(self._question_written)
        # Links and whatever a later version of Slack adds: an interaction without an answer shows an error.
        for unknown in (app.action, app.view, app.shortcut):
            unknown(re.compile(".*"))(self._only_acknowledge)
        app.error(self._failed)

    async def _ask(self, ack: AsyncAck, body: Body) -> None:
        question = str(body.get("text") or "")
        payload = {
            "text": question,
            "user": body.get("user_id"),
            "user_team": "",
            "channel": body.get("channel_id"),
            "response_url": body.get("response_url"),
            "team_id": body.get("team_id"),
            "enterprise_id": body.get("enterprise_id"),
        }
        key = f"command:{body.get('team_id')}:{body.get('trigger_id')}"
        await self._desk.worker.accept(key, service.COMMAND, payload)
        language = await self._parts.answering.language(question)
        if question.strip():
            await ack(text=text("status.searching", language), response_type="ephemeral")
        else:
            await ack()

    async def _ask_about_message(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        press = press_in(body)
        await self._answer_in_view(press, press.text)

    async def _feedback(self, ack: AsyncAck, body: Body) -> None:
        press = replace(press_in(body), value=feedback_value_in(body), text="")
        await self._desk.worker.accept(press.key, service.FEEDBACK, asdict(press))
        await ack()

    def _later(self, kind: str) -> Callable[..., Awaitable[None]]:
        async def pressed(ack: AsyncAck, body: Body) -> None:
            press = replace(press_in(body), text="")
            await self._desk.worker.accept(press.key, kind, asdict(press))
            await ack()

        return pressed

    def _sent_off(self, kind: str, block: str) -> Callable[..., Awaitable[None]]:
        async def sent_off(ack: AsyncAck, body: Body) -> None:
            press = replace(press_in(body), text=written_in(body, block, actions.INPUT))
            await self._desk.worker.accept(press.key, kind, asdict(press))
            await ack()

        return sent_off

    async def _sources(self, ack: AsyncAck, body: Body) -> None:
        """A window at once, since Slack's permission to open one lasts for seconds, and then what belongs into it."""
        await ack()
        press = press_in(body)
        workspace = await self._workspace(press)
        language = await self._parts.identities.language(workspace, press.user)
        view_id = await self._open(workspace, press, waiting_view(language))
        if view_id is not None:
            view = await self._desk.buttons.sources(workspace, press)
            await workspace.client.views_update(view_id=view_id, view=view)

    async def _escalate(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        press = press_in(body)
        workspace = await self._workspace(press)
        language = await self._parts.identities.language(workspace, press.user)
        if self._parts.can_escalate:
            await self._open(workspace, press, ask_view(press.value, language))
        else:
            await self._desk.buttons.tell(workspace, press, text("escalation.unavailable", language))

    async def _reply(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        press = press_in(body)
        workspace = await self._workspace(press)
        found = await self._desk.escalating.to_reply_to(workspace, press)
        if found is not None:
            escalation, outsiders = found
            await self._open(workspace, press, reply_view(escalation, outsiders=outsiders))

    async def _write_question(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        press = press_in(body)
        workspace = await self._workspace(press)
        await self._open(workspace, press, question_view(await self._parts.identities.language(workspace, press.user)))

    async def _suggested(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        press = press_in(body)
        await self._answer_in_view(press, press.value)

    async def _question_written(self, ack: AsyncAck, body: Body) -> None:
        """The window in which a question was written becomes the one with its answer."""
        press = press_in(body)
        workspace = await self._workspace(press)
        payload = self._in_view(press, press.view_id, written_in(body, actions.QUESTION_BLOCK, actions.INPUT))
        job = await self._parts.jobs.add(press.key, service.VIEW, payload)
        language = await self._parts.identities.language(workspace, press.user)
        await ack(response_action="update", view=waiting_view(language))
        if job is not None:
            self._desk.worker.begin(job)

    async def _answer_in_view(self, press: Press, question: str) -> None:
        workspace = await self._workspace(press)
        language = await self._parts.identities.language(workspace, press.user)
        view_id = await self._open(workspace, press, waiting_view(language))
        if view_id is not None:
            await self._desk.worker.accept(press.key, service.VIEW, self._in_view(press, view_id, question))

    def _in_view(self, press: Press, view_id: str, question: str) -> dict[str, Any]:
        return {
            "text": question,
            "user": press.user,
            "user_team": press.user_team,
            "channel": press.channel,
            "view_id": view_id,
            "team_id": press.team_id,
            "enterprise_id": press.enterprise_id,
        }

    async def _open(self, workspace: Workspace, press: Press, view: Body) -> str | None:
        """The id of the window, above the one it was opened from where there is one; None where it came too late."""
        open_view = workspace.client.views_push if press.is_modal else workspace.client.views_open
        try:
            response = await open_view(trigger_id=press.trigger_id, view=view)
        except SlackApiError as error:
            _log.warning("a window could not be opened: %s", code_of(error))
            return None
        opened = response.get("view") or {}
        return str(opened.get("id") or "") or None

    async def _workspace(self, press: Press) -> Workspace:
        return await self._parts.workspaces.find(press.team_id or None, press.enterprise_id or None)

    async def _only_acknowledge(self, ack: AsyncAck) -> None:
        await ack()

    async def _failed(self, error: Exception) -> None:
        """The error's own words may hold what a person wrote, so they are not logged."""
        name = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
        _log.error("an interaction failed: %s", name)
