"""What comes over HTTP: only what Slack signed, lately, in a form that Slack uses. And it is acknowledged quickly."""

import json
import time
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.desk import Desk
from assistant.errors import InvalidSettings
from integrations.server import create_app
from integrations.settings import ServerSettings
from integrations.slack.http import MOST_BYTES, events_router, payload_of
from integrations.slack.running import SlackOverHttp
from integrations.slack.settings import SlackSettings
from knowledge.base import open_base
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_QUESTION
from tests.integrations.slack.office import Office, serving_here, settings_for
from tests.integrations.slack.sending import as_form, event_body, message_event, press, signed
from tests.integrations.slack.stand_in import Slack
from tests.integrations.slack.workspace import ANA, ANAS_DM


def _event(office: Office) -> bytes:
    return json.dumps(event_body(message_event(office.slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)))).encode()


async def test_forged_stale_and_unsigned_requests_are_refused_and_do_nothing(office: Office) -> None:
    raw = _event(office)
    good = signed(raw)
    stamp = good["X-Slack-Request-Timestamp"]
    refused: list[dict[str, str]] = [
        {},
        {"X-Slack-Request-Timestamp": stamp},
        {"X-Slack-Signature": good["X-Slack-Signature"]},
        {**good, "X-Slack-Signature": "v0=" + "0" * 64},
        {**good, "X-Slack-Signature": ""},
        {**good, "X-Slack-Request-Timestamp": str(int(stamp) + 1)},
        {**good, "X-Slack-Request-Timestamp": "soon"},
        {**good, "X-Slack-Request-Timestamp": "1e9"},
        {**good, "X-Slack-Request-Timestamp": "9" * 400},
        {**good, "X-Slack-Request-Timestamp": "-1"},
        signed(raw, "another secret"),
        signed(raw, timestamp=int(time.time()) - 301),
        signed(raw, timestamp=int(time.time()) + 400),
        signed(raw + b" "),
    ]
    for headers in refused:
        assert (await office.post(raw, headers))[0] == 401, headers
    await office.settled()
    assert [message.text for message in office.slack.messages[ANAS_DM]] == [PUBLIC_QUESTION]
    assert (await office.post(raw, good))[0] == 200


async def test_a_request_that_is_replayed_within_its_five_minutes_does_nothing_more(office: Office) -> None:
    raw = _event(office)
    headers = signed(raw)
    for _ in range(3):
        assert (await office.post(raw, headers))[0] == 200
        await office.settled()
    asked = office.slack.messages[ANAS_DM][0]
    answer = await office.answer_to(asked)
    from integrations.slack import actions
    from tests.integrations.slack.workspace import buttons_of

    pressed = as_form(press(actions.EXPORT, buttons_of(answer.blocks)[actions.EXPORT], answer))
    headers = signed(pressed)
    for _ in range(3):
        await office.post(pressed, headers, "application/x-www-form-urlencoded")
        await office.settled()
    assert len(office.slack.called("files.completeUploadExternal")) == 1


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'"event"', "application/json"),
        (b"\xff\xfe\x00", "application/json"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"payload=%FF", "application/x-www-form-urlencoded"),
        (b"payload=[]", "application/x-www-form-urlencoded"),
        (b"[" * 100_000, "application/json"),
        (b'{"team": 5, "enterprise": 7, "authorizations": [3]}', "application/json"),
    ],
)
async def test_what_is_signed_and_malformed_is_a_bad_request_and_never_a_failure(
    office: Office, raw: bytes, kind: str
) -> None:
    assert (await office.post(raw, signed(raw), kind))[0] in (400, 401)


async def test_events_of_odd_shapes_are_acknowledged_and_do_no_harm(office: Office) -> None:
    odd: list[Any] = [
        None,
        7,
        [],
        {},
        {"type": None},
        {"type": "message"},
        {"type": "message", "user": 3, "channel": [], "ts": {}},
        {"type": "message", "user": ANA, "channel": ANAS_DM, "ts": "1.1", "text": None},
        {"type": "app_home_opened"},
        {"type": "something_new", "user": ANA},
        {"type": "app_context_changed", "user": ANA, "context": {}},
        {"type": "agent_session_stopped"},
        {"type": "message", "subtype": "message_deleted"},
    ]
    for event in odd:
        raw = json.dumps({**event_body({}), "event": event}).encode()
        assert (await office.post(raw, signed(raw)))[0] in (200, 400), event
    await office.settled()
    assert len((await office.answer_to(await office.says(ANA, ANAS_DM, PUBLIC_QUESTION))).read) > 10


async def test_too_much_is_refused_before_it_is_read_and_other_kinds_are_not_taken(office: Office) -> None:
    big = b"x" * (MOST_BYTES + 1)
    assert (await office.post(big, signed(big)))[0] == 413
    assert (await office.post(b"{}", signed(b"{}"), "text/plain"))[0] == 415


async def test_slack_can_check_the_address_and_its_certificate(office: Office) -> None:
    raw = b'{"type": "url_verification", "challenge": "3eZbrw1a"}'
    assert await office.post(raw, signed(raw)) == (200, '{"challenge": "3eZbrw1a"}')
    form = b"ssl_check=1&token=x"
    assert (await office.post(form, signed(form), "application/x-www-form-urlencoded"))[0] == 200


async def test_an_interaction_that_nobody_knows_is_acknowledged(office: Office) -> None:
    message = office.slack.write(ANA, ANAS_DM, "Hello")
    assert (await office.interact(press("of_another_version", "", message)))[0] == 200


async def test_a_workspace_that_the_token_is_not_of_gets_nothing(office: Office) -> None:
    asked = office.slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    body = event_body(message_event(asked), team_id="T0ELSE", authorizations=[{"team_id": "T0ELSE"}])
    assert await office.event(body) == 200
    await office.settled()
    assert office.slack.answers(ANAS_DM, asked.ts) == []


async def test_it_is_served_by_the_same_application_as_the_web_page(
    slack: Slack, notes: Any, embedder: Any, conversations: Any
) -> None:
    desk = Desk(open_base(notes, embedder), embedder.name)
    over_http = SlackOverHttp(desk, conversations, settings_for(slack), flush_seconds=0.0)
    application = create_app(desk, ServerSettings(), conversations, over_http)
    asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    raw = json.dumps(event_body(message_event(asked))).encode()
    async with serving_here(application) as address, aiohttp.ClientSession() as http:
        headers = {**signed(raw), "Content-Type": "application/json"}
        async with http.post(f"{address}/slack/events", data=raw, headers=headers) as response:
            assert response.status == 200
        async with http.get(f"{address}/healthz") as response:
            assert response.status == 200
        async with http.get(f"{address}/openapi.json") as response:
            assert "/slack/events" not in await response.text()
        # What was acknowledged is answered before the application ends.
    assert [PUBLIC_ANSWER in answer.read for answer in slack.answers(ANAS_DM, asked.ts)] == [True]


def test_without_a_signing_secret_nothing_is_served() -> None:
    settings = SlackSettings(bot_token="xoxb-1", signing_secret=" ")  # type: ignore[arg-type]
    desk: Any = None
    with pytest.raises(InvalidSettings, match="MIGDESK_SLACK_SIGNING_SECRET"):
        events_router(SlackOverHttp(desk, desk, settings))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["application/json", "application/x-www-form-urlencoded"]))
def test_no_body_breaks_the_reading_of_bodies(raw: bytes, kind: str) -> None:
    found = payload_of(raw, kind)
    assert found is None or isinstance(found, dict)


def test_a_form_whose_text_speaks_of_a_payload_is_still_a_command() -> None:
    assert payload_of(b"command=%2Fask&text=what+is+a+payload", "application/x-www-form-urlencoded") == {
        "command": "/ask",
        "text": "what is a payload",
    }
