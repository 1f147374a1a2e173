"""The one path: what is told, what is kept of it and under whose name, and what a follow-up builds on."""

import logging
from contextlib import aclosing
from pathlib import Path

import pytest

from assistant.conversations.errors import DatabaseFull
from assistant.errors import InvalidQuestion
from assistant.events import Finished, Found, Said, Searching
from assistant.types import Turn
from integrations.asking.answering import Answered, Asking
from integrations.asking.errors import UnknownConversation
from knowledge.decisions import Decisions
from tests.integrations.asking.conftest import Freely, posed
from tests.integrations.conftest import QUESTION, STAFF_NAME, STAFF_QUESTION, UNANSWERABLE

FOLLOW_UP = "And in Belgrade?"
TIRANA = "rgrs-tirana-june-2024"


async def told(asking: Asking, *parts: object, **changed: object) -> list[object]:
    opened = await asking.open(posed(*parts, **changed))  # type: ignore[arg-type]
    async with aclosing(asking.stream(opened, Freely())) as events:
        return [event async for event in events]


async def searched(asking: Asking, text: str, **changed: object) -> str:
    """The question as it was searched for."""
    first = (await told(asking, text, **changed))[0]
    assert isinstance(first, Searching)
    return first.question


async def test_an_answer_is_kept_before_it_is_told_and_as_whose_and_where_it_was_asked(asking: Asking) -> None:
    events = await told(asking, as_of=None, surface="api", person="key:1")

    answered = events[-1]
    assert isinstance(answered, Answered) and isinstance(events[0], Searching) and isinstance(events[1], Found)
    assert all(isinstance(event, Said) for event in events[2:-1])
    assert not any(isinstance(event, Finished) for event in events)
    kept = asking.conversations.kept(answered.answer_id or "")
    assert kept is not None
    assert (kept.thread, kept.surface, kept.person, kept.audience) == (answered.conversation, "api", "key:1", "public")
    assert (kept.question, kept.answer, kept.language) == (QUESTION, answered.answer, "en")
    assert kept.found == tuple(item.passage.id for item in events[1].passages)
    assert len(answered.conversation) == 22


async def test_a_question_is_kept_without_what_nobody_can_see_in_it(asking: Asking) -> None:
    answered = await asking.answer(posed(f" {QUESTION}\u200b "), Freely())

    assert [one.question for one in asking.conversations.conversations("web:ana")] == [QUESTION]
    assert answered.answer_id is not None


async def test_a_conversation_goes_on_with_what_was_asked_in_it(asking: Asking) -> None:
    begun = await asking.answer(posed(), Freely())

    question = await searched(asking, FOLLOW_UP, conversation=begun.conversation)

    assert "delegations" in question
    (one,) = asking.conversations.conversations("web:ana")
    assert (one.thread, one.answers) == (begun.conversation, 2)
    assert await searched(asking, FOLLOW_UP) == FOLLOW_UP, "a new conversation knows nothing of another"
    assert len(asking.conversations.conversations("web:ana")) == 2


async def test_a_client_that_keeps_its_conversations_itself_sends_them_along(asking: Asking) -> None:
    assert "delegations" in await searched(asking, FOLLOW_UP, history=(Turn("user", QUESTION),))


async def test_a_conversation_of_somebody_else_erased_or_unknown_cannot_be_gone_on_with(asking: Asking) -> None:
    theirs = await asking.answer(posed(person="web:ben"), Freely())
    gone = await asking.answer(posed(), Freely())
    asking.conversations.forget_thread("web:ana", gone.conversation)

    words = set()
    for conversation in (theirs.conversation, gone.conversation, "never", ""):
        with pytest.raises(UnknownConversation) as error:
            await asking.open(posed(FOLLOW_UP, conversation=conversation))
        words.add(str(error.value))
    assert len(words) == 1
    with pytest.raises(InvalidQuestion):
        await asking.open(posed("???", conversation=theirs.conversation))


async def test_a_follow_up_builds_on_nothing_that_was_answered_with_more_rights(asking: Asking) -> None:
    staff = await asking.answer(posed(STAFF_QUESTION, audience="staff"), Freely())
    assert STAFF_NAME in staff.answer.text

    as_public = await asking.open(posed(FOLLOW_UP, conversation=staff.conversation))
    as_staff = await asking.open(posed(FOLLOW_UP, conversation=staff.conversation, audience="staff"))

    assert as_public.history == ()
    assert [turn.role for turn in as_staff.history] == ["user", "assistant"]


async def test_a_follow_up_builds_on_nothing_whose_documents_are_withdrawn(asking: Asking, base_copy: Path) -> None:
    begun = await asking.answer(posed(), Freely())
    assert (await asking.open(posed(FOLLOW_UP, conversation=begun.conversation))).history

    Decisions(base_copy).withdraw("ana", TIRANA, "a mistake")

    assert (await asking.open(posed(FOLLOW_UP, conversation=begun.conversation))).history == ()


async def test_what_the_desk_suggests_stands_alone_in_a_conversation(asking: Asking) -> None:
    begun = await asking.answer(posed(), Freely())
    assert begun.suggestions
    suggested = begun.suggestions[0].question

    assert await searched(asking, suggested, conversation=begun.conversation) == suggested
    assert (await asking.open(posed(f"{suggested} Why?", conversation=begun.conversation))).history


async def test_a_stream_that_is_broken_off_keeps_nothing(asking: Asking) -> None:
    opened = await asking.open(posed())
    async with aclosing(asking.stream(opened, Freely())) as events:
        async for event in events:
            if isinstance(event, Said):
                break

    assert asking.conversations.conversations("web:ana") == []


async def test_an_answer_that_cannot_be_kept_is_told_all_the_same_and_the_log_does_not_hold_the_question(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> str:
        raise DatabaseFull("The database has no room left on its disk.")

    caplog.set_level(logging.DEBUG, logger="migdesk")
    monkeypatch.setattr(type(asking.conversations), "keep", full)
    answered = await asking.answer(posed(), Freely())

    assert answered.answer_id is None
    assert "Bangladesh, Nepal and Pakistan" in answered.answer.text
    assert "no room left" in caplog.text
    assert "delegations" not in caplog.text and "Bangladesh" not in caplog.text


async def test_what_is_erased_while_the_desk_answers_does_not_come_back(asking: Asking) -> None:
    begun = await asking.answer(posed(), Freely())
    opened = await asking.open(posed(FOLLOW_UP, conversation=begun.conversation))
    answered = None
    async with aclosing(asking.stream(opened, Freely())) as events:
        async for event in events:
            if isinstance(event, Found):
                asking.conversations.forget("web:ana")
            answered = event

    assert isinstance(answered, Answered) and answered.answer_id is None
    assert asking.conversations.conversations("web:ana") == []


async def test_a_first_question_is_not_kept_of_who_erased_everything_while_it_was_answered(asking: Asking) -> None:
    opened = await asking.open(posed())
    async with aclosing(asking.stream(opened, Freely())) as events:
        async for event in events:
            if isinstance(event, Found):
                asking.conversations.forget("web:ana")
            answered = event

    assert isinstance(answered, Answered) and answered.answer_id is None
    assert asking.conversations.recent("web:ana") == []
    assert isinstance((await told(asking))[-1], Answered)
    assert len(asking.conversations.recent("web:ana")) == 1, "what they ask later is kept again"


async def test_a_failing_suggestion_costs_nobody_an_answer(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the catalogue is lost")

    monkeypatch.setattr(type(asking.desk.base.catalogue), "sources", broken)
    answered = await asking.answer(posed(UNANSWERABLE), Freely())

    assert answered.answer_id is not None and answered.suggestions == ()
