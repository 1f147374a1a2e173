"""The words of these pages, in the reader's language."""

from typing import Annotated

from fastapi import Depends, Request

from assistant.message_files import MessageFiles
from integrations.web.identity import TheAnyone
from integrations.web.markup import Markup, element
from integrations.web.shell import Shell, shell_of

_FILES = MessageFiles("integrations.web.entry")


async def _shell(request: Request, asker: TheAnyone) -> Shell:
    return await shell_of(request, asker)


# For pages that are open to people whom the desk does not know yet.
EntryShell = Annotated[Shell, Depends(_shell)]


def words(shell: Shell, key: str, **values: object) -> str:
    return _FILES.message(key, shell.language.code, **values)


def paragraph(shell: Shell, key: str, **values: object) -> Markup:
    return element("p", {}, words(shell, key, **values))


def heading(shell: Shell, key: str) -> Markup:
    return element("h1", {}, words(shell, key))


def notice(kind: str, text: str) -> Markup:
    """A line that stands out; read out at once where the page came back because of it."""
    return element("p", {"class": "notice", "data-kind": kind, "role": "status"}, text)


def button(shell: Shell, address: str, key: str, look: str = "") -> Markup:
    """A form of one button, which changes something and works without a script."""
    pressed = element("button", {"class": look or None}, words(shell, key))
    return element("form", {"method": "post", "action": shell.root + address}, pressed)


def link(shell: Shell, address: str, key: str, look: str = "button secondary") -> Markup:
    return element("a", {"class": look, "href": shell.root + address}, words(shell, key))
