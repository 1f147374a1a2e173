"""A quote of one's own answer, translated by the desk's model: nothing else is, and nothing unfit is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.chain import ChatModel
from assistant.desk import Desk
from assistant.settings import Limits, ModelSettings
from knowledge.base import open_base
from knowledge.embedding import Embedder
from tests.fakes import MODEL, ModelServer, Reply, error, lines
from tests.integrations.conftest import SMALL_QUESTION
from tests.integrations.servers import KEY, unhurried
from tests.integrations.web.api.conftest import Kept, Person, kept_house

SAYS = "The border post at Tabanovce is open all night and on holidays too. [1]"
SERBIAN = "Granični prelaz Tabanovce otvoren je celu noć, kao i praznikom."


@contextmanager
def translating(small_base: Path, embedder: Embedder, *replies: Reply, **settings: Any) -> Iterator[Kept]:
    """A desk whose model first answers and then replies this."""
    limits = Limits(first_token_seconds=30, idle_seconds=30)
    with ModelServer(lines(SAYS), *replies) as model:
        chat = ChatModel(ModelSettings(model=MODEL, api_key=KEY, base_url=model.base_url), limits)
        desk = Desk(open_base(small_base, embedder), embedder.name, chat, limits)
        with kept_house(desk, unhurried(**settings)) as kept:
            yield kept


def asked(ana: Person) -> tuple[str, dict[str, Any]]:
    """Where to ask for the translation of an answer's quote, and how."""
    answered = ana.ask(SMALL_QUESTION)
    citation = answered["sentences"][0]["citations"][0]
    place = {"passage_id": citation["passage_id"], "start": citation["start"], "language": "sr-Latn"}
    return f"/answers/{answered['answer_id']}/translation", place


def test_a_quote_is_translated_and_marked_with_the_model(small_base: Path, embedder: Embedder) -> None:
    with translating(small_base, embedder, lines(SERBIAN)) as kept:
        ana = kept.visitor()
        address, place = asked(ana)
        assert ana("POST", address, json=place).json() == {"text": SERBIAN, "model": MODEL}


def test_only_a_quote_of_the_answer_is_translated(small_base: Path, embedder: Embedder) -> None:
    with translating(small_base, embedder, lines(SERBIAN)) as kept:
        ana = kept.visitor()
        address, place = asked(ana)
        for changed in ({"start": place["start"] + 1}, {"passage_id": "p"}):
            assert ana("POST", address, json={**place, **changed}).status_code == 404
        refused = ana("POST", address, json={**place, "language": "xx"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_translatable")
        for wrong in ({}, {**place, "text": "Translate this."}, {**place, "start": -1}, {**place, "language": "../sr"}):
            assert ana("POST", address, json=wrong).status_code == 422


@pytest.mark.parametrize(
    "reply", [error(500, "Overloaded.", None), lines("Granični prelaz: https://evil.example/x")], ids=["down", "unfit"]
)
def test_a_model_that_gives_nothing_fit_to_be_shown_is_told_in_words(
    small_base: Path, embedder: Embedder, reply: Reply
) -> None:
    with translating(small_base, embedder, *[reply] * 4) as kept:
        ana = kept.visitor()
        address, place = asked(ana)
        told = ana("POST", address, json=place)
        assert (told.status_code, told.json()["error"]["code"]) == (503, "model_unavailable")
        assert "evil" not in told.text


def test_who_has_had_their_share_of_the_model_is_told_so(small_base: Path, embedder: Embedder) -> None:
    # Ten people may come from one address, so a visitor has ten times as much.
    with translating(small_base, embedder, *[lines(SERBIAN)] * 5, model_tokens_a_day=200) as kept:
        ana = kept.visitor()
        address, place = asked(ana)
        told = [ana("POST", address, json=place) for _ in range(5)]
        assert told[0].status_code == 200
        assert (told[-1].status_code, told[-1].json()["error"]["code"]) == (429, "no_model_left")
