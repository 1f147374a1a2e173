from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.base import fingerprint_of
from knowledge.catalogue import FILE, Catalogue
from knowledge.embedding import Embedder
from knowledge.errors import DataDirectoryError, IndexMismatch, KnowledgeError, StoreEmpty
from knowledge.ingest import embed
from knowledge.types import Attribution, Document, Reference, Scope, Span
from tests.knowledge.bases import EVERYONE, note
from tests.knowledge.documents import Part, document_of, parts

PUBLIC, STAFF = frozenset({"public"}), frozenset({"public", "partner", "staff"})


@pytest.fixture
def catalogue(data: Path) -> Iterator[Catalogue]:
    data.mkdir()
    opened = Catalogue(data, create=True)
    yield opened
    opened.close()


def put(catalogue: Catalogue, document: Document, embedder: Embedder, fingerprint: str | None = None) -> list[int]:
    """Stores the document and returns the keys of its passages."""
    fingerprint = fingerprint or fingerprint_of(embedder)
    catalogue.put(document, fingerprint, embed([document], embedder)[0])
    scope = Scope(EVERYONE, frozenset({document.source.id}))
    return catalogue.passages.matrix(fingerprint, scope)[0]


FULL = Document(
    source=replace(
        note("full", "One. Two.").source,
        publisher="IOM",
        url="https://example.org",
        language="sr",
        published="2024-06",
        as_of="2024",
        review_by="2027-01-01",
        references=(Reference("first", "Извор", "IOM", "2024", "https://example.org/1"), Reference("second", "Other")),
    ),
    digest="0",
    text="One. Two.",
    blocks=note("full", "One. Two.").blocks,
    attributions=(Attribution(Span(0, 4), ("first",)), Attribution(Span(5, 9), ("first", "second"))),
)


def test_a_document_comes_back_as_it_was_stored(catalogue: Catalogue, embedder: Embedder) -> None:
    put(catalogue, FULL, embedder)
    assert catalogue.document("full", PUBLIC) == FULL


def test_a_passage_comes_back_with_its_vectors_source_and_attributions(
    catalogue: Catalogue, embedder: Embedder
) -> None:
    keys = put(catalogue, FULL, embedder)
    (expected,) = embed([FULL], embedder)[0]
    for _ in range(2):  # read, then remembered
        (stored,) = catalogue.passages.fetch(keys, Scope(PUBLIC))
        assert stored.embedded.passage == expected.passage
        assert stored.embedded.vector == pytest.approx(expected.vector)
        assert stored.embedded.unit_vectors == pytest.approx(expected.unit_vectors, abs=1e-3)
        assert (stored.source, stored.attributions) == (FULL.source, FULL.attributions)


def test_a_document_is_seen_by_its_audience_only(catalogue: Catalogue, embedder: Embedder) -> None:
    put(catalogue, note("internal", "For staff only.", "staff"), embedder)
    assert catalogue.document("internal", STAFF) is not None
    assert catalogue.document("internal", PUBLIC) is None
    assert catalogue.document("internal", frozenset({"partner", "partner:nepal"})) is None
    assert catalogue.document("internal", frozenset()) is None


def test_an_excerpt_of_a_hidden_document_looks_like_one_of_a_document_that_is_not_there(
    catalogue: Catalogue, embedder: Embedder
) -> None:
    put(catalogue, note("internal", "For staff only.", "staff"), embedder)
    assert catalogue.excerpt("internal", 0, 9, STAFF) == "For staff"
    assert catalogue.excerpt("internal", 0, 9, PUBLIC) is None
    assert catalogue.excerpt("absent", 0, 9, PUBLIC) is None


def test_passages_are_not_fetched_for_a_reader_who_may_not_see_their_document(
    catalogue: Catalogue, embedder: Embedder
) -> None:
    keys = put(catalogue, note("internal", "For staff only.", "staff"), embedder)
    assert len(catalogue.passages.fetch(keys, Scope(STAFF))) == 1
    assert catalogue.passages.fetch(keys, Scope(PUBLIC)) == []
    assert catalogue.passages.fetch(keys, Scope(frozenset())) == []


def test_a_document_that_becomes_stricter_is_hidden_at_once_from_keys_that_are_still_held(
    catalogue: Catalogue, embedder: Embedder
) -> None:
    keys = put(catalogue, note("report", "Was public once.", "public"), embedder)
    assert catalogue.passages.fetch(keys, Scope(PUBLIC))
    new_keys = put(catalogue, note("report", "Was public once.", "staff"), embedder)
    assert catalogue.passages.fetch([*keys, *new_keys], Scope(PUBLIC)) == []
    assert len(catalogue.passages.fetch([*keys, *new_keys], Scope(STAFF))) == 1


def test_what_another_process_hides_is_hidden_from_one_that_had_read_it(
    data: Path, catalogue: Catalogue, embedder: Embedder
) -> None:
    keys = put(catalogue, note("report", "Was public once.", "public"), embedder)
    reader = Catalogue(data)
    try:
        assert reader.passages.fetch(keys, Scope(PUBLIC))
        put(catalogue, note("report", "Was public once.", "staff"), embedder)
        assert reader.passages.fetch(keys, Scope(PUBLIC)) == []
        assert reader.document("report", PUBLIC) is None
    finally:
        reader.close()


@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("👩🏽‍🌾𑄌é"), min_size=1),
    bounds=st.data(),
)
def test_an_excerpt_is_cut_at_the_same_characters_as_the_text(
    tmp_path_factory: pytest.TempPathFactory, text: str, bounds: st.DataObject
) -> None:
    catalogue = _shared(tmp_path_factory)
    document = note("wild", text)
    catalogue.put(document, "none", [])
    start = bounds.draw(st.integers(0, len(text) + 2))
    end = bounds.draw(st.integers(0, len(text) + 2))
    assert catalogue.excerpt("wild", start, end, PUBLIC) == text[start : max(start, end)]


_catalogues: list[Catalogue] = []


def _shared(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    if not _catalogues:
        _catalogues.append(Catalogue(tmp_path_factory.mktemp("wild"), create=True))
    return _catalogues[0]


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    for catalogue in _catalogues:
        catalogue.close()


@given(drawn=parts)
def test_any_document_comes_back_as_it_was_stored(tmp_path_factory: pytest.TempPathFactory, drawn: list[Part]) -> None:
    catalogue = _shared(tmp_path_factory)
    document = document_of(drawn)
    catalogue.put(document, "none", [])
    assert catalogue.document("doc", PUBLIC) == document


def test_putting_a_document_again_replaces_it_whole(catalogue: Catalogue, embedder: Embedder) -> None:
    put(catalogue, note("report", "The first version, with a word: aardvark."), embedder)
    put(catalogue, note("report", "The second version."), embedder)
    found = catalogue.document("report", PUBLIC)
    assert found is not None and found.text == "The second version."
    assert len(catalogue.passages.ids(fingerprint_of(embedder), "public")) == 1
    with catalogue.lexicon(fingerprint_of(embedder)) as lexicon:
        assert lexicon.frequencies("aardvark second", PUBLIC) == {"aardvark": 0, "second": 1}


def test_a_document_that_fails_to_be_stored_leaves_the_one_before_it_whole(
    catalogue: Catalogue, embedder: Embedder
) -> None:
    before = note("report", "The first version stands.")
    put(catalogue, before, embedder)
    after = note("report", "The second version. It breaks.")
    (passage,) = embed([after], embedder)[0]
    with pytest.raises(Exception, match="UNIQUE|unique"):
        catalogue.put(after, fingerprint_of(embedder), [passage, passage])
    assert catalogue.document("report", PUBLIC) == before
    with catalogue.lexicon(fingerprint_of(embedder)) as lexicon:
        assert lexicon.frequencies("first second", PUBLIC) == {"first": 1, "second": 0}


def test_a_removed_document_leaves_nothing_behind(catalogue: Catalogue, embedder: Embedder) -> None:
    keys = put(catalogue, note("report", "To be removed."), embedder)
    put(catalogue, note("other", "To be kept."), embedder)
    revision = catalogue.revision
    catalogue.remove("report")
    assert catalogue.document("report", PUBLIC) is None
    assert catalogue.passages.fetch(keys, Scope(PUBLIC)) == []
    assert catalogue.counts(fingerprint_of(embedder)) == {"public": (1, 1)}
    assert catalogue.revision > revision
    with catalogue.lexicon(fingerprint_of(embedder)) as lexicon:
        assert lexicon.frequencies("removed kept", PUBLIC) == {"removed": 0, "kept": 1}


def test_documents_and_passages_are_counted_by_audience(catalogue: Catalogue, embedder: Embedder) -> None:
    put(catalogue, note("a", "One."), embedder)
    put(catalogue, note("b", "Two."), embedder)
    put(catalogue, note("c", "Three.", "partner:nepal"), embedder)
    assert catalogue.counts(fingerprint_of(embedder)) == {"partner:nepal": (1, 1), "public": (2, 2)}
    assert catalogue.counts("another") == {"partner:nepal": (1, 0), "public": (2, 0)}


def test_an_exact_comparison_is_offered_only_what_is_in_scope(catalogue: Catalogue, embedder: Embedder) -> None:
    fingerprint = fingerprint_of(embedder)
    public = put(catalogue, note("a", "One."), embedder)
    staff = put(catalogue, note("b", "Two.", "staff"), embedder)
    other = put(catalogue, note("c", "Three."), embedder)
    matrix = catalogue.passages.matrix
    assert matrix(fingerprint, Scope(PUBLIC))[0] == [*public, *other]
    assert matrix(fingerprint, Scope(PUBLIC, frozenset({"a", "b"})))[0] == public
    assert matrix(fingerprint, Scope(STAFF, frozenset({"b"})))[0] == staff
    assert matrix(fingerprint, Scope(PUBLIC), after=public[-1])[0] == other
    assert matrix(fingerprint, Scope(PUBLIC, frozenset())) == ([], None)
    assert matrix(fingerprint, Scope(frozenset())) == ([], None)
    assert matrix("another", Scope(PUBLIC)) == ([], None)


def test_the_revision_counts_every_change_and_is_not_moved_by_reading(catalogue: Catalogue, embedder: Embedder) -> None:
    before = catalogue.revision
    put(catalogue, note("a", "One."), embedder)
    changed = catalogue.revision
    catalogue.document("a", PUBLIC)
    assert before < changed == catalogue.revision


def test_there_is_no_base_where_nothing_was_ever_ingested(data: Path) -> None:
    with pytest.raises(StoreEmpty, match=f"migdesk ingest PATH --data {data}"):
        Catalogue(data)
    assert not data.exists()


def test_an_empty_file_in_the_place_of_a_base_is_no_base(data: Path) -> None:
    data.mkdir()
    (data / FILE).touch()
    with pytest.raises(StoreEmpty, match="not a knowledge base yet"):
        Catalogue(data)


@pytest.mark.parametrize("create", [False, True])
def test_a_file_that_is_no_database_is_said_to_be_unusable(data: Path, create: bool) -> None:
    data.mkdir()
    (data / FILE).write_bytes(b"this is not a database " * 500)
    with pytest.raises(DataDirectoryError, match=f"{data} cannot be used: file is not a database"):
        Catalogue(data, create=create)
    assert (data / FILE).read_bytes().startswith(b"this is not")


def test_a_base_below_a_regular_file_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KnowledgeError):
        Catalogue(tmp_path / "file" / "data")
    with pytest.raises(DataDirectoryError, match="Not a directory"):
        Catalogue(tmp_path / "file" / "data", create=True)


def test_a_base_of_another_schema_is_refused_and_left_alone(
    data: Path, catalogue: Catalogue, embedder: Embedder
) -> None:
    put(catalogue, note("a", "One."), embedder)
    catalogue.set_settings({"schema": "999"})
    for create in (False, True):
        with pytest.raises(IndexMismatch, match="schema 999"):
            Catalogue(data, create=create)
    assert catalogue.document("a", PUBLIC) is not None
