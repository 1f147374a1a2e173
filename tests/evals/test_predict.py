"""A pack run through the desk's own stream: what it is offered, what is recorded, what is kept between runs."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from assistant.desk import Desk
from assistant.errors import InvalidQuestion
from assistant.settings import Limits
from assistant.types import Answer, Citation, Outcome, Provenance, Sentence
from evals.dataset import PackQuestion, Prediction
from evals.errors import InvalidPack
from evals.predict import predict, prepare_store, record
from knowledge.base import open_base
from tests import fakes
from tests.assistant.asking import desk_with
from tests.assistant.documents import embedder
from tests.evals.conftest import Pack
from tests.evals.packs import DOCUMENTS, QUESTIONS, CountingEmbedder, write_lines
from tests.fakes import ModelServer

_TEXTS = {document["id"]: " ".join(document["text"].split()) for document in DOCUMENTS}


def _questions(*identifiers: str) -> list[PackQuestion]:
    chosen = [question for question in QUESTIONS if not identifiers or question["id"] in identifiers]
    return [PackQuestion.model_validate(question) for question in chosen]


async def _predict(desk: Desk, questions: list[PackQuestion], whole_corpus: bool = False) -> dict[str, Prediction]:
    predictions = await predict(desk, questions, whole_corpus=whole_corpus, done=lambda: None)
    return {prediction.id: prediction for prediction in predictions}


# --- end to end -----------------------------------------------------------------------------------


async def test_a_pack_is_answered_refused_and_narrowed_as_its_questions_ask(desk: Desk) -> None:
    predictions = await _predict(desk, _questions())

    assert {identifier: prediction.abstained for identifier, prediction in predictions.items()} == {
        "q-ferry": False,
        "q-follow-up": False,
        "q-elsewhere": True,
        "q-pool": False,
        "q-year": True,
        "q-sq": False,
    }
    assert "45 passengers" in predictions["q-ferry"].answer_text
    assert "two brothers" in predictions["q-follow-up"].answer_text
    assert "108 metres" in predictions["q-pool"].answer_text
    assert "23 pupils" in predictions["q-sq"].answer_text


async def test_predictions_come_in_the_order_of_the_questions_and_each_is_counted(desk: Desk) -> None:
    questions = _questions() * 3
    counted = 0

    def done() -> None:
        nonlocal counted
        counted += 1

    predictions = await predict(desk, questions, whole_corpus=False, done=done)

    assert [prediction.id for prediction in predictions] == [question.id for question in questions]
    assert counted == len(questions)


async def test_a_follow_up_finds_what_the_conversation_was_about(desk: Desk) -> None:
    (question,) = _questions("q-follow-up")

    prediction = (await _predict(desk, [question]))["q-follow-up"]

    assert prediction.ranked_doc_ids[0] == "bakery"
    assert prediction.cited_doc_ids == ("bakery",)


async def test_every_document_is_ranked_once_and_the_cited_ones_are_among_them(desk: Desk) -> None:
    prediction = (await _predict(desk, _questions("q-ferry")))["q-ferry"]

    assert prediction.ranked_doc_ids[0] == "ferry"
    assert sorted(prediction.ranked_doc_ids) == sorted(_TEXTS)
    assert set(prediction.cited_doc_ids) <= set(prediction.ranked_doc_ids)


async def test_only_what_is_on_offer_is_ranked_and_cited(desk: Desk) -> None:
    predictions = await _predict(desk, _questions("q-elsewhere", "q-pool"))

    assert predictions["q-elsewhere"].ranked_doc_ids == ("school",)
    assert set(predictions["q-pool"].ranked_doc_ids) == {"bridge", "ferry"}
    assert set(predictions["q-pool"].cited_doc_ids) <= {"bridge", "ferry"}


async def test_the_whole_corpus_can_be_offered_instead(desk: Desk) -> None:
    prediction = (await _predict(desk, _questions("q-elsewhere"), whole_corpus=True))["q-elsewhere"]

    assert prediction.ranked_doc_ids[0] == "bakery"
    assert not prediction.abstained
    assert "120 loaves" in prediction.answer_text


async def test_a_refusal_says_cites_and_quotes_nothing(desk: Desk) -> None:
    prediction = (await _predict(desk, _questions("q-year")))["q-year"]

    assert prediction.abstained
    assert (prediction.answer_text, prediction.cited_doc_ids, prediction.quotes) == ("", (), ())
    assert prediction.ranked_doc_ids


async def test_quotes_stand_word_for_word_in_the_corpus(desk: Desk) -> None:
    predictions = await _predict(desk, _questions())

    quotes = [quote for prediction in predictions.values() for quote in prediction.quotes]
    assert len(quotes) >= 4
    assert all(" ".join(quote.text.split()) in _TEXTS[quote.doc_id] for quote in quotes)


def test_a_document_of_one_sentence_without_a_title_answers(tmp_path: Path) -> None:
    corpus = write_lines(tmp_path / "corpus.jsonl", [{"id": "well", "title": "", "text": "The well is 9 feet deep."}])
    base = open_base(prepare_store([corpus], tmp_path, embedder()), embedder())
    try:
        desk = Desk(base, embedder().name)
        (prediction,) = asyncio.run(_predict(desk, [PackQuestion(id="q", question="How deep is the well?")])).values()
    finally:
        base.close()

    assert prediction.answer_text == "The well is 9 feet deep."
    assert prediction.cited_doc_ids == ("well",)


async def test_a_document_that_is_not_in_the_corpus_offers_nothing(desk: Desk) -> None:
    question = PackQuestion(id="q", question="How long is it?", abstain_scope="source_doc", source_doc_id="absent")

    prediction = (await _predict(desk, [question]))["q"]

    assert prediction.abstained
    assert prediction.ranked_doc_ids == ()


async def test_a_model_that_fails_costs_its_question_nothing_but_the_model(desk: Desk) -> None:
    limits = Limits(first_token_seconds=0.2, idle_seconds=0.2, total_seconds=30)
    with ModelServer(fakes.never_starts()) as server:
        predictions = await _predict(desk_with(desk.base, server, limits), _questions("q-ferry", "q-follow-up"))

    assert [prediction.abstained for prediction in predictions.values()] == [False, False]
    assert "45 passengers" in predictions["q-ferry"].answer_text


async def test_a_question_that_cannot_be_asked_does_not_pass_for_an_answer(desk: Desk) -> None:
    with pytest.raises(InvalidQuestion):
        await _predict(desk, [*_questions("q-ferry"), PackQuestion(id="empty", question="  ")])


# --- one answer, recorded -------------------------------------------------------------------------


def _citation(document_id: str, quote: str) -> Citation:
    return Citation(1, "p", document_id, "Title", None, None, None, "p. 1", quote, 0, len(quote), True)


def _answer(outcome: Outcome, *citations: Citation) -> Answer:
    sentences = tuple(Sentence(citation.quote, (citation,)) for citation in citations)
    return Answer(outcome, "What was said.", "en", sentences, (), (), Provenance(None))


@pytest.mark.parametrize(
    ("outcome", "abstained", "clarified"),
    [
        (Outcome.ANSWERED, False, False),
        (Outcome.PARTIAL, False, False),
        (Outcome.EVIDENCE_ONLY, False, False),
        (Outcome.NOT_COVERED, True, False),
        (Outcome.DECLINED, True, False),
        (Outcome.FAILED, True, False),
        (Outcome.NEEDS_CLARIFICATION, False, True),
    ],
)
def test_every_outcome_is_recorded_for_what_it_is(outcome: Outcome, abstained: bool, clarified: bool) -> None:
    prediction = record("q", (), _answer(outcome))

    assert (prediction.abstained, prediction.clarified) == (abstained, clarified)
    assert prediction.answer_text == ("" if abstained else "What was said.")


def test_a_document_is_cited_once_and_a_quote_recorded_once() -> None:
    cited = [_citation("b", "Two."), _citation("a", "One."), _citation("b", "Two."), _citation("a", "Two.")]

    prediction = record("q", (), _answer(Outcome.ANSWERED, *cited))

    assert prediction.cited_doc_ids == ("b", "a")
    assert [(quote.doc_id, quote.text) for quote in prediction.quotes] == [("b", "Two."), ("a", "One."), ("a", "Two.")]


# --- the store ------------------------------------------------------------------------------------


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
        assert {document.source.id for document in base.catalogue.documents()} == {*_TEXTS, "well"}
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
        assert {document.source.id for document in base.catalogue.documents()} == set(_TEXTS)
    finally:
        base.close()


@pytest.mark.parametrize(
    "line",
    ["{not json", "[]", '{"id": "d2", "title": "No text"}', '{"id": 7, "title": "", "text": "Text."}',
     '{"id": "", "title": "", "text": "Text."}', '{"id": "d2", "title": "Empty", "text": "  "}',
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


def test_leaving_a_run_in_the_middle_leaves_no_task_behind(desk: Desk) -> None:
    async def interrupted() -> set[asyncio.Task[Any]]:
        running = asyncio.create_task(_predict(desk, _questions() * 5))
        done = asyncio.Event()
        other = asyncio.create_task(predict(desk, _questions("q-ferry"), whole_corpus=False, done=done.set))
        await done.wait()
        running.cancel()
        await asyncio.gather(running, other, return_exceptions=True)
        left = asyncio.all_tasks() - {task for task in [asyncio.current_task()] if task}
        if left:
            _, left = await asyncio.wait(left, timeout=5)
        return left

    assert asyncio.run(interrupted()) == set()
