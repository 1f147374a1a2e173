"""Words that a package of ours says of its own accord, by key and language: one TOML file a language, in its folder
``messages``.

A language without a file is spoken to in English. Bosnian, Croatian and Montenegrin share the file of Serbian in Latin
script.
"""

import tomllib
from importlib import resources

from assistant.language import ENGLISH

_RIGHT_TO_LEFT = frozenset({"ar", "ur"})
_SHARED = {"bs": "sr-Latn", "hr": "sr-Latn", "cnr": "sr-Latn", "sr-Cyrl": "sr"}


class MessageFiles:
    """The words of one package. A key is ``section.name``; one that no file has raises KeyError."""

    def __init__(self, package: str) -> None:
        self._folder = resources.files(package).joinpath("messages")
        self._read: dict[str, dict[str, dict[str, str]]] = {}
        self._languages = sorted(
            entry.name.removesuffix(".toml") for entry in self._folder.iterdir() if entry.name.endswith(".toml")
        )

    def languages(self) -> list[str]:
        """The languages with a file."""
        return list(self._languages)

    def template(self, key: str, language: str) -> str:
        """The words with their placeholders."""
        section, name = key.split(".")
        return self._of(language)[section][name]

    def message(self, key: str, language: str, **values: object) -> str:
        """The words with the values in their places."""
        template = self.template(key, language)
        for name, value in values.items():
            # A date ends with a full stop of its own in some languages, and so do titles.
            if str(value).endswith("."):
                template = template.replace(f"{{{name}}}.", f"{{{name}}}")
        apart = {name: isolated(str(value), language) for name, value in values.items()}
        return template.format(**apart)

    def _of(self, language: str) -> dict[str, dict[str, str]]:
        language = _SHARED.get(language, language)
        if language not in self._languages:
            language = ENGLISH
        if language not in self._read:
            entry = self._folder.joinpath(f"{language}.toml")
            self._read[language] = tomllib.loads(entry.read_text(encoding="utf-8"))
        return self._read[language]


def isolated(words: str, language: str) -> str:
    """Apart from what runs from the right, where a Latin title would turn the words around it and a date would come
    out backwards."""
    return f"\u2068{words}\u2069" if language in _RIGHT_TO_LEFT else words
