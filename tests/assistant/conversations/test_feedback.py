"""One opinion a person and answer, found again with what it is about."""

import threading

import pytest

from assistant.conversations.errors import UnknownAnswer
from assistant.conversations.store import Conversations
from tests.assistant.conversations.made import asked, rows


def test_an_opinion_is_found_with_what_it_is_about(memory: Conversations) -> None:
    identifier = memory.keep(asked("Where?"))
    memory.rate(identifier, "bo", False, "outdated", "It was 2025\0.")

    [(kept, said)] = memory.feedback()

    assert (kept.id, kept.question) == (identifier, "Where?")
    assert (said.answer_id, said.person, said.helpful) == (identifier, "bo", False)
    assert (said.reason, said.comment) == ("outdated", "It was 2025\ufffd.")


def test_a_second_opinion_of_the_same_person_replaces_the_first(memory: Conversations) -> None:
    identifier = memory.keep(asked())
    memory.rate(identifier, "bo", False, "outdated", "old")
    memory.rate(identifier, "cy", True)
    memory.rate(identifier, "bo", True)

    assert [(said.person, said.helpful, said.reason, said.comment) for _, said in memory.feedback()] == [
        ("bo", True, None, None),
        ("cy", True, None, None),
    ]


def test_opinions_are_listed_newest_first_by_kind_and_not_more_than_asked_for(memory: Conversations) -> None:
    identifiers = [memory.keep(asked(f"question {number}")) for number in range(4)]
    for number, identifier in enumerate(identifiers):
        memory.rate(identifier, "bo", number % 2 == 0)

    assert [kept.question for kept, _ in memory.feedback(helpful=True)] == ["question 2", "question 0"]
    assert [kept.question for kept, _ in memory.feedback(helpful=False, limit=1)] == ["question 3"]
    assert len(memory.feedback()) == 4


@pytest.mark.parametrize("identifier", ["nothing", "\0"])
def test_what_is_not_there_cannot_be_rated(memory: Conversations, identifier: str) -> None:
    with pytest.raises(UnknownAnswer, match="erased"):
        memory.rate(identifier, "bo", True)


def test_one_who_presses_twice_at_once_has_one_opinion(memory: Conversations) -> None:
    identifier = memory.keep(asked())
    together = threading.Barrier(8)
    failures: list[BaseException] = []

    def press(helpful: bool) -> None:
        try:
            together.wait()
            memory.rate(identifier, "bo", helpful)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=press, args=(number % 2 == 0,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(rows(memory, "feedback")) == 1
