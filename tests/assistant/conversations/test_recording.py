"""Stored answers: read back as they were, also in the shape of an older version, and never the cause of an error."""

import json
import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conversations.recording import answer_as_json, answer_from_json, storable
from assistant.types import Answer
from tests.assistant.conversations.made import answer

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_answer_comes_back_equal(data: st.DataObject) -> None:
    st.register_type_strategy(str, _TEXT)
    st.register_type_strategy(float, st.floats(allow_nan=False))
    made = data.draw(st.from_type(Answer))

    assert answer_from_json(answer_as_json(made)) == made


@given(st.text(st.characters(exclude_categories=())))
def test_a_storable_text_is_utf_8_without_nul_and_as_long(text: str) -> None:
    stored = storable(text)

    assert "\0" not in stored.encode("utf-8").decode("utf-8")
    assert len(stored) == len(text)
    assert all(new in (old, "\ufffd") for new, old in zip(stored, text, strict=True))


def _older() -> dict[str, Any]:
    """As a version before ours stored it: no versions of documents, no counting of tokens, no positions."""
    stored: dict[str, Any] = json.loads(answer_as_json(answer()))
    del stored["sentences"][0]["citations"][0]["version"]
    stored["provenance"] = {"model": "large"}
    del stored["positions"], stored["as_of"]
    return stored


def test_an_answer_of_an_older_version_is_read_with_defaults() -> None:
    read = answer_from_json(json.dumps(_older()))

    assert read is not None
    assert read.sentences[0].citations[0].version == 1
    assert (read.positions, read.as_of) == ((), None)
    assert (read.text, read.provenance.model, read.provenance.prompts) == (answer().text, "large", {})


def test_an_answer_of_a_newer_version_is_read_without_what_is_new() -> None:
    stored = {**json.loads(answer_as_json(answer())), "mood": "cheerful"}

    assert answer_from_json(json.dumps(stored)) == answer()


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "{",
        "null",
        "[]",
        '"secret words"',
        '{"text": "secret words"}',
        '{"outcome": "SINGING", "text": "secret words"}',
    ],
)
def test_what_cannot_be_read_is_no_answer_and_its_text_is_not_logged(
    stored: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert answer_from_json(stored) is None

    assert "cannot be read" in caplog.text
    assert "secret" not in caplog.text
