"""Knowledge bases for the desk's tests, built once a run with the real embedder, Chroma and SQLite."""

from collections.abc import Iterator

import pytest

from assistant.settings import load_settings
from knowledge.base import KnowledgeBase
from tests.assistant.documents import PUBLIC_DOCUMENTS, STAFF_DOCUMENTS, build_base

_VARIABLES = (
    "MIGDESK_DATA", "MIGDESK_MODEL", "MIGDESK_EMBEDDER", "MIGDESK_EMBEDDING_DIMENSIONS", "MIGDESK_CHROMA_URL",
    "MIGDESK_LIMITS", "MIGDESK_DATABASE_URL", "MIGDESK_KEEP_DAYS", "MIGDESK_CONTACT",
    "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_PROXY",
    "OPENAI_ORG_ID", "OPENAI_ORGANIZATION",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the shell that runs the tests reaches them, and none of a test reaches the next."""
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
    load_settings.cache_clear()
    yield
    load_settings.cache_clear()


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """Two like meetings in two cities, a project with a figure, a brief with its sources; and a note for staff."""
    built = build_base(tmp_path_factory.mktemp("desk"), PUBLIC_DOCUMENTS, STAFF_DOCUMENTS)
    yield built
    built.close()
