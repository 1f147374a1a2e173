"""The words of the page on which questions are asked, and of the answers on it."""

import tomllib
from importlib import resources

from assistant.message_files import MessageFiles, isolated
from integrations.web.desk.plurals import form_for

_FILES = MessageFiles("integrations.web.desk")
_KEYS = tuple(
    (section, name)
    for section, words in tomllib.loads(
        resources.files("integrations.web.desk").joinpath("messages", "en.toml").read_text(encoding="utf-8")
    ).items()
    for name in words
)
# What only the server says.
_OF_THE_SERVER = frozenset({"start", "suggestion", "topic"})


def text(key: str, language: str, **values: object) -> str:
    return _FILES.message(key, language, **values)


def counted(key: str, language: str, count: int) -> str:
    """A text with its number, in the form that goes with it."""
    form = form_for(_FILES.template(key, language), language, count)
    return form.format(count=isolated(str(count), language))


def script_messages(language: str) -> dict[str, dict[str, str]]:
    """Section → name → template, as the script of the page needs them."""
    messages: dict[str, dict[str, str]] = {}
    for section, name in _KEYS:
        if section not in _OF_THE_SERVER:
            messages.setdefault(section, {})[name] = _FILES.template(f"{section}.{name}", language)
    return messages
