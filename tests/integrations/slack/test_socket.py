"""Socket Mode: two tokens and no address. Connections end and come again, and nothing that was sent is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from assistant.errors import InvalidSettings
from integrations.slack.app import bolt_app
from integrations.slack.running import over_socket
from integrations.slack.service import Service
from integrations.slack.socket import Socket
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_QUESTION
from tests.integrations.slack.office import settings_for
from tests.integrations.slack.sending import event_body, message_event, trigger
from tests.integrations.slack.stand_in import Slack
from tests.integrations.slack.workspace import ANA, ANAS_DM


@asynccontextmanager
async def connected(slack: Slack, desk: Desk, conversations: Conversations) -> AsyncIterator[Service]:
    service = Service(desk, conversations, settings_for(slack), flush_seconds=0.0, sweep_seconds=0.05)
    assert service.settings.app_token is not None
    socket = Socket(service.settings.app_token, bolt_app(service), ping_seconds=0.1)
    service.start()
    await asyncio.wait_for(socket.open(), 20)
    await slack.until(lambda: slack.connected == 1, "a connection")
    yield service
    await socket.close()
    await service.close()


async def test_a_question_is_acknowledged_and_answered(slack: Slack, desk: Desk, conversations: Conversations) -> None:
    async with over_socket(desk, conversations, settings_for(slack)) as workspace:
        assert workspace.team_id == "T0HOME"
        asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
        envelope = await slack.send("events_api", event_body(message_event(asked)))
        await slack.until(lambda: envelope in slack.acknowledged, "an acknowledgement")
        await slack.until(lambda: any(a.state == "ended" for a in slack.answers(ANAS_DM, asked.ts)), "an answer")
    assert [PUBLIC_ANSWER in answer.read for answer in slack.answers(ANAS_DM, asked.ts)] == [True]


@pytest.mark.parametrize("how", ["asked", "torn"])
async def test_a_connection_that_ends_is_renewed_and_what_comes_again_is_answered_once(
    slack: Slack, desk: Desk, conversations: Conversations, how: str
) -> None:
    async with connected(slack, desk, conversations) as service:
        asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
        body = event_body(message_event(asked))
        await slack.send("events_api", body)
        await slack.until(lambda: len(slack.acknowledged) == 1, "an acknowledgement")
        if how == "asked":
            await slack.disconnect()
        else:
            await slack.connections[-1].close()
        await slack.until(lambda: slack.connected == 2, "another connection")
        # Slack cannot tell whether the first was heard, so it sends it again.
        await slack.send("events_api", body, retry_attempt=1, retry_reason="timeout")
        await slack.until(lambda: len(slack.acknowledged) == 2, "another acknowledgement")
        later = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
        await slack.send("events_api", event_body(message_event(later)))
        await slack.until(lambda: len(slack.acknowledged) == 3, "an acknowledgement")
        await asyncio.wait_for(service.worker.idle(), 20)
    for message in (asked, later):
        assert [PUBLIC_ANSWER in answer.read for answer in slack.answers(ANAS_DM, message.ts)] == [True]


async def test_a_connection_that_is_refused_is_tried_with_a_new_address_and_told_without_its_ticket(
    slack: Slack,
    desk: Desk,
    conversations: Conversations,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("integrations.slack.socket._ADDRESS_SECONDS", 0.05)
    slack.fail("link", "refused", times=2)
    async with connected(slack, desk, conversations):
        assert len(slack.called("apps.connections.open")) >= 3
    assert "Failed to connect" in caplog.text and "Retrying" in caplog.text
    assert "ticket" not in caplog.text and "Traceback" not in caplog.text


async def test_a_command_gets_its_answer_with_the_acknowledgement_and_after_it(
    slack: Slack, desk: Desk, conversations: Conversations
) -> None:
    async with connected(slack, desk, conversations):
        command = {
            "command": "/ask",
            "text": PUBLIC_QUESTION,
            "user_id": ANA,
            "team_id": "T0HOME",
            "channel_id": "C0ELSEWHERE",
            "trigger_id": trigger(),
            "response_url": f"{slack.address}/hooks/1",
        }
        await slack.send("slash_commands", command)
        await slack.until(lambda: bool(slack.hooks["1"]), "an answer")
        assert PUBLIC_ANSWER in str(slack.hooks["1"])


async def test_a_wrong_token_is_named_with_what_to_do_and_not_tried_for_ever(
    slack: Slack, desk: Desk, conversations: Conversations
) -> None:
    for wrong, said in (
        ({"bot_token": "xoxb-wrong"}, "MIGDESK_SLACK_BOT_TOKEN.*OAuth & Permissions"),
        ({"app_token": "xapp-wrong"}, "MIGDESK_SLACK_APP_TOKEN.*connections:write"),
    ):
        with pytest.raises(InvalidSettings, match=said) as raised:
            async with over_socket(desk, conversations, settings_for(slack, **wrong)):
                raise AssertionError("connected with a wrong token")
        assert "wrong" not in str(raised.value).replace("wrong token", "")
    slack.fail("apps.connections.open", "missing_scope")
    with pytest.raises(InvalidSettings, match="lacks the scope connections:write"):
        async with over_socket(desk, conversations, settings_for(slack)):
            raise AssertionError("connected without the scope")
