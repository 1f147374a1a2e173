"""A store of the small pack's corpus, built once a run with the real embedder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.desk import Desk
from assistant.settings import load_settings
from evals.corpus_store import prepare_store
from knowledge.base import open_base
from tests.assistant.documents import embedder
from tests.evals.packs import DOCUMENTS, QUESTIONS, write_lines


@dataclass(frozen=True)
class Pack:
    """The files of a pack and where stores of its corpus are kept."""

    corpus: Path
    questions: Path
    stores: Path


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("MIGDESK_DATA", "MIGDESK_MODEL", "MIGDESK_EMBEDDER", "MIGDESK_CHROMA_URL", "MIGDESK_LIMITS",
                 "OPENAI_API_KEY", "OPENAI_BASE_URL"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    load_settings.cache_clear()
    yield
    load_settings.cache_clear()


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    root = tmp_path_factory.mktemp("pack")
    return Pack(
        write_lines(root / "corpus.jsonl", DOCUMENTS), write_lines(root / "questions.jsonl", QUESTIONS), root / "stores"
    )


@pytest.fixture(scope="session")
def desk(pack: Pack) -> Iterator[Desk]:
    base = open_base(prepare_store([pack.corpus], pack.stores, embedder()), embedder())
    yield Desk(base, embedder().name)
    base.close()
