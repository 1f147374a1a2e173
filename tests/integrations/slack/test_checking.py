"""``migdesk slack`` and what ``migdesk doctor`` says of Slack, as an operator runs them."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.conversations.store import Conversations
from integrations.cli import app
from integrations.slack.checking import Check, check
from integrations.slack.manifest import wanted
from integrations.slack.settings import SlackSettings, load_slack_settings
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_QUESTION
from tests.integrations.slack.office import Office, settings_for
from tests.integrations.slack.sending import event_body, message_event
from tests.integrations.slack.stand_in import Slack
from tests.integrations.slack.workspace import ANA, ANAS_DM, APP_TOKEN, BOT_TOKEN, EXPERTS, GUEST


async def checks(slack: Slack, conversations: Conversations, **settings: Any) -> dict[str, Check]:
    return {found.what: found for found in await check(settings_for(slack, **settings), conversations)}


async def test_all_is_well_once_everything_is_set_up(office: Office) -> None:
    office.slack.scopes = ",".join(wanted().scopes)
    await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
    found = await checks(office.slack, office.conversations)
    assert [name for name, one in found.items() if not one.well] == []
    assert "T0HOME" in found["Slack bot token"].detail
    assert "message" in found["Slack events"].detail and "app_mention" in found["Slack events"].advice


async def test_what_is_wrong_is_named_with_what_to_do(slack: Slack, conversations: Conversations) -> None:
    slack.channels[EXPERTS]["members"].append(GUEST)
    found = await checks(slack, conversations, app_token="xapp-wrong")
    assert "users:read" in found["Slack scopes"].detail and not found["Slack scopes"].well
    assert not found["Slack experts' channel"].well
    assert "connections:write" in found["Slack app-level token"].advice
    found = await checks(slack, conversations, bot_token="xoxb-wrong", signing_secret=None, app_token=None)
    assert "OAuth & Permissions" in found["Slack bot token"].advice
    assert "MIGDESK_SLACK_APP_TOKEN" in found["Slack settings"].advice
    many = {"bot_token": None, "client_id": "1.2", "client_secret": "s", "app_token": None}
    found = await checks(slack, conversations, **many)
    assert "MIGDESK_SLACK_HOME_TEAMS" in found["Slack staff"].advice


async def test_slack_that_cannot_be_reached_is_told_apart_from_a_wrong_token(conversations: Conversations) -> None:
    settings = SlackSettings(bot_token=BOT_TOKEN, app_token=APP_TOKEN, api_url="http://127.0.0.1:9/api/")  # type: ignore[arg-type]
    found = await check(settings, conversations)
    assert ["cannot be reached" in one.detail for one in found if "token" in one.what] == [True, True]


async def _migdesk(*arguments: str, slack: Slack | None = None, **more: str) -> asyncio.subprocess.Process:
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("MIGDESK_", "SLACK_"))}
    if slack is not None:
        variables |= {
            "MIGDESK_SLACK_BOT_TOKEN": BOT_TOKEN,
            "MIGDESK_SLACK_APP_TOKEN": APP_TOKEN,
            "MIGDESK_SLACK_API_URL": slack.api,
        }
    return await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("migdesk")),
        *arguments,
        env=variables | more,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_the_command_answers_until_it_is_ended(slack: Slack, notes: Path) -> None:
    """Started as an operator starts it; other settings of Slack libraries in the shell change nothing."""
    stray = {"SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2", "SLACK_BOT_TOKEN": "xoxb-stray"}
    process = await _migdesk("slack", "--data", str(notes), slack=slack, **stray)
    try:
        await slack.until(lambda: slack.connected == 1, "a connection", 60)
        asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
        await slack.send("events_api", event_body(message_event(asked)))
        await slack.until(lambda: any(a.state == "ended" for a in slack.answers(ANAS_DM, asked.ts)), "an answer", 60)
        process.send_signal(signal.SIGTERM)
        out, problems = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    assert out.decode().startswith("The desk answers on Slack in T0HOME") and out.decode().endswith("Ended.\n")
    assert [PUBLIC_ANSWER in answer.read for answer in slack.answers(ANAS_DM, asked.ts)] == [True]
    assert "Traceback" not in problems.decode() and "Tabanovce" not in problems.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"APP_TOKEN": ""}, "needs MIGDESK_SLACK_APP_TOKEN. Make the app from what `migdesk slack manifest` prints"),
        ({"APP_TOKEN": "xapp-wrong"}, "does not take MIGDESK_SLACK_APP_TOKEN"),
        ({"BOT_TOKEN": "xoxb-wrong"}, "does not take MIGDESK_SLACK_BOT_TOKEN"),
        ({"BOT_TOKEN": APP_TOKEN}, "begin with xoxb-"),
        ({"API_URL": "http://127.0.0.1:9/api/"}, "Slack cannot be reached"),
    ],
)
async def test_the_command_says_which_token_is_missing_or_wrong_before_it_loads_anything(
    slack: Slack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    values = {"BOT_TOKEN": BOT_TOKEN, "APP_TOKEN": APP_TOKEN, "API_URL": slack.api, **given}
    for name, value in values.items():
        monkeypatch.setenv(f"MIGDESK_SLACK_{name}", value)
    load_slack_settings.cache_clear()
    ran = await asyncio.to_thread(CliRunner().invoke, app, ["slack", "--data", str(tmp_path / "none")])
    load_slack_settings.cache_clear()
    assert ran.exit_code == 4 and said in ran.output
    assert not any(value and value in ran.output for name, value in values.items() if "TOKEN" in name)
    assert not (tmp_path / "none").exists()
