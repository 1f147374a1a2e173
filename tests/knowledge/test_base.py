from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.base import fingerprint_of, open_base
from knowledge.catalogue import Catalogue
from knowledge.embedding import Embedder
from knowledge.errors import EmbedderUnavailable, IndexMismatch, StoreEmpty
from knowledge.ingest import Ingest
from knowledge.store import ChromaStore
from knowledge.types import Scope
from tests.knowledge.bases import EVERYONE, contents, documents_found, ingest, ranking, search, write
from tests.knowledge.embedders import DIMENSIONS, WordBag, word_embedder

pytestmark = pytest.mark.usefixtures("probed_here")

OLD, NEW = word_embedder("test/old"), word_embedder("test/new")
QUESTION = "Where did note 3 say that they met?"


class Counting(WordBag):
    """Counts the texts it is given; fails when it was given ``patience`` of them."""

    def __init__(self, patience: int | None = None) -> None:
        super().__init__()
        self.texts = 0
        self._patience = patience

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if self._patience is not None and self.texts >= self._patience:
            raise ConnectionError
        self.texts += len(texts)
        return super().embed_documents(texts)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write(tmp_path / "notes", {f"{n}.txt": f"Note {n} says that they met in town{n}." for n in range(6)})


@pytest.fixture
def old(data: Path, notes: Path) -> Iterator[Path]:
    """A data directory whose index was built with the old embedder."""
    ingest(data, notes, embedder=OLD)
    ingest(
        data,
        write(notes.parent / "internal", {"secret.txt": "The aardvark is kept from the public."}),
        audience="staff",
        embedder=OLD,
    )
    yield data


def test_the_fingerprint_is_of_everything_that_shapes_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint_of(OLD)
    assert fingerprint_of(word_embedder("test/old")) == before
    assert fingerprint_of(NEW) != before
    assert fingerprint_of(Embedder(WordBag(), OLD.name, DIMENSIONS + 1)) != before
    with monkeypatch.context() as changed:
        changed.setattr("knowledge.chunking.VERSION", "another")
        assert fingerprint_of(OLD) != before
    with monkeypatch.context() as changed:
        changed.setattr("knowledge.schema.VERSION", "another")
        assert fingerprint_of(OLD) != before


def test_nothing_was_ever_ingested_is_told_with_what_to_do(data: Path) -> None:
    with pytest.raises(StoreEmpty, match=f"migdesk ingest PATH --data {data}"):
        open_base(data, OLD)


def test_a_base_whose_every_file_was_refused_is_empty(data: Path, tmp_path: Path) -> None:
    report = ingest(data, write(tmp_path / "bad", {"a.txt": b"\xff\xff\xff"}), embedder=OLD)
    assert len(report.refused) == 1
    with pytest.raises(StoreEmpty, match="is empty"):
        open_base(data, OLD)


def test_another_embedder_never_answers_from_the_index_and_is_told_to_rebuild(old: Path) -> None:
    with pytest.raises(IndexMismatch, match=f"test/old.*test/new.*migdesk ingest --rebuild --data {old}"):
        open_base(old, NEW)


def test_another_embedder_never_writes_into_the_index_and_is_told_to_rebuild(old: Path, notes: Path) -> None:
    before = contents(old, OLD)
    with pytest.raises(IndexMismatch, match=f"test/old.*test/new.*migdesk ingest --rebuild --data {old}"):
        ingest(old, write(notes, {"more.txt": "One more note."}), embedder=NEW)
    assert contents(old, OLD) == before
    assert documents_found(search(old, QUESTION, embedder=OLD))[0] == "3.txt"


def test_a_rebuild_switches_to_the_new_embedder_and_drops_the_old_passages(old: Path) -> None:
    seen: list[tuple[int, int]] = []
    assert Ingest(old, NEW).rebuild(lambda number, total, title: seen.append((number, total))) == 7
    assert seen == [(number, 7) for number in range(1, 8)]
    assert documents_found(search(old, QUESTION, embedder=NEW))[0] == "3.txt"
    with pytest.raises(IndexMismatch, match="test/new.*test/old"):
        open_base(old, OLD)
    catalogue = Catalogue(old)
    try:
        assert catalogue.counts(fingerprint_of(NEW)) == {"public": (6, 6), "staff": (1, 1)}
        assert catalogue.passages.matrix(fingerprint_of(OLD), Scope(EVERYONE)) == ([], None)
        with catalogue.lexicon(fingerprint_of(OLD)) as lexicon:
            assert lexicon.frequencies("town3 aardvark", EVERYONE) == {"town3": 0, "aardvark": 0}
    finally:
        catalogue.close()


def test_a_rebuild_keeps_every_audience(old: Path) -> None:
    Ingest(old, NEW).rebuild()
    assert "secret.txt" not in documents_found(search(old, "aardvark", "partner", embedder=NEW))
    assert documents_found(search(old, "aardvark", "staff", embedder=NEW))[0] == "secret.txt"


def test_a_rebuilt_base_is_the_base_that_the_new_embedder_would_have_made(
    old: Path, notes: Path, tmp_path: Path
) -> None:
    Ingest(old, NEW).rebuild()
    fresh = tmp_path / "fresh"
    ingest(fresh, notes, embedder=NEW)
    ingest(fresh, tmp_path / "internal", audience="staff", embedder=NEW)
    assert contents(old, NEW) == contents(fresh, NEW)
    for reader in ("public", "staff"):
        assert ranking(search(old, QUESTION, reader, embedder=NEW)) == ranking(
            search(fresh, QUESTION, reader, embedder=NEW)
        )
    assert ingest(old, notes, embedder=NEW).unchanged == [f"{n}.txt" for n in range(6)]


def test_an_interrupted_rebuild_leaves_the_old_index_answering_and_goes_on_where_it_stopped(old: Path) -> None:
    before = ranking(search(old, QUESTION, "staff", embedder=OLD))
    stopped = Counting(patience=3)
    with pytest.raises(EmbedderUnavailable):
        Ingest(old, Embedder(stopped, "test/new", DIMENSIONS)).rebuild()
    assert ranking(search(old, QUESTION, "staff", embedder=OLD)) == before

    resumed = Counting()
    assert Ingest(old, Embedder(resumed, "test/new", DIMENSIONS)).rebuild() == 7
    assert stopped.texts + resumed.texts == 7
    assert documents_found(search(old, QUESTION, embedder=NEW))[0] == "3.txt"


def test_what_was_ingested_between_an_interrupted_rebuild_and_its_end_is_not_lost(old: Path, notes: Path) -> None:
    with pytest.raises(EmbedderUnavailable):
        Ingest(old, Embedder(Counting(patience=3), "test/new", DIMENSIONS)).rebuild()
    ingest(
        old,
        write(notes, {"0.txt": "Note 0 was changed to speak of okapis.", "new.txt": "A quagga came later."}),
        embedder=OLD,
    )
    Ingest(old, NEW).rebuild()
    assert documents_found(search(old, "okapis", embedder=NEW))[0] == "0.txt"
    assert documents_found(search(old, "quagga", embedder=NEW))[0] == "new.txt"
    assert len(contents(old, NEW).documents) == 8


def test_a_rebuild_that_ends_before_its_index_is_written_still_answers_everything(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise KeyboardInterrupt

    for embedder in (OLD, NEW):  # the same embedder: only the index is built again
        expected = documents_found(search(old, QUESTION, "staff", embedder=OLD))
        with monkeypatch.context() as broken:
            broken.setattr(ChromaStore, "fill", fail)
            with pytest.raises(KeyboardInterrupt):
                Ingest(old, embedder).rebuild()
        assert documents_found(search(old, QUESTION, "staff", embedder=embedder)) == expected
    assert not (old / "index" / "chroma.sqlite3").exists()


def test_an_open_reader_is_answered_while_an_index_is_rebuilt_and_afterwards(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = open_base(old, OLD)
    try:
        scope = Scope(frozenset({"public"}))
        expected = ranking(base.searcher.search(QUESTION, scope, 5).passages)
        fill = ChromaStore.fill

        def ask_and_fill(store: ChromaStore, *arguments: object) -> int:
            assert ranking(base.searcher.search(QUESTION, scope, 5).passages) == expected
            return fill(store, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(ChromaStore, "fill", ask_and_fill)
        Ingest(old, OLD).rebuild()
        assert ranking(base.searcher.search(QUESTION, scope, 5).passages) == expected
    finally:
        base.close()


def test_there_is_nothing_to_rebuild_where_nothing_was_ingested(data: Path) -> None:
    with pytest.raises(StoreEmpty, match="migdesk ingest"):
        Ingest(data, OLD).rebuild()
