"""What an operator sets: checked once, wrong values named and never shown, the key in no text."""

from pathlib import Path
from typing import Any

import pytest
from langsmith.utils import get_env_var, tracing_is_enabled

from assistant.build import build_desk, build_embedder
from assistant.errors import InvalidSettings
from assistant.settings import Limits, ModelSettings, Settings, load_settings
from knowledge.errors import StoreEmpty
from tests.assistant.documents import embedder

_SECRET = "sk-very-secret-7391"


def _load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    load_settings.cache_clear()
    return load_settings()


def test_nothing_set_means_local_without_a_model() -> None:
    settings = load_settings()

    assert (settings.data, settings.embedder) == (Path(".migdesk"), "local")
    assert settings.model_settings() is None


def test_the_limits_are_the_promised_ones() -> None:
    assert load_settings().limits == Limits(first_token_seconds=20, idle_seconds=15, total_seconds=90, calls=3)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(
        monkeypatch,
        MIGDESK_DATA="/srv/desk",
        MIGDESK_MODEL="large",
        OPENAI_API_KEY=_SECRET,
        OPENAI_BASE_URL="http://127.0.0.1:1/v1",
        MIGDESK_LIMITS='{"calls": 2}',
    )

    assert settings.data == Path("/srv/desk")
    assert settings.model_settings() == ModelSettings(model="large", api_key=_SECRET, base_url="http://127.0.0.1:1/v1")
    assert settings.limits.calls == 2


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MIGDESK_CHROMA_URL", "secret-host:8000"),
        ("MIGDESK_CHROMA_URL", "file:///secret-host"),
        ("MIGDESK_EMBEDDING_DIMENSIONS", "secret-number"),
        ("MIGDESK_EMBEDDING_DIMENSIONS", "0"),
        ("OPENAI_BASE_URL", "secret-host/v1"),
        ("MIGDESK_LIMITS", '{"calls": "secret-many"}'),
        ("MIGDESK_LIMITS", "secret-{not-json"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    with pytest.raises(InvalidSettings) as raised:
        _load(monkeypatch, **{variable: value})

    assert variable in str(raised.value)
    assert value not in str(raised.value)
    assert "secret" not in str(raised.value)


def test_every_wrong_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSettings) as raised:
        _load(monkeypatch, MIGDESK_CHROMA_URL="nowhere", OPENAI_BASE_URL="nowhere", MIGDESK_EMBEDDING_DIMENSIONS="few")

    assert all(
        name in str(raised.value) for name in ("MIGDESK_CHROMA_URL", "OPENAI_BASE_URL", "MIGDESK_EMBEDDING_DIMENSIONS")
    )


@pytest.mark.parametrize("variables", [{}, {"OPENAI_API_KEY": ""}])
def test_a_model_without_key_and_endpoint_is_a_mistake_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    settings = _load(monkeypatch, MIGDESK_MODEL="large", **variables)

    with pytest.raises(InvalidSettings, match=r"large.*OPENAI_API_KEY.*OPENAI_BASE_URL.*--no-model"):
        settings.model_settings()


def test_a_model_named_by_the_caller_goes_before_the_set_one(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(monkeypatch, MIGDESK_MODEL="large", OPENAI_API_KEY=_SECRET)

    assert settings.model_settings("small") == ModelSettings(model="small", api_key=_SECRET)


def test_an_endpoint_alone_is_enough_for_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(monkeypatch, MIGDESK_MODEL="large", OPENAI_BASE_URL="http://127.0.0.1:1/v1")

    assert settings.model_settings() == ModelSettings(model="large", base_url="http://127.0.0.1:1/v1")


def test_no_text_of_the_settings_shows_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(monkeypatch, MIGDESK_MODEL="large", OPENAI_API_KEY=_SECRET)
    model = settings.model_settings()

    for shown in (settings, model):
        assert _SECRET not in f"{shown!r} {shown!s}"
    assert _SECRET not in settings.model_dump_json()


def test_an_embedder_of_an_endpoint_without_key_and_endpoint_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(monkeypatch, MIGDESK_EMBEDDER="text-embedding-large")

    with pytest.raises(InvalidSettings, match=r"text-embedding-large.*OPENAI_API_KEY.*MIGDESK_EMBEDDER"):
        build_embedder(settings)


def test_a_desk_on_an_empty_directory_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreEmpty, match="migdesk ingest"):
        build_desk(Settings(), data=tmp_path, embedder=embedder())


def _forget_the_environment() -> None:
    """LangSmith remembers each variable from its first look on."""
    remembering: Any = get_env_var
    remembering.cache_clear()


@pytest.mark.parametrize("name", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"])
def test_questions_are_traced_to_no_third_party_whatever_the_shell_has_switched_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, "true")
    _forget_the_environment()
    assert tracing_is_enabled()
    _forget_the_environment()
    with pytest.raises(StoreEmpty):
        build_desk(Settings(), data=tmp_path, embedder=embedder())

    assert not tracing_is_enabled()
    _forget_the_environment()


def test_a_contact_is_one_line_and_unset_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().contact is None
    load_settings.cache_clear()
    monkeypatch.setenv("MIGDESK_CONTACT", "migration@office.example, weekdays")
    assert load_settings().contact == "migration@office.example, weekdays"
    load_settings.cache_clear()
    monkeypatch.setenv("MIGDESK_CONTACT", "one\ntwo")
    with pytest.raises(InvalidSettings, match="MIGDESK_CONTACT"):
        load_settings()
