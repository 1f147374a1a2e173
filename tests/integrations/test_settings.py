"""What an operator sets of the server, and how a mistake is told."""

from collections.abc import Iterator

import pytest

from assistant.errors import InvalidSettings
from integrations.settings import load_server_settings


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    load_server_settings.cache_clear()
    yield
    load_server_settings.cache_clear()


def test_unset_the_desk_is_served_to_this_machine_only() -> None:
    settings = load_server_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_each_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIGDESK_PORT", "70000")
    monkeypatch.setenv("MIGDESK_CONCURRENT_ANSWERS", "none")
    with pytest.raises(InvalidSettings, match=r"MIGDESK_PORT: .*MIGDESK_CONCURRENT_ANSWERS: "):
        load_server_settings()
