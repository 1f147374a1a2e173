"""Each test that asks for ``place`` or ``memory`` runs twice: on SQLite, and on a PostgreSQL server of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.conversations.store import Conversations, open_conversations
from tests.assistant.conversations.postgresql import Server, serving


@dataclass(slots=True)
class Place:
    """An empty database. What is opened on it is closed after the test."""

    data: Path
    address: str | None
    opened: list[Conversations] = field(default_factory=list)

    def open(self, keep_days: int = 30) -> Conversations:
        conversations = open_conversations(self.data, self.address, keep_days)
        self.opened.append(conversations)
        return conversations


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    address = None
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        address = server.address(server.new_database())
    found = Place(tmp_path / "data", address)
    yield found
    for conversations in found.opened:
        conversations.close()


@pytest.fixture
def memory(place: Place) -> Conversations:
    return place.open()
