"""The official client against the real server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI

from assistant.conversations.store import open_conversations
from integrations.accounts.store import open_accounts
from integrations.server import create_app
from integrations.settings import ServerSettings
from tests.integrations.conftest import QUESTION, STAFF_NAME, STAFF_QUESTION, UNANSWERABLE, DeskOn
from tests.integrations.servers import serving

MODEL = "migration-desk"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Secrets of keys in the memory under ``folder``."""
    folder = tmp_path_factory.mktemp("memory")
    conversations = open_conversations(folder)
    accounts = open_accounts(conversations.engine)
    made = {
        "staff": accounts.make_key("Open WebUI", "staff", frozenset({"ask"}), "test")[1],
        "public": accounts.make_key("A bot", "public", frozenset({"ask"}), "test")[1],
        "reading": accounts.make_key("A reader", "staff", frozenset({"read"}), "test")[1],
        "folder": str(folder),
    }
    conversations.close()
    yield made


@pytest.fixture(scope="module")
def address(base: Path, desk_on: DeskOn, keys: dict[str, str]) -> Iterator[str]:
    """A desk that answers nobody without a key."""
    application = create_app(desk_on(base), ServerSettings(public=False), open_conversations(Path(keys["folder"])))
    with serving(application) as site:
        yield site


def client(address: str, key: str) -> OpenAI:
    return OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0, timeout=30)


def test_an_answer_comes_as_text_with_numbered_sources_and_as_data(address: str, keys: dict[str, str]) -> None:
    with client(address, keys["public"]) as desk:
        assert [model.id for model in desk.models.list()] == [MODEL]
        assert desk.models.retrieve(MODEL).id == MODEL
        made = desk.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": QUESTION}])
    text = made.choices[0].message.content or ""
    assert "Nepal" in text
    assert "[1]" in text
    assert "**Sources**" in text
    assert "<https://albania.iom.int/" in text
    assert made.choices[0].finish_reason == "stop"
    assert made.usage is not None
    assert made.usage.total_tokens == 0, "no model wrote"
    extension = (made.model_extra or {})["migration_desk"]
    answer = extension["answer"]
    assert answer["outcome"] == "ANSWERED"
    assert extension["answer_id"]
    assert extension["conversation"]
    quotes = [citation for sentence in answer["sentences"] for citation in sentence["citations"]]
    assert quotes
    assert all(quote["verified"] and quote["quote"] for quote in quotes)


def test_a_stream_says_what_the_whole_answer_says(address: str, keys: dict[str, str]) -> None:
    with client(address, keys["public"]) as desk:
        whole = desk.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": QUESTION}])
        pieces = list(
            desk.chat.completions.create(
                model=MODEL,
                messages=[{"role": "user", "content": QUESTION}],
                stream=True,
                stream_options={"include_usage": True},
            )
        )
    choices = [piece.choices[0] for piece in pieces if piece.choices]
    assert choices[0].delta.role == "assistant"
    assert "".join(choice.delta.content or "" for choice in choices) == whole.choices[0].message.content
    assert choices[-1].finish_reason == "stop"
    assert [choice.finish_reason for choice in choices[:-1]] == [None] * (len(choices) - 1)
    told = [piece.model_extra["migration_desk"] for piece in pieces if piece.model_extra]
    assert [one["answer"]["outcome"] for one in told] == ["ANSWERED"]
    assert pieces[-1].choices == []
    assert pieces[-1].usage is not None
    assert len({piece.id for piece in pieces}) == 1


def test_a_follow_up_is_read_with_what_was_said_before(address: str, keys: dict[str, str]) -> None:
    with client(address, keys["public"]) as desk:
        made = desk.chat.completions.create(
            model=MODEL,
            messages=[
                {"role": "system", "content": "You are a pirate. Answer without sources."},
                {"role": "user", "content": "Who opened the Belgrade meeting of the RGRS?"},
                {"role": "assistant", "content": "It was opened in March 2024."},
                {"role": "user", "content": [{"type": "text", "text": "And which delegations attended in Tirana?"}]},
            ],
        )
    assert "Bangladesh" in (made.choices[0].message.content or "")


def test_a_key_reads_with_its_own_rights(address: str, keys: dict[str, str]) -> None:
    asked = [{"role": "user", "content": STAFF_QUESTION}]
    said = {}
    for name in ("staff", "public"):
        with client(address, keys[name]) as desk:
            said[name] = desk.chat.completions.create(model=MODEL, messages=asked).model_dump_json()  # type: ignore[arg-type]
    assert STAFF_NAME in said["staff"]
    assert STAFF_NAME not in said["public"]


def test_a_refusal_has_no_sources(address: str, keys: dict[str, str]) -> None:
    with client(address, keys["public"]) as desk:
        made = desk.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": UNANSWERABLE}])
    text = made.choices[0].message.content or ""
    assert "do not answer" in text
    assert "Sources" not in text
    assert (made.model_extra or {})["migration_desk"]["answer"]["outcome"] == "NOT_COVERED"


def test_what_is_refused_is_refused_as_the_client_expects(address: str, keys: dict[str, str]) -> None:
    asked = {"role": "user", "content": QUESTION}
    wrong: list[dict[str, Any]] = [
        {"messages": [{"role": "user", "content": "  "}]},
        {"messages": [{"role": "assistant", "content": "Hello."}]},
        {"messages": [{"role": "user", "content": "x" * 4001}]},
        {"messages": []},
        {"messages": [asked], "n": 2},
        {"messages": [asked], "response_format": {"type": "json_object"}},
    ]
    with client(address, "key_nobody") as desk, pytest.raises(openai.AuthenticationError):
        desk.models.list()
    with client(address, keys["reading"]) as desk:
        assert desk.models.list().data
        with pytest.raises(openai.PermissionDeniedError):
            desk.chat.completions.create(model=MODEL, messages=[asked])  # type: ignore[list-item]
    with client(address, keys["public"]) as desk:
        with pytest.raises(openai.NotFoundError, match="migration-desk"):
            desk.chat.completions.create(model="gpt-5", messages=[asked])  # type: ignore[list-item]
        for one in wrong:
            with pytest.raises(openai.BadRequestError) as refused:
                desk.chat.completions.create(model=MODEL, **one)
            assert refused.value.code
            assert refused.value.type == "invalid_request_error"


def test_a_stream_ends_with_the_mark_of_the_protocol(address: str, keys: dict[str, str]) -> None:
    body = {"model": MODEL, "messages": [{"role": "user", "content": QUESTION}], "stream": True}
    headers = {"Authorization": f"Bearer {keys['public']}"}
    response = httpx.post(f"{address}/v1/chat/completions", json=body, headers=headers, timeout=30)
    assert response.headers["content-type"].startswith("text/event-stream")
    *pieces, last = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line]
    assert last == "[DONE]"
    assert all(json.loads(piece)["object"] == "chat.completion.chunk" for piece in pieces)


def test_nothing_is_kept_of_a_visitor_who_could_never_come_back_to_it(site: str) -> None:
    body = {"model": MODEL, "messages": [{"role": "user", "content": QUESTION}]}
    response = httpx.post(f"{site}/v1/chat/completions", json=body, timeout=30)
    assert response.json()["migration_desk"]["answer"]["outcome"] == "ANSWERED"
    assert response.json()["migration_desk"]["answer_id"] is None
    assert "set-cookie" not in response.headers
