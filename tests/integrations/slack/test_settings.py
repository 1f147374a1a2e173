"""The settings of the Slack desk: what is wrong is named, and no secret is shown."""

import pytest
from cryptography.fernet import Fernet

from assistant.errors import InvalidSettings
from integrations.slack.settings import SlackSettings, load_slack_settings


@pytest.fixture(autouse=True)
def fresh() -> None:
    load_slack_settings.cache_clear()


def test_nothing_set_is_no_slack() -> None:
    settings = load_slack_settings()
    assert not settings.is_set
    assert settings.missing_for_socket() == ["MIGDESK_SLACK_BOT_TOKEN", "MIGDESK_SLACK_APP_TOKEN"]


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("MIGDESK_SLACK_BOT_TOKEN", "xapp-secret-1", "not a bot token.*xoxb-"),
        ("MIGDESK_SLACK_APP_TOKEN", "xoxb-secret-1", "not an app-level token.*xapp-"),
        ("MIGDESK_SLACK_ENCRYPTION_KEY", "secret-1", "make one with"),
        ("MIGDESK_SLACK_API_URL", "https://secret-1.example/api/", "only https://slack.com/api/"),
        ("MIGDESK_SLACK_API_URL", "http://secret-1.example@127.0.0.1.example/", "only https://slack.com/api/"),
        ("MIGDESK_SLACK_EXPERTS_CHANNEL", "#secret-1", "EXPERTS_CHANNEL"),
        ("MIGDESK_SLACK_HOME_TEAMS", '["secret-1"]', "such as T012AB3CD"),
    ],
)
def test_a_wrong_setting_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InvalidSettings, match=f"{variable}.*") as raised:
        load_slack_settings()
    import re

    assert re.search(said, str(raised.value))
    assert "secret-1" not in str(raised.value)


@pytest.mark.parametrize("address", ["http://127.0.0.1:4567", "http://127.0.0.1:4567/api/", "http://[::1]:9/api"])
def test_another_address_than_slacks_is_this_machine_only(address: str) -> None:
    assert SlackSettings(api_url=address).api_url.endswith("/")


@pytest.mark.parametrize("given", ["T012AB3CD,E045EF6GH", " T012AB3CD , E045EF6GH, "])
def test_our_workspaces_are_named_with_commas_between(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("MIGDESK_SLACK_HOME_TEAMS", given)
    assert load_slack_settings().home_teams == {"T012AB3CD", "E045EF6GH"}


def test_several_workspaces_need_a_key_to_keep_their_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIGDESK_SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("MIGDESK_SLACK_CLIENT_SECRET", "s")
    monkeypatch.setenv("MIGDESK_SLACK_SIGNING_SECRET", "s")
    assert load_slack_settings().missing_for_http() == ["MIGDESK_SLACK_ENCRYPTION_KEY"]
    load_slack_settings.cache_clear()
    monkeypatch.setenv("MIGDESK_SLACK_ENCRYPTION_KEY", Fernet.generate_key().decode())
    assert load_slack_settings().missing_for_http() == []
