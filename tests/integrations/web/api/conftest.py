"""A running desk with its memory and its accounts, and several people who come to it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from assistant.conversations.store import Conversations, open_conversations
from assistant.desk import Desk
from integrations.server import create_app
from integrations.settings import ServerSettings
from tests.integrations.conftest import QUESTION, DeskOn
from tests.integrations.servers import serving, unhurried
from tests.integrations.web.askers import Headers, House, with_visit


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's browser or program."""

    client: httpx.Client

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.client.request(method, f"/api/v1{path}", **more)

    def ask(self, question: str = QUESTION, **more: Any) -> dict[str, Any]:
        response = self("POST", "/ask", json={"question": question, **more})
        assert response.status_code == 200, response.text
        answered: dict[str, Any] = response.json()
        return answered


@dataclass(frozen=True, slots=True)
class Kept:
    """A running desk. Whoever comes is made by ``visitor``, or with what ``house`` gives them to show."""

    house: House
    conversations: Conversations
    application: FastAPI
    clients: list[httpx.Client] = field(default_factory=list)

    def visitor(self) -> Person:
        return self.person(with_visit(secrets.token_urlsafe(32), self.house.address))

    def person(self, headers: Headers) -> Person:
        self.clients.append(httpx.Client(base_url=self.house.address, headers=headers, timeout=30))
        return Person(self.clients[-1])


@contextmanager
def kept_house(desk: Desk, settings: ServerSettings | None = None, keep_days: int = 30) -> Iterator[Kept]:
    """Closes ``desk``."""
    with TemporaryDirectory() as folder:
        conversations = open_conversations(Path(folder), keep_days=keep_days)
        application = create_app(desk, settings or unhurried(), conversations)
        with serving(application) as address:
            kept = Kept(House(address, application.state.accounts), conversations, application)
            try:
                yield kept
            finally:
                for client in kept.clients:
                    client.close()


@pytest.fixture(scope="module")
def kept(base: Path, desk_on: DeskOn) -> Iterator[Kept]:
    """On the shared base, which nobody changes."""
    with kept_house(desk_on(base)) as found:
        yield found


@pytest.fixture
def kept_copy(base_copy: Path, desk_on: DeskOn) -> Iterator[Kept]:
    """On a base that the test may change."""
    with kept_house(desk_on(base_copy)) as found:
        yield found


def told(response: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that a client can see of a response."""
    return response.status_code, response.content, [h for h in response.headers.multi_items() if h[0] != "date"]
