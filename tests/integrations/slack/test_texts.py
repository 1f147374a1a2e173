"""The Slack desk's own words: each in every language, none that nobody says, each where it fits."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from assistant.types import Outcome
from integrations.slack.limits import BUTTON, VIEW_TITLE, length
from integrations.slack.texts import languages, text

_PACKAGE = Path(__file__).parents[3] / "integrations" / "slack"
_EXPECTED = {"ar", "bn", "en", "mk", "ne", "sq", "sr", "sr-Latn", "ur"}
_SAME_IN_EVERY_LANGUAGE = {"home.title"}  # the name of the desk


def _messages(language: str) -> dict[str, str]:
    """Each text of the language's file by ``section.key``."""
    file = resources.files("integrations.slack").joinpath("messages", f"{language}.toml")
    sections: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return {f"{section}.{key}": words for section, messages in sections.items() for key, words in messages.items()}


def _placeholders(words: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(words) if name is not None)


def _constants() -> Iterator[str]:
    """Every text that stands in the code of the package, and the beginnings of those that it puts together."""
    for path in _PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _is_said(key: str, constants: set[str]) -> bool:
    """Named whole, or put together of its section and a name, with or without what follows that."""
    section, name = key.split(".")
    names = constants | {outcome.value.lower() for outcome in Outcome}
    together = f"{section}." in constants and (name in names or name.removesuffix("_unknown") in names)
    return key in constants or together


def test_every_language_of_our_readers_has_its_texts() -> None:
    assert set(languages()) == _EXPECTED


@pytest.mark.parametrize("language", sorted(_EXPECTED))
def test_a_language_has_the_texts_and_placeholders_of_english(language: str) -> None:
    english = {key: _placeholders(words) for key, words in _messages("en").items()}

    assert {key: _placeholders(words) for key, words in _messages(language).items()} == english


@pytest.mark.parametrize("language", sorted(_EXPECTED - {"en"}))
def test_nothing_is_left_in_english_and_a_native_speaker_is_asked_for(language: str) -> None:
    english, own = _messages("en"), _messages(language)
    file = resources.files("integrations.slack").joinpath("messages", f"{language}.toml")

    assert {key for key in own if own[key] == english[key]} <= _SAME_IN_EVERY_LANGUAGE
    assert file.read_text(encoding="utf-8").startswith("# Not yet reviewed by a native speaker.")


@pytest.mark.parametrize("language", sorted(_EXPECTED))
def test_titles_and_buttons_fit_without_being_cut(language: str) -> None:
    messages = _messages(language)

    assert [key for key in messages if key.startswith("view.") and length(messages[key]) > VIEW_TITLE] == []
    assert [key for key in messages if key.startswith("button.") and length(messages[key]) > BUTTON] == []


def test_the_code_says_every_text_and_no_other() -> None:
    constants, known = set(_constants()), set(_messages("en"))
    sections = {key.split(".")[0] for key in known}
    said = {constant for constant in constants if re.fullmatch(f"(?:{'|'.join(sections)})[.][a-z_]+", constant)}

    assert said - known == set()
    assert {key for key in known if not _is_said(key, constants)} == set()


@pytest.mark.parametrize(("language", "file"), [("bs", "sr-Latn"), ("hr", "sr-Latn"), ("fr", "en"), ("../../en", "en")])
def test_languages_without_a_file_are_spoken_to_in_the_nearest(language: str, file: str) -> None:
    assert text("button.ask", language) == _messages(file)["button.ask"]


def test_a_text_that_no_file_has_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        text("button.no_such_text", "en")


@pytest.mark.parametrize("language", ["ar", "ur"])
def test_from_the_right_a_value_is_kept_apart_and_a_line_begins_with_a_letter_from_the_right(language: str) -> None:
    assert "\u20682024-06\u2069" in text("home.newest", language, date="2024-06")
    latin_first = {key for key, words in _messages(language).items() if next(c for c in words if c.isalpha()).isascii()}
    assert latin_first == {"home.title"}
