"""What every page of operators has at hand: who acts, on which desk, and the frame around what is shown."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.conversations.errors import ConversationsError
from assistant.conversations.store import Conversations
from assistant.desk import Desk
from integrations.accounts.errors import AccountsError
from integrations.accounts.store import Accounts
from integrations.operators.marks import Marks
from integrations.operators.store import Operators
from integrations.operators.watches import Watches
from integrations.settings import ServerSettings
from integrations.watching import Watcher
from integrations.web.admin.parts import notice
from integrations.web.forms import form_of
from integrations.web.identity import Asker, TheOperator
from integrations.web.languages import ENGLISH, Language
from integrations.web.markup import Markup, element
from integrations.web.shell import Shell, TheShell, page
from knowledge.errors import KnowledgeError

Result = TypeVar("Result")
# Each says to an operator what was wrong and what to do.
Told = (KnowledgeError, AccountsError, ConversationsError)
_PLACES = (
    ("", "Overview"),
    ("/gaps", "Gaps"),
    ("/feedback", "Feedback"),
    ("/escalations", "Escalations"),
    ("/documents", "Documents"),
    ("/people", "People"),
    ("/keys", "Keys"),
    ("/switch", "Switch"),
    ("/audit", "Audit"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """One request of an operator."""

    shell: Shell
    operator: Asker
    request: Request
    desk: Desk
    conversations: Conversations
    accounts: Accounts
    operators: Operators
    settings: ServerSettings

    @property
    def by(self) -> str:
        """As the audit names who acts."""
        return self.operator.person

    @property
    def watches(self) -> Watches:
        return self.operators.watches

    @property
    def marks(self) -> Marks:
        return self.operators.marks

    @property
    def watcher(self) -> Watcher:
        watcher: Watcher = self.request.app.state.watcher
        return watcher

    def address(self, path: str, **query: str) -> str:
        """Of a page of operators."""
        return f"{self.shell.root}/admin{path}{f'?{urlencode(query)}' if query else ''}"

    @property
    def site(self) -> str:
        """The address by which people reach the desk, for links that are sent to them."""
        return (self.settings.public_url or str(self.request.base_url)).rstrip("/")

    async def form(self) -> dict[str, str]:
        return await form_of(self.request)

    async def do(self, work: Callable[[], Result]) -> Result:
        """Blocking work, off the loop."""
        return await asyncio.to_thread(work)

    async def audit(self, action: str, about: str = "") -> None:
        await asyncio.to_thread(self.accounts.audit, self.by, action, about)

    async def shows_texts(self) -> bool:
        """Whether this session shows what people asked, at the operator's own word."""
        if not self.operator.session:
            return False
        return await asyncio.to_thread(self.marks.texts_until, self.operator.session) is not None

    def page(
        self,
        title: str,
        body: Sequence[str],
        *,
        done: str | None = None,
        problem: str | None = None,
        status: int | None = None,
    ) -> HTMLResponse:
        """``done`` and ``problem``: what the last action came to."""
        told = [
            *([notice(done, "good", "status")] if done else []),
            *([notice(problem, "warn", "alert")] if problem else []),
        ]
        heading = element("h1", {}, title)
        content = element("div", {"class": "wide admin"}, self._places(), heading, *told, *body)
        code = status or (422 if problem else 200)
        return page(self.shell, title=title, body=[content], styles=("admin.css",), status=code)

    def back(self, path: str, done: str = "", **query: str) -> Response:
        """To a page after an action. ``done`` is the name of what was done, which the page has words for."""
        address = self.address(path, **query, **({"done": done} if done else {}))
        return RedirectResponse(address, status_code=303)

    def _places(self) -> Markup:
        here = self.shell.path.removeprefix("/admin")
        links = [
            element("a", {"href": self.address(path), "aria-current": "page" if _is_in(here, path) else None}, name)
            for path, name in _PLACES
        ]
        return element("nav", {"class": "filters", "aria-label": "Operators"}, *links)


def _is_in(here: str, path: str) -> bool:
    # One document is a part of the documents.
    return here in ("", "/") if not path else here in (path, path.removesuffix("s")) or here.startswith(f"{path}/")


async def office_of(request: Request, operator: TheOperator, shell: TheShell) -> Office:
    state = request.app.state
    return Office(
        shell=replace(shell, language=Language(ENGLISH)),
        operator=operator,
        request=request,
        desk=state.desk,
        conversations=state.conversations,
        accounts=state.accounts,
        operators=state.operators,
        settings=state.settings,
    )


TheOffice = Annotated[Office, Depends(office_of)]
