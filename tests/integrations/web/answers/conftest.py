"""A desk with its memory and its accounts in reach, and people who read pages in browsers without scripts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.conversations.store import Conversations, open_conversations
from assistant.desk import Desk
from integrations.accounts.store import Accounts
from integrations.server import create_app
from tests.integrations.conftest import DeskOn
from tests.integrations.servers import serving, unhurried
from tests.integrations.web.askers import Headers, with_visit
from tests.integrations.web.reading import address_of


@dataclass(frozen=True, slots=True)
class Place:
    """A running desk, with what it keeps."""

    address: str
    conversations: Conversations
    accounts: Accounts


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whose browser keeps cookies and runs no script."""

    site: str
    token: str = field(default_factory=lambda: token_urlsafe(32))
    headers: Headers | None = None

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.site + path, headers=self._headers(), timeout=60)

    def post(self, path: str, **fields: str) -> httpx.Response:
        # A form without fields is sent as one, too.
        headers = {**self._headers(), "Content-Type": "application/x-www-form-urlencoded"}
        return httpx.post(self.site + path, data=fields, headers=headers, timeout=60)

    def read(self, path: str) -> LexborHTMLParser:
        response = self.get(path)
        assert response.status_code == 200, response.text[:500]
        return LexborHTMLParser(response.text)

    def ask(self, question: str, **more: str) -> tuple[str, str]:
        """The conversation and the answer, by id."""
        response = self.post("/ask", question=question, **more)
        assert response.status_code == 303, response.text[:500]
        match = re.fullmatch(r"/conversations/([\w-]{22})#answer-([\w-]{22})", response.headers["location"])
        assert match is not None
        return match[1], match[2]

    def _headers(self) -> Headers:
        return {**(self.headers or with_visit(self.token, self.site)), "Accept": "text/html"}


@contextmanager
def opened(desk: Desk, folder: Path) -> Iterator[Place]:
    conversations = open_conversations(folder)
    application = create_app(desk, unhurried(), conversations)
    with serving(application) as address:
        yield Place(address, conversations, application.state.accounts)


@pytest.fixture(scope="session")
def place(base: Path, desk_on: DeskOn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with opened(desk_on(base), tmp_path_factory.mktemp("answers")) as running:
        yield running


@pytest.fixture
def reader(place: Place) -> Reader:
    return Reader(place.address)


def link_named(page: LexborHTMLParser, name: str) -> str:
    (link,) = [link for link in page.css("main a") if " ".join(link.text().split()) == name]
    return address_of(link)
