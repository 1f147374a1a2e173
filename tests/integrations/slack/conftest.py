"""A small knowledge base, a memory and a stand-in for Slack."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from assistant.conversations.store import Conversations, open_conversations
from assistant.desk import Desk
from assistant.language import language_of
from knowledge.base import open_base
from knowledge.embedding import Embedder
from tests.integrations.slack.office import Office, office_of
from tests.integrations.slack.stand_in import Slack
from tests.knowledge.bases import ingest, write
from tests.knowledge.embedders import word_embedder

PUBLIC_NOTES = {
    "tabanovce.txt": "Opening hours of two border posts\n\nThe border post at Tabanovce is open all night and on "
    "holidays too. The border post at Presevo closes at ten in the evening.\n",
    "readmission.txt": "Readmission agreement with Veldania\n\nThe readmission agreement with Veldania was signed in "
    "Skopje in March 2021. Veldania answers a readmission request within twelve working days.\n",
}
STAFF_NOTES = {
    "hotline.md": "---\ntitle: Staff memo on the Vlasina hotline\naudience: staff\n---\nThe duty officer of the "
    "Vlasina hotline is Ognjena Vukoman. The Vlasina hotline is answered at night and on Sundays.\n"
}
PUBLIC_QUESTION, PUBLIC_ANSWER = "Is the border post at Tabanovce open all night?", "Tabanovce is open all night"
STAFF_QUESTION, STAFF_ANSWER = "Who is the duty officer of the Vlasina hotline?", "Ognjena Vukoman"
NO_ANSWER_QUESTION = "How many ferries cross Lake Ohrid in winter?"


@pytest.fixture(scope="session", autouse=True)
def no_slack_of_the_shell() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("SLACK_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
                patch.delenv(name)
        language_of("upitnik o readmisiji")  # loads its model, once
        yield


@pytest.fixture(scope="session")
def notes(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """The data directory of the notes. Nobody writes into it."""
    folder = tmp_path_factory.mktemp("slack")
    data = folder / "data"
    assert not ingest(data, write(folder / "notes", PUBLIC_NOTES | STAFF_NOTES), embedder=embedder).refused
    return data


@pytest.fixture(scope="session")
def desk(notes: Path, embedder: Embedder) -> Iterator[Desk]:
    """Without a model: it quotes."""
    desk = Desk(open_base(notes, embedder), embedder.name)
    yield desk
    desk.base.close()


@pytest.fixture(scope="session")
def quick_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """On the public notes, with an embedder that costs nothing: for what is asked hundreds of times."""
    folder = tmp_path_factory.mktemp("quick")
    assert not ingest(folder / "data", write(folder / "public", PUBLIC_NOTES)).refused
    embedder = word_embedder()
    desk = Desk(open_base(folder / "data", embedder), embedder.name)
    yield desk
    desk.base.close()


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    opened = open_conversations(tmp_path / "memory")
    yield opened
    opened.close()


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        yield slack


@pytest.fixture
async def office(slack: Slack, desk: Desk, conversations: Conversations) -> AsyncIterator[Office]:
    async with office_of(slack, desk, conversations) as office:
        yield office
