"""What is one's own in the desk's memory: found by its person alone, searched in any script, and erased as a whole."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.conversations.store import Conversations
from assistant.types import Outcome
from tests.assistant.conversations.conftest import Place
from tests.assistant.conversations.made import answer, asked, refusal, rows


def test_the_conversations_of_a_person_are_told_by_their_first_question_and_their_last_answer(
    memory: Conversations,
) -> None:
    memory.keep(asked("Where did the RGRS meet?", thread="one"))
    memory.keep(asked("What is MARRI?", thread="two"))
    memory.keep(asked("A koliko ih je bilo?", thread="one", language="bs", answer=refusal()))
    memory.keep(asked("Whose is this?", thread="three", person="ben"))

    last, first = memory.conversations("ana")

    assert (last.thread, last.question, last.answers) == ("one", "Where did the RGRS meet?", 2)
    assert (last.outcome, last.language) == (Outcome.NOT_COVERED, "bs")
    assert last.asked_at >= first.asked_at
    assert (first.thread, first.question, first.answers) == ("two", "What is MARRI?", 1)
    assert [one.thread for one in memory.conversations("ana", limit=1)] == ["one"]
    assert memory.conversations("nobody") == memory.conversations("") == []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("tirana", ["tirana"]),
        ("ТИРАНА", ["tirana"]),
        ("Tiranë", ["tirana"]),
        ("meet tirana", ["tirana"]),
        ("tirana skopje", []),  # each word, in one question
        ("dozvola", ["permits"]),
        ("šta dozvola", ["permits"]),
        ("नेपाल", ["nepal"]),
        ("delegations", []),  # what an answer said is not searched
        ("  ", ["nepal", "permits", "tirana"]),
        ("???", []),
        ("100%", []),
        ("_", []),
    ],
)
def test_questions_are_found_by_their_words_whatever_the_script_and_answers_are_not_searched(
    memory: Conversations, search: str, found: list[str]
) -> None:
    memory.keep(asked("Where in Tirana did they meet?", thread="tirana", answer=answer("Delegations met in Skopje.")))
    memory.keep(asked("Шта је дозвола за боравак?", thread="permits"))
    memory.keep(asked("नेपाल कहिले आयो?", thread="nepal"))

    assert [one.thread for one in memory.conversations("ana", search)] == found


def test_a_conversation_found_by_a_later_question_is_told_by_its_first(memory: Conversations) -> None:
    memory.keep(asked("Where did they meet?", thread="one"))
    memory.keep(asked("And in Skopje?", thread="one"))

    (found,) = memory.conversations("ana", "skopje")

    assert (found.question, found.answers) == ("Where did they meet?", 2)


def test_turns_come_oldest_first_with_what_the_person_and_nobody_else_said_of_them(memory: Conversations) -> None:
    first = memory.keep(asked("One?"))
    second = memory.keep(asked("Two?"))
    memory.rate(first, "ana", False, "outdated", "since 2024")
    memory.rate(second, "ben", True)
    memory.escalate(second, "ana", "please")
    memory.escalate(first, "ben", "not hers")

    one, two = memory.turns("ana", "t1")

    assert [turn.kept.question for turn in (one, two)] == ["One?", "Two?"]
    assert one.opinion is not None and (one.opinion.helpful, one.opinion.reason) == (False, "outdated")
    assert two.opinion is None and one.escalation is None
    assert two.escalation is not None and (two.escalation.answer_id, two.escalation.note) == (second, "please")
    assert [turn.kept.id for turn in memory.turns("ana", "t1", 1)] == [second]
    assert memory.turn("ana", first) == one and memory.turn("ana", second) == two
    assert memory.opinion("ana", first) == one.opinion and memory.escalation_of("ana", second) == two.escalation


def test_what_is_somebody_elses_was_erased_or_never_was_is_missing_in_the_same_way(place: Place) -> None:
    memory = place.open(keep_days=1)
    theirs = memory.keep(asked(person="ben", thread="theirs"))
    erased = memory.keep(asked(thread="erased"))
    memory.purge(datetime.now(UTC) + timedelta(days=2))
    theirs = memory.keep(asked(person="ben", thread="theirs"))
    memory.keep(asked(thread="mine"))

    for answer_id in (theirs, erased, "never", "", "a\0b"):
        assert memory.kept_of("ana", answer_id) is None
        assert memory.turn("ana", answer_id) is None
        assert memory.opinion("ana", answer_id) is None
        assert memory.escalation_of("ana", answer_id) is None
    assert memory.kept_of("", erased) is None, "what was erased is nobody's, not everybody's"
    for thread in ("theirs", "erased", "never", "", "a\0b"):
        assert memory.turns("ana", thread) == []
        assert memory.forget_thread("ana", thread) == []
    assert [one.thread for one in memory.conversations("ana")] == ["mine"]
    assert memory.kept_of("ben", theirs) is not None, "nobody erases what is somebody else's"


def test_a_conversation_is_erased_with_everything_said_of_it_and_the_others_stay(memory: Conversations) -> None:
    first, second = memory.keep(asked("One?", thread="gone")), memory.keep(asked("Two?", thread="gone"))
    stays = memory.keep(asked("Three?", thread="stays"))
    memory.keep(asked("Four?", thread="gone", person="ben"))  # a thread of Slack has several people in it
    memory.rate(first, "ana", True)
    memory.escalate(second, "ana", "please")

    assert sorted(memory.forget_thread("ana", "gone")) == sorted([first, second])

    assert [one.thread for one in memory.conversations("ana")] == ["stays"]
    assert memory.kept(first) is None and memory.kept(stays) is not None
    assert rows(memory, "feedback") == rows(memory, "escalations") == []
    assert [turn.kept.question for turn in memory.turns("ben", "gone")] == ["Four?"]
    assert memory.forget_thread("ana", "gone") == []


def test_the_days_to_keep_are_known(place: Place) -> None:
    assert place.open(keep_days=7).keep_days == 7
