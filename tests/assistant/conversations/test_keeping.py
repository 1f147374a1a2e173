"""What was asked is found again as it was: by id, thread, person and outcome, by the right reader."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.conversations.store import Conversations
from assistant.types import Outcome, Turn
from tests.assistant.conversations.conftest import Place
from tests.assistant.conversations.made import answer, asked, refusal, rows

ANY_CHARACTER = st.characters(exclude_categories=())


def test_what_was_kept_comes_back_whole(place: Place) -> None:
    given_over = asked("Ко је дошао? من حضر؟ 🙂", person="T1:U1", thread="C1:17.2", audience="partner:nepal")
    before = datetime.now(UTC)
    identifier = place.open().keep(given_over)

    kept = place.open().kept(identifier)

    assert kept is not None
    assert (kept.id, kept.thread, kept.surface, kept.person) == (identifier, "C1:17.2", "web", "T1:U1")
    assert (kept.audience, kept.language, kept.outcome) == ("partner:nepal", "en", "ANSWERED")
    assert (kept.question, kept.answer, kept.found) == (given_over.question, given_over.answer, given_over.found)
    assert kept.asked_at.utcoffset() == timedelta()
    assert before <= kept.asked_at <= datetime.now(UTC)


def test_ids_are_128_bits_safe_in_an_address_and_none_twice(memory: Conversations) -> None:
    identifiers = {memory.keep(asked()) for _ in range(20)}

    assert len(identifiers) == 20
    assert all(
        len(identifier) == 22 and identifier.replace("-", "").replace("_", "").isalnum() for identifier in identifiers
    )


@pytest.mark.parametrize("identifier", ["", "nothing", "\0", "\ud800", "x" * 5000, "' OR 1=1 --"])
def test_an_id_that_is_none_finds_nothing(memory: Conversations, identifier: str) -> None:
    memory.keep(asked())

    assert memory.kept(identifier) is None


@pytest.mark.parametrize("missing", [{"person": ""}, {"thread": ""}])
def test_nothing_is_kept_that_nobody_could_find_or_erase(memory: Conversations, missing: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="person and a thread"):
        memory.keep(asked(**missing))


def test_a_thread_is_told_oldest_first_and_its_newest_turns_only(memory: Conversations) -> None:
    for number in range(5):
        memory.keep(asked(f"question {number}", answer=answer(f"answer {number}")))
    memory.keep(asked("elsewhere", thread="t2"))

    assert memory.history("t1", turns=4) == (
        Turn("user", "question 3"),
        Turn("assistant", "answer 3"),
        Turn("user", "question 4"),
        Turn("assistant", "answer 4"),
    )
    assert [turn.text for turn in memory.history("t1")][0] == "question 2"
    assert len(memory.history("t1", turns=5)) == 4
    assert memory.history("t1", turns=0) == memory.history("t1", turns=-1) == memory.history("t3") == ()


def test_a_reader_with_fewer_rights_gets_nothing_of_what_the_others_in_the_thread_were_told(
    memory: Conversations,
) -> None:
    memory.keep(asked("for all"))
    memory.keep(asked("for staff", audience="staff"))

    assert [turn.text for turn in memory.history("t1", audiences=frozenset({"public"}))][0::2] == ["for all"]
    assert [turn.text for turn in memory.history("t1", audiences=frozenset({"public", "staff"}))][0::2] == [
        "for all",
        "for staff",
    ]
    assert memory.history("t1", audiences=frozenset()) == ()


def test_a_person_sees_their_own_questions_newest_first(memory: Conversations) -> None:
    for number in range(7):
        memory.keep(asked(f"question {number}"))
    memory.keep(asked("somebody else's", person="bo"))

    assert [kept.question for kept in memory.recent("ana")] == [f"question {number}" for number in (6, 5, 4, 3, 2)]
    assert [kept.question for kept in memory.recent("ana", limit=1)] == ["question 6"]
    assert memory.recent("") == memory.recent("nobody") == []


def test_questions_without_a_written_answer_are_listed_newest_first(memory: Conversations) -> None:
    for outcome in Outcome:
        memory.keep(asked(str(outcome), answer=refusal(outcome)))
    long_ago, tomorrow = datetime(2020, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=1)

    assert [kept.question for kept in memory.unanswered(long_ago)] == [
        "FAILED",
        "EVIDENCE_ONLY",
        "NEEDS_CLARIFICATION",
        "NOT_COVERED",
    ]
    assert [kept.question for kept in memory.unanswered(long_ago, limit=1)] == ["FAILED"]
    assert memory.unanswered(tomorrow) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(ANY_CHARACTER, max_size=50), said=st.text(ANY_CHARACTER, max_size=50))
def test_no_text_is_too_odd_to_be_kept(memory: Conversations, question: str, said: str) -> None:
    """NUL and half surrogate pairs, which no database takes, each become one replacement character."""
    odd = [str.maketrans({"\0": "\ufffd"}), dict.fromkeys(range(55296, 57344), "�")]
    identifier = memory.keep(asked(question, answer=answer(said), thread=f"thread {said}", person=f"person {said}"))

    kept = memory.kept(identifier)

    assert kept is not None and kept.answer is not None
    assert kept.question == question.translate(odd[0]).translate(odd[1])
    assert kept.answer.text == said.translate(odd[0]).translate(odd[1])
    assert memory.recent(f"person {said}", limit=1)[0].id == identifier
    assert memory.history(f"thread {said}")[-1].text == kept.answer.text


def test_many_threads_keep_at_once_and_nothing_is_lost(memory: Conversations) -> None:
    failures: list[BaseException] = []

    def keep_some(number: int) -> None:
        try:
            for count in range(10):
                memory.keep(asked(f"{number}.{count}", thread=f"t{number}"))
                assert len(memory.history(f"t{number}", turns=100)) == 2 * (count + 1)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=keep_some, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(rows(memory, "answers")) == 80


def test_tables_of_other_packages_live_beside_and_a_transaction_of_theirs_that_reads_first_may_write(
    memory: Conversations,
) -> None:
    engine = memory.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE seen (number INTEGER)")
        connection.exec_driver_sql("INSERT INTO seen VALUES (0)")
    failures: list[BaseException] = []

    def count_up() -> None:
        try:
            for _ in range(10):
                with engine.begin() as connection:
                    connection.exec_driver_sql("SELECT number FROM seen").all()
                    connection.exec_driver_sql("UPDATE seen SET number = number + 1")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with engine.execution_options(reading=True).begin() as connection:
        assert connection.exec_driver_sql("SELECT number FROM seen").scalar() == 40
