"""The desk's own words, by outcome and language, from the message files beside this one."""

from assistant.message_files import MessageFiles

_FILES = MessageFiles("assistant")


def message(key: str, language: str, **values: object) -> str:
    """The message ``section.key`` in the language. Raises KeyError for a key that no file has."""
    return _FILES.message(key, language, **values)


def languages() -> list[str]:
    """The languages with a message file."""
    return _FILES.languages()
