"""One knowledge base for all tests of the surfaces, made once by the real embedder, and one server on it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import knowledge
from assistant.desk import Desk
from knowledge.base import open_base
from knowledge.candidates import files_in
from knowledge.embedding import Embedder, local_embedder
from knowledge.ingest import Ingest
from tests.integrations.servers import serving_desk

LIBRARY = Path(knowledge.__file__).parent / "library"
QUESTION = "Which delegations attended the RGRS meeting in Tirana?"
UNANSWERABLE = "How many returnees did the RGRS register in 2025?"
STAFF_QUESTION = "Who is the duty officer of the Vlasina hotline?"
STAFF_NAME = "Ognjena Vukoman"
STAFF_DOCUMENT = "vlasina-hotline.txt"
SMALL_QUESTION = "Is the border post at Tabanovce open all night?"
_NOTE = "Opening hours of two border posts\n\nThe border post at Tabanovce is open all night and on holidays too.\n"
_STAFF_TEXT = (
    f"Staff memo on the Vlasina hotline\n\nThe duty officer of the Vlasina hotline is {STAFF_NAME}. "
    "The Vlasina hotline is answered at night and on Sundays.\n"
)


@pytest.fixture(scope="session", autouse=True)
def no_configuration() -> Iterator[None]:
    """Whoever runs the tests may have a desk, a key or a model of their own set: none of it counts here."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("MIGDESK_", "OPENAI_")):
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return local_embedder()


# The first five, and one in which sources differ: the whole library would take minutes to embed.
BRIEFS = (
    "iom-albania-march-2024",
    "iom-migration-for-development-2011-2012",
    "iom-serbia-feature",
    "marri",
    "rgrs-belgrade-march-2024",
    "rgrs-tirana-june-2024",
)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """The data directory with some of the shipped briefs and one document for staff only. Nobody writes into it: ask
    for ``base_copy`` for that."""
    folder = tmp_path_factory.mktemp("shared")
    memo = folder / STAFF_DOCUMENT
    memo.write_text(_STAFF_TEXT, encoding="utf-8")
    data = folder / "data"
    ingest = Ingest(data, embedder)
    assert not ingest.run(files_in([LIBRARY / f"{name}.md" for name in BRIEFS])[0]).refused
    assert ingest.run(files_in([memo])[0], "staff").added == [STAFF_DOCUMENT]
    return data


@pytest.fixture
def base_copy(base: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(base, tmp_path / "copy"))


@pytest.fixture(scope="session")
def small_base(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A data directory with one short document, for what needs a base but little content."""
    folder = tmp_path_factory.mktemp("small")
    note = folder / "note.txt"
    note.write_text(_NOTE, encoding="utf-8")
    assert Ingest(folder / "data", embedder).run(files_in([note])[0]).added == ["note.txt"]
    return folder / "data"


@pytest.fixture
def small_copy(small_base: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_base, tmp_path / "small"))


DeskOn = Callable[[Path], Desk]


@pytest.fixture(scope="session")
def desk_on(embedder: Embedder) -> DeskOn:
    """A desk without a model on a data directory. The application it is given to closes it."""

    def build(data: Path) -> Desk:
        return Desk(open_base(data, embedder), embedder.name)

    return build


@pytest.fixture(scope="session")
def site(base: Path, desk_on: DeskOn) -> Iterator[str]:
    """The address of a server on the shared base."""
    with serving_desk(desk_on(base)) as address:
        yield address
