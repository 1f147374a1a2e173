"""The desk at work against the stand-in: a real application under uvicorn, in the loop of the test, and how it is used
as a person would use it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import uvicorn
from fastapi import FastAPI

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from integrations.slack.http import events_router
from integrations.slack.oauth import oauth_router
from integrations.slack.running import SlackOverHttp
from integrations.slack.service import Service
from integrations.slack.settings import SlackSettings
from tests.integrations.slack import workspace
from tests.integrations.slack.sending import as_form, event_body, message_event, press, signed
from tests.integrations.slack.stand_in import Slack
from tests.integrations.slack.workspace import Message


def settings_for(slack: Slack, **more: Any) -> SlackSettings:
    given = {
        "bot_token": workspace.BOT_TOKEN,
        "app_token": workspace.APP_TOKEN,
        "signing_secret": workspace.SIGNING_SECRET,
        "experts_channel": workspace.EXPERTS,
        "api_url": slack.api,
    }
    return SlackSettings(**{**given, **more})


@dataclass
class Office:
    """The desk over HTTP. ``slept``: how long it waited each time Slack told it to."""

    slack: Slack
    http: aiohttp.ClientSession
    address: str
    over_http: SlackOverHttp
    conversations: Conversations
    slept: list[float]

    @property
    def service(self) -> Service:
        assert self.over_http.service is not None
        return self.over_http.service

    async def post(self, body: bytes, headers: Mapping[str, str], kind: str = "application/json") -> tuple[int, str]:
        """Whatever bytes; status and text of what comes back."""
        sent = {"Content-Type": kind, **headers}
        async with self.http.post(f"{self.address}/slack/events", data=body, headers=sent) as response:
            return response.status, await response.text()

    async def event(self, body: Mapping[str, Any], **headers: str) -> int:
        import json

        raw = json.dumps(body).encode()
        status, _ = await self.post(raw, {**signed(raw), **headers})
        return status

    async def interact(self, payload: Mapping[str, Any]) -> tuple[int, str]:
        raw = as_form(payload)
        return await self.post(raw, signed(raw), "application/x-www-form-urlencoded")

    async def settled(self) -> None:
        """Until all that was taken in is done."""
        await asyncio.wait_for(self.service.worker.idle(), 30)

    async def says(self, user: str, where: str, text: str, thread_ts: str | None = None, **more: Any) -> Message:
        """A person writes, Slack tells the desk, and the desk does what it does. ``more``: into the event's body."""
        message = self.slack.write(user, where, text, thread_ts)
        assert await self.event(event_body(message_event(message), **more)) == 200
        await self.settled()
        return message

    async def answer_to(self, message: Message) -> Message:
        """The one answer that a person sees under their message."""
        answers = self.slack.answers(message.channel, message.thread_ts or message.ts)
        assert len(answers) == 1, [answer.read for answer in answers]
        return answers[0]

    async def presses(self, action_id: str, message: Message, user: str = workspace.ANA, **more: Any) -> None:
        value = workspace.buttons_of(message.blocks)[action_id]
        status, _ = await self.interact(press(action_id, value, message, user, **more))
        assert status == 200
        await self.settled()


@asynccontextmanager
async def office_of(slack: Slack, desk: Desk, conversations: Conversations, **settings: Any) -> AsyncIterator[Office]:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    over_http = SlackOverHttp(
        desk, conversations, settings_for(slack, **settings), sleep=sleep, flush_seconds=0.0, sweep_seconds=0.05
    )
    application = FastAPI(lifespan=lambda _: over_http.running())
    application.include_router(events_router(over_http))
    application.include_router(oauth_router(over_http))
    async with serving_here(application) as address, aiohttp.ClientSession() as http:
        yield Office(slack, http, address, over_http, conversations, slept)


@asynccontextmanager
async def serving_here(application: FastAPI) -> AsyncIterator[str]:
    """Under uvicorn, in this very loop."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application, log_config=None, log_level="warning", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve([listening]))
    try:
        while not server.started:
            assert not running.done(), running
            await asyncio.sleep(0.005)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listening.close()
