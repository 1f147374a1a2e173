"""The desk's own words: each message in every language, and none that nobody says."""

import ast
import string
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from assistant.language import language_of
from assistant.replies import languages, message

_ROOT = Path(__file__).parents[2]
_EXPECTED = {"ar", "bn", "en", "mk", "ne", "sq", "sr", "sr-Latn", "ur"}


def _messages(language: str) -> dict[str, str]:
    """Each message of the language's file by ``section.key``."""
    file = resources.files("assistant").joinpath("messages", f"{language}.toml")
    sections: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return {f"{section}.{key}": text for section, messages in sections.items() for key, text in messages.items()}


def _placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _constants(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def _said_by_the_code() -> set[str]:
    """The keys that stand in calls of ``message`` and ``_notice`` anywhere in the product, and in those of ``template``
    by which dates and places are written."""
    keys: set[str] = set()
    for package in ("assistant", "evals", "integrations"):
        for path in (_ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                    if node.func.id == "message" and not isinstance(node.args[0], ast.JoinedStr):
                        keys.update(_constants(node.args[0]))
                    elif node.func.id == "_notice":
                        first = node.args[0]
                        chosen = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                        keys.update(f"notice.{key}" for part in chosen for key in _constants(part))
    for name in ("written_dates", "written_places"):
        for node in ast.walk(ast.parse((_ROOT / "assistant" / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "template":
                key = next(_constants(node.args[0]))
                keys.update(own for own in _messages("en") if own.startswith(key))
    return keys


def test_every_language_of_our_readers_has_its_messages() -> None:
    assert set(languages()) >= _EXPECTED


@pytest.mark.parametrize("language", languages())
def test_a_language_has_the_messages_and_placeholders_of_english(language: str) -> None:
    english = {key: _placeholders(text) for key, text in _messages("en").items()}

    assert {key: _placeholders(text) for key, text in _messages(language).items()} == english


def test_the_code_says_every_message_and_no_other() -> None:
    said = _said_by_the_code()

    assert {"outcome.not_covered", "notice.model_stopped", "notice.model_unavailable", "notice.dated"} <= said
    assert said == set(_messages("en"))


@pytest.mark.parametrize("language", sorted(_EXPECTED))
def test_a_refusal_is_worded_in_its_language(language: str) -> None:
    told = language_of(message("outcome.not_covered", language))

    assert told in (("sr-Latn", "bs", "hr") if language == "sr-Latn" else (language,))


@pytest.mark.parametrize("language", languages())
def test_what_a_message_is_about_stands_in_it(language: str) -> None:
    text = message("notice.review_due", language, title="Skopje {0} note", date="2021-06")

    assert "Skopje {0} note" in text
    assert "2021-06" in text


@pytest.mark.parametrize("language", languages())
def test_what_ends_with_a_full_stop_of_its_own_is_given_no_second_one(language: str) -> None:
    text = message("notice.nearby", language, titles="Return to Nepal, vol. 2.")

    assert "vol. 2." in text and not text.translate({0x2068: None, 0x2069: None}).endswith("..")


@pytest.mark.parametrize("language", ["bs", "hr", "cnr"])
def test_bosnian_croatian_and_montenegrin_are_answered_in_serbian_in_latin_script(language: str) -> None:
    assert message("outcome.not_covered", language) == message("outcome.not_covered", "sr-Latn")


@pytest.mark.parametrize("language", ["fr", "xx", "", "../../en", "EN\0"])
def test_a_language_without_messages_is_answered_in_english(language: str) -> None:
    assert message("outcome.not_covered", language) == message("outcome.not_covered", "en")


def test_a_message_that_no_file_has_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        message("outcome.no_such_message", "en")
