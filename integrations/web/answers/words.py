"""The words of the pages on which kept answers are read. Those of an answer itself are the ones of the live page."""

from assistant.message_files import MessageFiles
from integrations.web.desk.texts import counted, text
from integrations.web.shell import Shell

_FILES = MessageFiles("integrations.web.answers")


def words(shell: Shell, key: str, **values: object) -> str:
    """Words of these pages."""
    return _FILES.message(key, shell.language.code, **values)


def said(shell: Shell, key: str, **values: object) -> str:
    """Words of an answer, as the live page says them."""
    return text(key, shell.language.code, **values)


def said_of(shell: Shell, key: str, count: int) -> str:
    """The same with a number, in the form that goes with it."""
    return counted(key, shell.language.code, count)
