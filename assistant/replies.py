"""The desk's own words, by outcome and language, from the message files beside this one.

A language without a file is answered in English. Bosnian and Croatian share the file of Serbian in Latin script.
"""

import tomllib
from functools import lru_cache
from importlib import resources

from assistant.language import ENGLISH

_RIGHT_TO_LEFT = frozenset({"ar", "ur"})
_SHARED = {"bs": "sr-Latn", "hr": "sr-Latn", "cnr": "sr-Latn", "sr-Cyrl": "sr"}


def message(key: str, language: str, **values: object) -> str:
    """The message ``section.key`` in the language. Raises KeyError for a key that no file has."""
    section, name = key.split(".")
    if language in _RIGHT_TO_LEFT:
        # Isolated, or a Latin title or a date takes the words around it along in the wrong direction.
        values = {key: f"\u2068{value}\u2069" for key, value in values.items()}
    return _messages(language)[section][name].format(**values)


def languages() -> list[str]:
    """The languages with a message file."""
    folder = resources.files("assistant").joinpath("messages")
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


@lru_cache(maxsize=32)
def _messages(language: str) -> dict[str, dict[str, str]]:
    language = _SHARED.get(language, language)
    folder = resources.files("assistant").joinpath("messages")
    entry = folder.joinpath(f"{language}.toml")
    if language not in languages():
        entry = folder.joinpath(f"{ENGLISH}.toml")
    return tomllib.loads(entry.read_text(encoding="utf-8"))
