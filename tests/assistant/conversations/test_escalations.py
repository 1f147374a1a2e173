"""From a reader to an expert and back, each step once however many try."""

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest

from assistant.conversations.errors import UnknownAnswer, UnknownEscalation
from assistant.conversations.store import Conversations
from assistant.conversations.types import Escalation
from tests.assistant.conversations.made import asked, rows

T = TypeVar("T")


def at_once(times: int, act: Callable[[int], T]) -> list[T]:
    """What each of so many threads got, started together. One that fails fails the test."""
    together = threading.Barrier(times)
    got: list[T] = []
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            together.wait()
            got.append(act(number))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return got


@pytest.fixture
def handed_on(memory: Conversations) -> Escalation:
    return memory.escalate(memory.keep(asked()), "ana", "Is this still so?")


def test_a_question_goes_to_an_expert_and_back(memory: Conversations, handed_on: Escalation) -> None:
    assert (handed_on.person, handed_on.note, handed_on.state) == ("ana", "Is this still so?", "open")
    assert (handed_on.expert, handed_on.reply, handed_on.place) == (None, None, None)

    memory.placed(handed_on.id, "C9:17.3")
    claimed = memory.claim(handed_on.id, "eva")
    assert claimed is not None
    assert (claimed.state, claimed.expert, claimed.place) == ("claimed", "eva", "C9:17.3")
    answered = memory.reply(handed_on.id, "eva", "Yes\0, since 2025.")
    assert answered is not None
    assert (answered.state, answered.reply) == ("answered", "Yes\ufffd, since 2025.")
    assert memory.relayed(handed_on.id)

    last = memory.escalation(handed_on.id)
    assert last is not None
    assert (last.state, last.expert, last.answer_id) == ("relayed", "eva", handed_on.answer_id)


def test_asking_again_returns_the_first_request(memory: Conversations, handed_on: Escalation) -> None:
    assert memory.escalate(handed_on.answer_id, "ana", "Please!") == handed_on
    assert memory.escalate(handed_on.answer_id, "bo", "Me too").id != handed_on.id
    assert len(set(at_once(8, lambda _: memory.escalate(handed_on.answer_id, "cy", "All at once").id))) == 1
    assert len(rows(memory, "escalations")) == 3


def test_of_many_experts_who_claim_at_once_one_has_it(memory: Conversations, handed_on: Escalation) -> None:
    got = at_once(8, lambda number: memory.claim(handed_on.id, f"expert {number}"))

    [winner] = [claimed.expert for claimed in got if claimed is not None]
    now = memory.escalation(handed_on.id)
    assert now is not None and now.expert == winner


def test_what_somebody_has_is_nobody_elses(memory: Conversations, handed_on: Escalation) -> None:
    memory.claim(handed_on.id, "eva")

    assert memory.claim(handed_on.id, "dan") is None
    assert memory.reply(handed_on.id, "dan", "No.") is None
    again = memory.claim(handed_on.id, "eva")
    assert again is not None and (again.state, again.expert, again.reply) == ("claimed", "eva", None)


def test_a_reply_claims_what_nobody_has_and_can_be_changed_until_it_was_relayed(
    memory: Conversations, handed_on: Escalation
) -> None:
    first = memory.reply(handed_on.id, "eva", "Yes.")
    second = memory.reply(handed_on.id, "eva", "Yes, since May.")
    assert first is not None and second is not None
    assert (second.state, second.expert, second.reply) == ("answered", "eva", "Yes, since May.")

    assert memory.relayed(handed_on.id)
    assert memory.reply(handed_on.id, "eva", "No!") is None
    claimed = memory.claim(handed_on.id, "eva")
    assert claimed is not None and (claimed.state, claimed.reply) == ("relayed", "Yes, since May.")


def test_a_reply_is_relayed_once_and_not_before_there_is_one(memory: Conversations, handed_on: Escalation) -> None:
    assert not memory.relayed(handed_on.id)
    memory.reply(handed_on.id, "eva", "Yes.")

    assert sorted(at_once(8, lambda _: memory.relayed(handed_on.id))) == [False] * 7 + [True]


def test_requests_are_listed_oldest_first_and_by_state(memory: Conversations) -> None:
    answer = memory.keep(asked())
    first, second, third = (memory.escalate(answer, person, "?").id for person in ("ana", "bo", "cy"))
    memory.claim(second, "eva")

    assert [found.id for found in memory.escalations()] == [first, second, third]
    assert [found.id for found in memory.escalations("open")] == [first, third]
    assert [found.id for found in memory.escalations("claimed")] == [second]
    assert memory.escalations("relayed") == []


def test_what_is_not_there_is_said_so(memory: Conversations) -> None:
    with pytest.raises(UnknownAnswer):
        memory.escalate("nothing", "ana", "?")
    with pytest.raises(UnknownEscalation):
        memory.placed("nothing", "C1")
    assert memory.escalation("nothing") is None
    assert memory.claim("nothing", "eva") is None
    assert memory.reply("nothing", "eva", "Yes.") is None
    assert not memory.relayed("nothing")
