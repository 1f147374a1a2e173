"""The words that the Slack desk says of its own accord, by key and language, from the message files beside this one.

A language without a file is spoken to in English. Bosnian, Croatian and Montenegrin share the file of Serbian in Latin
script. What the desk says about an answer itself stands in the assistant's messages.
"""

import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Protocol

from assistant.language import ENGLISH
from integrations.slack.limits import BUTTON, PROMPTS, shortened
from integrations.slack.neutralising import clean, plain

_RIGHT_TO_LEFT = frozenset({"ar", "ur"})
_SHARED = {"bs": "sr-Latn", "hr": "sr-Latn", "cnr": "sr-Latn", "sr-Cyrl": "sr"}
_LONGEST_TOPIC = 300
_ASKING = "prompt.about"
# Nobody asks about "terms and abbreviations".
_GLOSSARY = "reference"


class Topical(Protocol):
    """What a document is about. Nothing more of a Source is needed here, and no surface knows the knowledge base."""

    @property
    def topic(self) -> str: ...

    @property
    def theme(self) -> str: ...


class Listed(Protocol):
    """A document of the library, such as a Source."""

    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def as_of(self) -> str | None: ...

    @property
    def subject(self) -> Topical | None: ...


def text(key: str, language: str, **values: object) -> str:
    """The text ``section.key`` in the language. Raises KeyError for a key that no file has."""
    section, name = key.split(".")
    values = {key: isolated(str(value), language) for key, value in values.items()}
    return _messages(language)[section][name].format(**values)


def suggested_prompts(library: Sequence[Listed], language: str) -> list[dict[str, str]]:
    """Up to four prompts (``title`` for the button, ``message`` for what it asks) on what the library really holds:
    the newest document of each theme first, then the next newest. Documents without a topic are left out."""
    subjects = [
        (listed.as_of or "", listed.id, listed.subject)
        for listed in library
        if listed.subject is not None and listed.subject.theme != _GLOSSARY
    ]
    subjects.sort(key=lambda entry: entry[1])
    subjects.sort(key=lambda entry: entry[0], reverse=True)
    themes: Counter[str] = Counter()
    ranked: list[tuple[int, str]] = []
    for _, _, subject in subjects:
        ranked.append((themes[subject.theme], shortened(clean(subject.topic), _LONGEST_TOPIC)))
        themes[subject.theme] += 1
    topics = dict.fromkeys(topic for _, topic in sorted(ranked, key=lambda entry: entry[0]) if topic)
    section, name = _ASKING.split(".")
    asking = _messages(language)[section][name]  # without isolates: what a prompt says is searched for
    return [
        {"title": shortened(plain(topic[:1].upper() + topic[1:]), BUTTON), "message": asking.format(topic=topic)}
        for topic in list(topics)[:PROMPTS]
    ]


def languages() -> list[str]:
    """The languages with a message file."""
    folder = resources.files("integrations.slack").joinpath("messages")
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def isolated(words: str, language: str) -> str:
    """Apart from what runs from the right, where a Latin title would turn the words around it and a date would come
    out backwards."""
    return f"\u2068{words}\u2069" if language in _RIGHT_TO_LEFT else words


@lru_cache(maxsize=32)
def _messages(language: str) -> dict[str, dict[str, str]]:
    language = _SHARED.get(language, language)
    if language not in languages():
        language = ENGLISH
    entry = resources.files("integrations.slack").joinpath("messages", f"{language}.toml")
    return tomllib.loads(entry.read_text(encoding="utf-8"))
