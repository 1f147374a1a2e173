"""The manifest: what Slack is asked for, and that it is the same everywhere."""

from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from integrations.cli import app
from integrations.slack.actions import ASK_SHORTCUT
from integrations.slack.manifest import EVENTS_PATH, REDIRECT_PATH, manifest_text, wanted

SCOPES = (
    "app_mentions:read assistant:write chat:write commands files:write im:history im:read im:write channels:history "
    "groups:history mpim:history channels:read groups:read mpim:read users:read"
)
EVENTS = (
    "app_mention message.im message.channels message.groups message.mpim member_joined_channel app_home_opened "
    "app_context_changed agent_session_stopped app_uninstalled tokens_revoked"
)


def _manifest(address: str | None = None) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(manifest_text(address))
    return loaded


def test_slack_is_asked_for_what_the_desk_needs_and_no_more() -> None:
    """No addresses of people (users:read.email): nothing of the desk reads them. Whoever joins a channel is told of, so
    that a guest counts with the next question."""
    assert wanted().scopes == set(SCOPES.split())
    assert wanted().events == set(EVENTS.split())
    assert "user" not in _manifest()["oauth_config"]["scopes"]


def test_people_meet_an_agent_with_a_home_a_command_and_a_shortcut() -> None:
    features = _manifest()["features"]

    assert len(features["agent_view"]["agent_description"]) <= 300
    assert 1 <= len(features["agent_view"]["suggested_prompts"]) <= 4
    assert "assistant_view" not in features
    assert features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert [command["command"] for command in features["slash_commands"]] == ["/ask"]
    assert [(shortcut["type"], shortcut["callback_id"]) for shortcut in features["shortcuts"]] == [
        ("message", ASK_SHORTCUT)
    ]
    assert len(features["shortcuts"][0]["name"]) <= 24
    assert len(_manifest()["display_information"]["description"]) <= 140


def test_socket_mode_needs_no_address_and_http_names_each() -> None:
    assert _manifest()["settings"]["socket_mode_enabled"] is True
    assert "url" not in manifest_text().replace("--url", "")

    over_http = _manifest("https://desk.example.org/")
    events = "https://desk.example.org" + EVENTS_PATH
    assert over_http["settings"]["socket_mode_enabled"] is False
    assert over_http["settings"]["event_subscriptions"]["request_url"] == events
    assert over_http["settings"]["interactivity"] == {"is_enabled": True, "request_url": events}
    assert over_http["features"]["slash_commands"][0]["url"] == events
    assert over_http["oauth_config"]["redirect_urls"] == ["https://desk.example.org" + REDIRECT_PATH]
    assert over_http["oauth_config"]["scopes"] == _manifest()["oauth_config"]["scopes"]


@pytest.mark.parametrize(
    "address", ["desk.example.org", "http://desk.example.org", "https://", "https://a@b.example", ""]
)
def test_an_address_that_slack_cannot_reach_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(ValueError, match=r"such as https://desk\.example\.org"):
        manifest_text(address)


def test_the_command_prints_what_is_pasted_and_refuses_what_slack_would() -> None:
    run = CliRunner().invoke
    assert run(app, ["slack", "manifest"]).output == manifest_text()
    address = "https://desk.example.org"
    assert run(app, ["slack", "manifest", "--url", address]).output == manifest_text(address)
    refused = run(app, ["slack", "manifest", "--url", "desk.example.org"], env={"COLUMNS": "200"})
    assert refused.exit_code == 2 and "such as https://desk.example.org" in refused.output
