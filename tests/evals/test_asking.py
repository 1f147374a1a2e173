"""A question asked for a run: what it is offered, and everything that is recorded of its answer."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from assistant.desk import TOP_K, Desk
from assistant.settings import Limits
from assistant.types import Answer, Citation, Outcome, Provenance, Sentence
from evals.asking import ask, record_of
from evals.corpus_store import prepare_store
from evals.dataset import question_of
from evals.questions import Question
from evals.records import AnswerRecord
from knowledge.base import open_base
from tests import fakes
from tests.assistant.asking import desk_with
from tests.assistant.documents import embedder
from tests.evals.packs import DOCUMENTS, QUESTIONS, write_lines
from tests.fakes import ModelServer

_TEXTS = {document["id"]: " ".join(document["text"].split()) for document in DOCUMENTS}


def _question(identifier: str) -> Question:
    return question_of(next(question for question in QUESTIONS if question["id"] == identifier))


def _ranked(record: AnswerRecord) -> list[str]:
    return [passage.document_id for passage in record.passages]


async def test_a_pack_is_answered_refused_and_narrowed_as_its_questions_ask(desk: Desk) -> None:
    records = {record.question_id: record for record in [await ask(desk, question_of(each)) for each in QUESTIONS]}

    assert {identifier: record.abstained for identifier, record in records.items()} == {
        "q-ferry": False,
        "q-follow-up": False,
        "q-elsewhere": True,
        "q-pool": False,
        "q-year": True,
        "q-sq": False,
    }
    assert "45 passengers" in records["q-ferry"].answer
    assert "two brothers" in records["q-follow-up"].answer
    assert "108 metres" in records["q-pool"].answer
    assert "23 pupils" in records["q-sq"].answer
    assert all(record.failure is None for record in records.values())
    assert _ranked(records["q-elsewhere"]) == ["school"]
    assert set(_ranked(records["q-pool"])) == {"bridge", "ferry"}


async def test_an_answer_is_recorded_with_passages_citations_and_what_shaped_it(desk: Desk) -> None:
    record = await ask(desk, _question("q-ferry"), repeat=2)

    assert (record.question_id, record.repeat, record.outcome, record.language) == ("q-ferry", 2, "ANSWERED", "en")
    assert record.searched == "How many passengers does the ferry on Lake Komani carry?"
    assert record.passages[0].text.startswith("The ferry of Lake Komani\n")
    assert record.passages[0].score > record.passages[-1].score
    assert {passage.audience for passage in record.passages} == {"public"}
    citations = [citation for sentence in record.sentences for citation in sentence.citations]
    assert citations
    for citation in citations:
        assert citation.verified
        assert " ".join(citation.quote.split()) in _TEXTS[citation.document_id]
        assert (citation.audience, citation.version) == ("public", 1)
    assert record.confidence is not None and 0.5 < record.confidence <= 1
    assert record.timings_ms["total"] >= record.timings_ms["found"] >= 0


async def test_a_follow_up_is_recorded_as_it_was_searched_for(desk: Desk) -> None:
    record = await ask(desk, _question("q-follow-up"))

    assert record.searched != "And who built its oven?"
    assert "akery" in record.searched
    assert record.passages[0].document_id == "bakery"


async def test_the_whole_corpus_can_be_offered_instead(desk: Desk) -> None:
    record = await ask(desk, _question("q-elsewhere"), whole_corpus=True)

    assert record.passages[0].document_id == "bakery"
    assert "120 loaves" in record.answer


async def test_a_refusal_keeps_the_message_shown_and_what_was_found(desk: Desk) -> None:
    record = await ask(desk, _question("q-year"))

    assert record.abstained
    assert record.answer and not record.sentences
    assert record.passages


async def test_a_document_that_is_not_in_the_corpus_offers_nothing(desk: Desk) -> None:
    question = Question(id="q", question="How long is it?", abstain_scope="source_doc", source_doc_id="absent")

    record = await ask(desk, question)

    assert record.abstained and not record.passages


async def test_a_question_is_asked_as_its_reader_and_on_its_day(tmp_path: Path) -> None:
    corpus = write_lines(
        tmp_path / "corpus.jsonl",
        [
            {"id": "open", "title": "The mill", "text": "The mill in Theth grinds maize on Mondays."},
            {"id": "closed", "title": "Mill, internal", "text": "The mill in Theth owes 700 lek.", "audience": "staff"},
        ],
    )
    base = open_base(prepare_store([corpus], tmp_path, embedder()), embedder())
    question = Question(id="q", question="How many lek does the mill in Theth owe?")
    try:
        desk = Desk(base, embedder().name)
        public = await ask(desk, question)
        staff = await ask(desk, question.model_copy(update={"reader": "staff"}))
        dated = await ask(desk, question.model_copy(update={"as_of": date(2020, 1, 1)}))
        citation = Citation(1, "p", "closed", "T", None, None, None, "p. 1", "The mill", 0, 8, True)
        answer = Answer(Outcome.ANSWERED, "", "en", (Sentence("", (citation,)),), (), (), Provenance(None))
        cited = record_of(base.catalogue, "q", 0, "", (), (), answer)
    finally:
        base.close()

    assert _ranked(public) == ["open"]
    assert "700" not in public.model_dump_json()
    assert {passage.document_id: passage.audience for passage in staff.passages} == {
        "open": "public",
        "closed": "staff",
    }
    assert cited.sentences[0].citations[0].audience == "staff"
    assert "as_of" in [notice.kind for notice in dated.notices]
    assert "as_of" not in [notice.kind for notice in public.notices]


async def test_only_the_passages_that_a_writer_read_are_recorded_with_their_text(tmp_path: Path) -> None:
    texts = [f"The boat number {n} on Lake Komani carries {n} goats." for n in range(10, 10 + TOP_K + 3)]
    corpus = write_lines(
        tmp_path / "corpus.jsonl", [{"id": f"boat-{n}", "title": "", "text": text} for n, text in enumerate(texts)]
    )
    base = open_base(prepare_store([corpus], tmp_path, embedder()), embedder())
    try:
        record = await ask(Desk(base, embedder().name), Question(id="q", question="How many goats on boat number 12?"))
    finally:
        base.close()

    assert len(record.passages) == len(texts)
    assert [bool(passage.text) for passage in record.passages] == [True] * TOP_K + [False] * 3


async def test_a_model_that_fails_costs_its_question_nothing_but_the_model(desk: Desk) -> None:
    limits = Limits(first_token_seconds=0.2, idle_seconds=0.2, total_seconds=30)
    with ModelServer(fakes.never_starts()) as server:
        record = await ask(desk_with(desk.base, server, limits), _question("q-ferry"))

    assert record.outcome == "EVIDENCE_ONLY"
    assert "45 passengers" in record.answer
    assert record.failure is None
    assert "answer" in record.prompts


async def test_a_question_that_cannot_be_asked_is_a_failure_and_no_refusal(desk: Desk) -> None:
    record = await ask(desk, Question(id="empty", question="  "))

    assert record.outcome == "FAILED"
    assert record.failure is not None and record.failure.startswith("InvalidQuestion: ")


@pytest.mark.parametrize(
    ("document", "version", "start", "end", "stands"),
    [
        ("bridge", 1, 0, 27, True),
        ("bridge", 1, 1, 28, False),
        ("bridge", 1, 0, 26, False),
        ("bridge", 2, 0, 27, False),
        ("ferry", 1, 0, 27, False),
        ("gone", 1, 0, 27, False),
    ],
)
def test_a_citation_is_checked_in_the_stored_text_whatever_it_says_of_itself(
    desk: Desk, document: str, version: int, start: int, end: int, stands: bool
) -> None:
    quote = "The bridge at Mes has 13 ar"
    citation = Citation(1, "p", document, "T", None, None, None, "p. 1", quote, start, end, True, version)
    answer = Answer(Outcome.ANSWERED, quote, "en", (Sentence(quote, (citation,)),), (), (), Provenance(None))

    record = record_of(desk.base.catalogue, "q", 0, "", (), (), answer)

    assert record.sentences[0].citations[0].verified is stands


def test_leaving_a_question_in_the_middle_leaves_no_task_behind(desk: Desk) -> None:
    async def interrupted() -> set[asyncio.Task[object]]:
        asking = asyncio.create_task(ask(desk, _question("q-ferry")))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert asking.cancelled()
        left = asyncio.all_tasks() - {task for task in [asyncio.current_task()] if task}
        if left:
            _, left = await asyncio.wait(left, timeout=5)
        return left

    assert asyncio.run(interrupted()) == set()
