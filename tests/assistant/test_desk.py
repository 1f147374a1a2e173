"""The desk without a model: one stream from a question to a checked, cited answer, for each reader their own."""

import asyncio
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import date

import pytest

from assistant.desk import TOP_K, Desk, checked_question
from assistant.errors import InvalidQuestion
from assistant.events import Event, Finished, Found, Said, Searching
from assistant.types import MAX_QUESTION, Outcome, Reader
from knowledge.base import KnowledgeBase
from tests.assistant.asking import (
    answer_of,
    asked_before,
    citations_of,
    desk_on,
    events_of,
    notices_of,
    of_kind,
    still_running,
)
from tests.assistant.documents import (
    ASK_CEILING,
    ASK_HARBOUR,
    ASK_PICKERS,
    ASK_PODGORICA,
    ASK_SKOPJE,
    BRIEF,
    HARBOUR,
    HARBOUR_SENTENCE,
    PICKERS_SENTENCE,
    PODGORICA,
    PODGORICA_SENTENCE,
    SKOPJE,
    SKOPJE_SENTENCE,
    STAFF_NOTE,
    STAFF_SECRETS,
)

_STAFF = Reader.of("staff")
_OFF_TOPIC = "How many moons has the planet Jupiter in 1999?"


@pytest.fixture(name="desk")
def _desk(base: KnowledgeBase) -> Desk:
    return desk_on(base)


# --- the stream -----------------------------------------------------------------------------------


async def test_the_stream_tells_what_is_searched_found_and_said_and_ends_with_the_answer(desk: Desk) -> None:
    events = await events_of(desk, ASK_PODGORICA)

    answer = answer_of(events)
    said = of_kind(events, Said)
    assert [type(event) for event in events] == [Searching, Found, *[Said] * len(said), Finished]
    assert events[0] == Searching(ASK_PODGORICA)
    assert [event.index for event in said] == list(range(len(said)))
    assert answer.sentences == tuple(event.sentence for event in said) != ()


async def test_an_answer_is_the_right_sentence_with_its_place_in_the_document(desk: Desk, base: KnowledgeBase) -> None:
    answer = answer_of(await events_of(desk, ASK_PODGORICA))

    assert answer.outcome is Outcome.ANSWERED
    assert answer.sentences[0].text == PODGORICA_SENTENCE
    assert answer.text.startswith(PODGORICA_SENTENCE)
    (citation,) = answer.sentences[0].citations
    document = base.catalogue.document(PODGORICA, frozenset({"public"}))
    assert document is not None
    assert citation.document_id == PODGORICA
    assert citation.locator == "Participants"
    assert document.text[citation.start : citation.end] == citation.quote == PODGORICA_SENTENCE


async def test_every_quote_of_every_answer_stands_in_the_stored_text_at_its_place(
    desk: Desk, base: KnowledgeBase
) -> None:
    for question in (ASK_PODGORICA, ASK_SKOPJE, ASK_HARBOUR, ASK_PICKERS):
        citations = citations_of(answer_of(await events_of(desk, question)))
        assert citations
        for citation in citations:
            document = base.catalogue.document(citation.document_id, frozenset({"public"}))
            assert document is not None
            assert document.text[citation.start : citation.end] == citation.quote
            assert citation.verified


async def test_of_two_like_meetings_the_one_that_was_asked_for_answers(desk: Desk) -> None:
    answers = {
        question: answer_of(await events_of(desk, question)).sentences[0].text
        for question in (ASK_PODGORICA, ASK_SKOPJE)
    }

    assert answers == {ASK_PODGORICA: PODGORICA_SENTENCE, ASK_SKOPJE: SKOPJE_SENTENCE}


async def test_a_statement_of_a_brief_is_cited_from_the_publication_it_rests_on(desk: Desk) -> None:
    answer = answer_of(await events_of(desk, ASK_PICKERS))

    citation = answer.sentences[0].citations[0]
    assert citation.quote == PICKERS_SENTENCE
    assert citation.document_id == BRIEF
    assert (citation.title, citation.publisher, citation.published, citation.url) == (
        "Survey of orchard workers along the Drina",
        "Institute for Rural Labour",
        "2019-07-15",
        "https://labour.example/orchard-survey",
    )
    assert answer.sources[0].title == citation.title


async def test_sources_are_those_that_are_cited_numbered_by_first_citation(desk: Desk) -> None:
    answer = answer_of(await events_of(desk, "What does a seasonal visa cost, and who paid its fee?"))

    numbers = list(dict.fromkeys(citation.number for citation in citations_of(answer)))
    assert numbers == list(range(1, len(numbers) + 1))
    assert [source.number for source in answer.sources] == numbers
    cited = {(citation.number, citation.document_id, citation.title, citation.url) for citation in citations_of(answer)}
    assert {(card.number, card.document_id, card.title, card.url) for card in answer.sources} == cited


async def test_ask_gives_the_answer_that_the_stream_ends_with(desk: Desk) -> None:
    asked = await desk.ask(ASK_HARBOUR)

    streamed = answer_of(await events_of(desk, ASK_HARBOUR))
    assert replace(asked, provenance=streamed.provenance) == streamed
    assert asked.sentences[0].text == HARBOUR_SENTENCE


async def test_an_answer_tells_what_made_it(desk: Desk, base: KnowledgeBase) -> None:
    provenance = answer_of(await events_of(desk, ASK_HARBOUR)).provenance

    assert (provenance.model, provenance.prompts) == (None, {})
    assert (provenance.embedder, provenance.index) == ("local", base.fingerprint)
    timings = provenance.timings_ms
    assert 0 <= timings["found"] <= timings["first_sentence"] <= timings["total"]


async def test_what_the_documents_do_not_hold_is_refused_without_any_citation_or_source(desk: Desk) -> None:
    events = await events_of(desk, _OFF_TOPIC)

    answer = answer_of(events)
    assert answer.outcome is Outcome.NOT_COVERED
    assert (answer.sentences, answer.sources, answer.notices) == ((), (), ())
    assert answer.text
    assert not of_kind(events, Said)


async def test_a_refusal_is_worded_in_the_language_of_the_question_or_the_one_the_reader_chose(desk: Desk) -> None:
    albanian = answer_of(await events_of(desk, "Sa banorë kishte qyteti i Tiranës në vitin 1999?"))
    chosen = answer_of(await events_of(desk, _OFF_TOPIC, reader=Reader(language="sq")))

    assert albanian.outcome is chosen.outcome is Outcome.NOT_COVERED
    assert albanian.language == chosen.language == "sq"
    assert "Dokumentet" in albanian.text
    assert "Dokumentet" in chosen.text


async def test_more_passages_can_be_ranked_than_a_writer_reads(desk: Desk) -> None:
    question = "What was named as the most urgent need at the round tables?"
    shallow = of_kind(await events_of(desk, question, top_k=1), Found)[0].passages
    events = await events_of(desk, question, top_k=1, depth=50)

    ranked = of_kind(events, Found)[0].passages
    assert len(shallow) == 1
    assert len(ranked) > TOP_K
    assert ranked[0] == shallow[0]
    assert {citation.passage_id for citation in citations_of(answer_of(events))} == {ranked[0].passage.id}


# --- questions that cannot be asked ---------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "   \n\t ", "?!…", "\u200b\u200b", "- . -"])
async def test_an_empty_question_is_refused_before_anything_is_searched(desk: Desk, question: str) -> None:
    with pytest.raises(InvalidQuestion, match="empty"):
        await events_of(desk, question)


@pytest.mark.parametrize("length", [MAX_QUESTION + 1, 100_000])
async def test_a_question_that_is_too_long_is_refused_with_both_lengths(desk: Desk, length: int) -> None:
    with pytest.raises(InvalidQuestion, match=f"{length:,} characters; at most {MAX_QUESTION:,}"):
        await events_of(desk, "a" * length)


def test_a_question_of_the_greatest_length_is_read_whole() -> None:
    assert checked_question("a" * MAX_QUESTION) == "a" * MAX_QUESTION


async def test_what_nobody_can_see_is_no_part_of_the_question(desk: Desk) -> None:
    hidden = "".join(chr(0xE0000 + ord(character)) for character in "ignore")
    events = await events_of(desk, f"{ASK_PODGORICA}\u202e{hidden}\x00")

    assert events[0] == Searching(ASK_PODGORICA)


# --- conversations --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "question", "document", "sentence"),
    [
        (ASK_PODGORICA, "And in Skopje?", SKOPJE, SKOPJE_SENTENCE),
        (ASK_SKOPJE, "And in Podgorica?", PODGORICA, PODGORICA_SENTENCE),
        (ASK_SKOPJE, "And who came to Podgorica?", PODGORICA, PODGORICA_SENTENCE),
    ],
)
async def test_a_follow_up_about_the_other_city_finds_the_other_document(
    desk: Desk, before: str, question: str, document: str, sentence: str
) -> None:
    events = await events_of(desk, question, asked_before(before))

    answer = answer_of(events)
    assert "delegations" in of_kind(events, Searching)[0].question
    assert sentence in [said.text for said in answer.sentences]
    assert {citation.document_id for citation in citations_of(answer)} == {document}


async def test_a_question_without_a_conversation_is_searched_as_it_is(desk: Desk) -> None:
    events = await events_of(desk, "And in Skopje?", asked_before("", "   "))

    assert events[0] == Searching("And in Skopje?")


async def test_a_question_searched_with_words_from_the_conversation_is_no_less_its_readers_own(desk: Desk) -> None:
    events = await events_of(desk, "And what is its ceiling?", asked_before("Who leads the talks on the return grant?"))

    assert not [secret for secret in STAFF_SECRETS if secret in _all_text(events)]


# --- readers --------------------------------------------------------------------------------------


def _all_text(events: list[Event]) -> str:
    """Everything that any field of any event holds."""
    return repr(events)


@pytest.mark.parametrize("audience", ["public", "partner", "partner:nepal"])
@pytest.mark.parametrize(
    "question", [ASK_CEILING, "Who leads the talks on the grant?", "What is in the internal note on the talks?"]
)
async def test_no_field_of_any_event_shows_a_staff_document_to_anybody_else(
    desk: Desk, audience: str, question: str
) -> None:
    events = await events_of(desk, question, reader=Reader.of(audience), depth=100)

    assert of_kind(events, Found)[0].passages
    assert not [secret for secret in STAFF_SECRETS if secret in _all_text(events)]


@pytest.mark.parametrize("reader", [None, Reader(), Reader(audiences=frozenset())])
async def test_a_reader_who_is_not_known_sees_no_staff_document_also_when_it_is_asked_for_by_its_id(
    desk: Desk, reader: Reader | None
) -> None:
    events = await events_of(desk, ASK_CEILING, reader=reader, document_ids=frozenset({STAFF_NOTE}))

    assert of_kind(events, Found) == [Found(())]
    assert answer_of(events).outcome is Outcome.NOT_COVERED
    assert not [secret for secret in STAFF_SECRETS if secret in _all_text(events)]


async def test_a_hidden_document_and_one_that_does_not_exist_are_refused_alike(desk: Desk) -> None:
    hidden = answer_of(await events_of(desk, ASK_CEILING, document_ids=frozenset({STAFF_NOTE})))
    absent = answer_of(await events_of(desk, ASK_CEILING, document_ids=frozenset({"no-such-note.md"})))

    assert replace(hidden, provenance=absent.provenance) == absent


async def test_staff_are_answered_from_the_staff_document(desk: Desk) -> None:
    answer = answer_of(await events_of(desk, ASK_CEILING, reader=_STAFF))

    assert "8450 denars" in answer.text
    assert citations_of(answer)[0].document_id == STAFF_NOTE
    assert all(citation.verified for citation in citations_of(answer))


async def test_a_question_is_answered_only_from_the_documents_on_offer(desk: Desk) -> None:
    events = await events_of(desk, ASK_PODGORICA, document_ids=frozenset({SKOPJE, HARBOUR}))

    assert {found.passage.document_id for found in of_kind(events, Found)[0].passages} == {SKOPJE, HARBOUR}
    assert {citation.document_id for citation in citations_of(answer_of(events))} <= {SKOPJE, HARBOUR}


# --- many at once, and leaving --------------------------------------------------------------------


async def test_twenty_questions_at_once_each_get_their_own_answer(desk: Desk) -> None:
    expected = {
        ASK_PODGORICA: PODGORICA_SENTENCE,
        ASK_SKOPJE: SKOPJE_SENTENCE,
        ASK_HARBOUR: HARBOUR_SENTENCE,
        ASK_PICKERS: PICKERS_SENTENCE,
    }
    questions = list(expected) * 5

    streams = await asyncio.gather(*(events_of(desk, question) for question in questions))

    for question, events in zip(questions, streams, strict=True):
        assert events[0] == Searching(question)
        answer = answer_of(events)
        assert expected[question] in [sentence.text for sentence in answer.sentences]
        assert [citation.number for citation in citations_of(answer)][0] == 1


async def test_staff_and_public_at_once_each_see_their_own(desk: Desk) -> None:
    readers = [_STAFF, Reader()] * 5

    streams = await asyncio.gather(*(events_of(desk, ASK_CEILING, reader=reader) for reader in readers))

    assert [("8450" in _all_text(events)) for events in streams] == [True, False] * 5


@pytest.mark.parametrize("last", [Searching, Found, Said])
async def test_leaving_the_stream_early_leaves_no_task_behind(desk: Desk, last: type[Event]) -> None:
    before = asyncio.all_tasks()
    async with aclosing(desk.stream(ASK_PODGORICA)) as events:
        async for event in events:
            if isinstance(event, last):
                break

    assert await still_running(before) == set()
    assert answer_of(await events_of(desk, ASK_PODGORICA)).outcome is Outcome.ANSWERED


async def test_a_cancelled_question_leaves_no_task_behind_and_the_desk_answers_on(desk: Desk) -> None:
    before = asyncio.all_tasks()
    searching = asyncio.Event()

    async def ask() -> None:
        async with aclosing(desk.stream(ASK_PODGORICA)) as events:
            async for _ in events:
                searching.set()

    asking = asyncio.create_task(ask())
    await searching.wait()
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking

    assert asking.cancelled()
    assert await still_running(before) == set()
    assert (await desk.ask(ASK_PODGORICA)).outcome is Outcome.ANSWERED


# --- what a careful colleague would add -----------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "notices"),
    [
        (date(2019, 8, 1), []),
        (date(2021, 6, 30), []),
        (date(2021, 7, 1), ["review_due"]),
        (date(2021, 8, 1), ["dated", "review_due"]),
        (date(2026, 1, 1), ["dated", "review_due"]),
    ],
)
async def test_an_old_source_and_a_review_that_is_due_are_told(
    base: KnowledgeBase, today: date, notices: list[str]
) -> None:
    answer = answer_of(await events_of(desk_on(base, today), ASK_PICKERS))

    assert {citation.document_id for citation in citations_of(answer)} == {BRIEF}
    assert notices_of(answer) == notices


async def test_notices_name_the_date_and_the_document(base: KnowledgeBase) -> None:
    answer = answer_of(await events_of(desk_on(base, date(2026, 1, 1)), ASK_PICKERS))

    told = {notice.kind: notice.text for notice in answer.notices}
    assert "15 July 2019" in told["dated"]
    assert "June 2021" in told["review_due"]
    assert "Seasonal workers in the orchards" in told["review_due"]


async def test_a_source_without_a_date_is_not_called_old(base: KnowledgeBase) -> None:
    assert notices_of(answer_of(await events_of(desk_on(base, date(2040, 1, 1)), ASK_HARBOUR))) == []


@pytest.mark.parametrize(
    ("question", "reader", "told"),
    [
        (ASK_HARBOUR, None, False),
        ("Koliko kuća porodica povratnika je popravio projekat Safe Harbour?", None, True),
        (ASK_HARBOUR, Reader(language="mk"), True),
    ],
)
async def test_quotes_in_another_language_than_the_readers_are_told_to_be_in_their_own(
    desk: Desk, question: str, reader: Reader | None, told: bool
) -> None:
    answer = answer_of(await events_of(desk, question, reader=reader))

    assert citations_of(answer)[0].quote == HARBOUR_SENTENCE
    assert ("original_language" in notices_of(answer)) is told
