"""A server whose knowledge base breaks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.desk import Desk
from knowledge.base import open_base
from knowledge.embedding import Embedder
from knowledge.errors import KnowledgeError
from knowledge.search import Found, Searcher
from knowledge.types import Scope
from tests.integrations.servers import serving_desk


class BrokenSearcher(Searcher):
    """Sound while the server warms up; then it raises what it was told to, with the question in it: as the database
    does, and as our own errors promise not to."""

    failure: type[Exception] = RuntimeError

    def search(self, question: str, scope: Scope, depth: int) -> Found:
        if depth == 1:
            return super().search(question, scope, depth)
        asked = "" if issubclass(self.failure, KnowledgeError) else f", asked {question!r}"
        raise self.failure(f"/srv/desk/catalogue.sqlite3 is lost{asked}")


@pytest.fixture(scope="module")
def broken(small_base: Path, embedder: Embedder) -> Iterator[tuple[str, type[BrokenSearcher]]]:
    """A server whose every search fails, and the class that says how."""
    sound = open_base(small_base, embedder)
    searcher = BrokenSearcher(sound.catalogue, embedder, sound.snapshots, sound.fingerprint)
    base = replace(sound, searcher=searcher)
    with serving_desk(Desk(base, embedder.name)) as address:
        yield address, BrokenSearcher
