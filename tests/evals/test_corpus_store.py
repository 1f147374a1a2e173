"""Stores of packs' corpora: built once, of their documents alone, or not at all."""

from pathlib import Path
from typing import Any

import pytest

from evals.corpus_store import prepare_store
from evals.errors import InvalidPack
from knowledge.base import open_base
from tests.assistant.documents import embedder
from tests.evals.conftest import Pack
from tests.evals.packs import DOCUMENTS, CountingEmbedder, write_lines

_IDS = {document["id"] for document in DOCUMENTS}


def test_a_store_is_kept_between_runs_and_a_second_run_embeds_nothing(pack: Pack, tmp_path: Path) -> None:
    counting = CountingEmbedder(embedder())
    first = prepare_store([pack.corpus], tmp_path, counting)
    after_the_first = counting.embedded

    assert prepare_store([pack.corpus], tmp_path, counting) == first
    assert after_the_first >= len(DOCUMENTS)
    assert counting.embedded == after_the_first


def test_another_corpus_and_another_embedder_get_stores_of_their_own(pack: Pack, tmp_path: Path) -> None:
    changed = write_lines(tmp_path / "corpus.jsonl", [*DOCUMENTS[:3], {**DOCUMENTS[3], "text": "One arch."}])
    other = CountingEmbedder(embedder())
    other.name = "another"

    stores = {
        prepare_store([pack.corpus], pack.stores, embedder()),
        prepare_store([changed], pack.stores, embedder()),
        prepare_store([pack.corpus], pack.stores, other),
    }

    assert len(stores) == 3


def test_a_store_holds_its_corpora_and_nothing_else(pack: Pack, tmp_path: Path) -> None:
    more = write_lines(tmp_path / "more.jsonl", [{"id": "well", "title": "The well", "text": "The well is 9 m deep."}])

    base = open_base(prepare_store([pack.corpus, more], tmp_path, embedder()), embedder())
    try:
        assert {document.source.id for document in base.catalogue.documents()} == {*_IDS, "well"}
    finally:
        base.close()


def test_a_store_whose_building_was_interrupted_is_completed_and_not_answered_from(pack: Pack, tmp_path: Path) -> None:
    class Interrupted(CountingEmbedder):
        def passages(self, texts: Any) -> Any:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare_store([pack.corpus], tmp_path, Interrupted(embedder()))
    base = open_base(prepare_store([pack.corpus], tmp_path, embedder()), embedder())
    try:
        assert {document.source.id for document in base.catalogue.documents()} == _IDS
    finally:
        base.close()


@pytest.mark.parametrize(
    "line",
    ["{not json", "[]", '{"id": "d2", "title": "No text"}', '{"id": 7, "title": "", "text": "Text."}',
     '{"id": "", "title": "", "text": "Text."}', '{"id": "d2", "title": "Empty", "text": "  "}',
     '{"id": "d2", "title": "", "text": "Text.", "audience": "everybody"}',
     '{"id": "d1", "title": "Again", "text": "Another document of the same id."}'],
)  # fmt: skip
def test_a_line_that_is_no_document_stops_the_run_and_is_named(tmp_path: Path, line: str) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(f'{{"id": "d1", "title": "", "text": "A document."}}\n{line}\n', encoding="utf-8")

    with pytest.raises(InvalidPack) as raised:
        prepare_store([corpus], tmp_path / "stores", embedder())

    assert str(corpus) in str(raised.value)
    assert any(place in str(raised.value) for place in (":2", "#d2", "d1"))


def test_a_corpus_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidPack, match=r"absent\.jsonl"):
        prepare_store([tmp_path / "absent.jsonl"], tmp_path, embedder())
