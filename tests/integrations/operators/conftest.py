"""What operators have the desk keep in mind, on SQLite and on PostgreSQL, with a clock that tests set."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.conversations.store import Conversations, open_conversations
from assistant.conversations.types import Asked
from assistant.types import Answer, Citation, Outcome, Provenance, Sentence
from integrations.operators.store import Operators, open_operators
from tests.assistant.conversations.postgresql import Server, serving


class Clock:
    now = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


def an_answer(*documents: str, outcome: Outcome | None = None) -> Answer:
    """One that cites these documents; one without is not covered."""
    citations = tuple(
        Citation(number, f"{one}#1", one, one, None, None, None, "", "It is so.", 0, 9, True)
        for number, one in enumerate(documents, start=1)
    )
    sentences = (Sentence("It is so.", citations),) if citations else ()
    ended = outcome or (Outcome.ANSWERED if sentences else Outcome.NOT_COVERED)
    return Answer(ended, "It is so.", "en", sentences, (), (), Provenance(model=None))


Keep = Callable[..., str]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Conversations]:
    address = None
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        address = server.address(server.new_database())
    opened = open_conversations(tmp_path / "data", address)
    yield opened
    opened.close()


@pytest.fixture
def operators(kept: Conversations, clock: Clock) -> Operators:
    return open_operators(kept.engine, clock)


@pytest.fixture
def keep(kept: Conversations) -> Keep:
    def one(person: str = "visitor:1", surface: str = "web", answer: Answer | None = None) -> str:
        asked = Asked("thread", surface, person, "public", "en", "Is it so?", answer or an_answer())
        return kept.keep(asked)

    return one
