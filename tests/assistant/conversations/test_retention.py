"""What is erased is gone, also from the file; what is not stays as it was."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import event, text

from assistant.conversations.errors import DatabaseBusy, UnknownAnswer
from assistant.conversations.store import Conversations, open_conversations
from assistant.types import Outcome
from tests.assistant.conversations.conftest import Place
from tests.assistant.conversations.made import answer, asked, refusal, rows

_NOW = datetime.now(UTC)


def _old_and_handed_on(memory: Conversations) -> tuple[str, str]:
    """An answer with an opinion and a request that was replied to: its id and the request's."""
    identifier = memory.keep(asked("old secret", answer=refusal()))
    memory.rate(identifier, "bo", False, "outdated", "secret comment")
    request = memory.escalate(identifier, "ana", "secret note").id
    memory.placed(request, "secret place")
    memory.reply(request, "eva", "secret reply")
    return identifier, request


def test_texts_and_persons_go_after_the_days_to_keep_and_figures_stay(memory: Conversations) -> None:
    identifier, request = _old_and_handed_on(memory)

    assert memory.purge(_NOW + timedelta(days=31)) == 1

    kept = memory.kept(identifier)
    assert kept is not None
    assert (kept.question, kept.answer, kept.found, kept.person, kept.thread) == (None, None, (), "", "")
    assert (kept.outcome, kept.language, kept.surface, kept.audience) == ("NOT_COVERED", "en", "web", "public")
    assert kept.asked_at == kept.asked_at.replace(hour=0, minute=0, second=0, microsecond=0)
    assert [(line.outcome, line.language, line.count) for line in memory.usage(date(2020, 1, 1))] == [
        ("NOT_COVERED", "en", 1)
    ]
    held = memory.holdings()
    assert (held.questions, held.erased, held.not_helpful, held.escalations) == (0, 1, 1, {"answered": 1})
    # Nothing that is left names anybody or repeats a word of theirs.
    everything = str([rows(memory, table) for table in ("answers", "feedback", "escalations")])
    assert not [word for word in ("secret", "ana", "'bo'", "eva", "rgrs") if word in everything]
    # And no list shows what has nothing left to be seen.
    assert memory.history("t1") == () and memory.recent("ana") == memory.recent("") == []
    assert not memory.feedback() and not memory.escalations()
    assert not memory.unanswered(datetime(2020, 1, 1, tzinfo=UTC))
    assert memory.escalation(request) is None and memory.claim(request, "dan") is None
    with pytest.raises(UnknownAnswer):
        memory.rate(identifier, "bo", True)


def test_what_is_not_too_old_stays_and_erasing_twice_changes_nothing(memory: Conversations) -> None:
    identifier, request = _old_and_handed_on(memory)
    before = [rows(memory, table) for table in ("answers", "feedback", "escalations")]

    assert memory.purge(_NOW + timedelta(days=29)) == 0
    assert [rows(memory, table) for table in ("answers", "feedback", "escalations")] == before
    assert memory.purge(_NOW + timedelta(days=31)) == 1
    assert memory.purge(_NOW + timedelta(days=32)) == 0


def test_opening_erases_what_became_too_old_meanwhile(place: Place) -> None:
    memory = place.open(keep_days=3)
    old, new = memory.keep(asked("old")), memory.keep(asked("new"))
    with memory.engine.begin() as connection:
        moved = datetime.now(UTC) - timedelta(days=4)
        values = {"then": moved.replace(tzinfo=None) if place.address is None else moved, "id": old}
        connection.execute(text("UPDATE answers SET asked_at = :then WHERE id = :id"), values)

    again = place.open(keep_days=3)

    assert again.erased_at_opening == 1
    assert [kept.question if (kept := again.kept(identifier)) else "" for identifier in (old, new)] == [None, "new"]


def test_everything_of_a_person_goes_at_their_word_and_nothing_of_anybody_else(memory: Conversations) -> None:
    of_ana = memory.keep(asked("mine", thread="shared"))
    of_bo = memory.keep(asked("not mine", person="bo", thread="shared"))
    memory.rate(of_ana, "bo", True)
    memory.rate(of_bo, "ana", False, comment="mine too")
    memory.rate(of_bo, "cy", False, comment="not mine")
    mine = memory.escalate(of_bo, "ana", "mine as well").id
    theirs = memory.escalate(of_bo, "bo", "not mine").id

    assert memory.forget("ana") == 3  # a question, an opinion, a request; the opinion on the question goes with it

    assert memory.kept(of_ana) is None and memory.escalation(mine) is None
    assert [turn.text for turn in memory.history("shared")][0::2] == ["not mine"]
    assert [said.person for _, said in memory.feedback()] == ["cy"]
    assert [found.id for found in memory.escalations()] == [theirs]
    assert "mine too" not in str(rows(memory, "feedback"))
    assert memory.forget("ana") == memory.forget("") == memory.forget("nobody") == 0


def test_an_expert_who_is_forgotten_leaves_replies_without_a_name_and_claims_to_others(memory: Conversations) -> None:
    identifier = memory.keep(asked())
    replied, claimed = (memory.escalate(identifier, person, "?").id for person in ("ana", "bo"))
    memory.reply(replied, "eva", "Since May.")
    memory.claim(claimed, "eva")

    assert memory.forget("eva") == 2

    first, second = memory.escalation(replied), memory.escalation(claimed)
    assert first is not None and (first.state, first.expert, first.reply) == ("answered", None, "Since May.")
    assert second is not None and (second.state, second.expert) == ("open", None)
    assert memory.claim(claimed, "dan") is not None


def _bytes(data: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(data.iterdir()))


def test_no_byte_of_what_was_erased_stays_in_the_files(tmp_path: Path) -> None:
    """Rows of many sizes come and go, so that pages overflow, split and join: where copies of a row may be left. This
    order of things leaves some where erasing is no more than deleting."""
    random = Random(6)
    memory = open_conversations(tmp_path)
    gone: set[int] = set()
    try:
        for number in range(300):
            person = f"person-{number % 10}"
            question = f"question {number:04} " + "x" * random.randrange(300)
            said = answer(f"answer {number:04} " * random.randrange(1, 120))
            memory.rate(memory.keep(asked(question, answer=said, person=person)), person, True, None, _comment(number))
            if number % 10 == 9 and number > 50:
                of = random.randrange(10)
                memory.forget(f"person-{of}")
                gone |= set(range(of, number + 1, 10))

        left, held = _bytes(tmp_path), memory.holdings().questions
        words = [word for number in gone for word in (f"question {number:04}", f"answer {number:04}", _comment(number))]
        assert [word for word in words if word.encode() in left] == []
        assert len(gone) > 100 and held == 300 - len(gone) and left.count(b"question 0") == held

        memory.purge(_NOW + timedelta(days=31))
        left = _bytes(tmp_path)
        assert [word for word in (b"question 0", b"answer 0", b"comment 0", b"person-") if word in left] == []
    finally:
        memory.close()


def _comment(number: int) -> str:
    return f"comment {number:04}"


def test_a_long_reading_that_keeps_traces_is_said_and_the_next_erasure_removes_them(tmp_path: Path) -> None:
    memory, reader = open_conversations(tmp_path), open_conversations(tmp_path)
    try:
        memory.keep(asked("secret words"))
        with reader.engine.execution_options(reading=True).begin() as connection:
            connection.execute(text("SELECT count(*) FROM answers")).scalar()
            with memory.engine.execution_options(upkeep=True).connect() as other:
                other.execute(text("PRAGMA busy_timeout=0"))
            with pytest.raises(DatabaseBusy, match="Run the command again"):
                memory.forget("ana")

        assert memory.forget("ana") == 0
        assert b"secret words" not in _bytes(tmp_path)
    finally:
        memory.close()
        reader.close()


def test_who_erases_while_others_read_is_told_that_it_is_done_and_nothing_is_rewritten_for_nobody(
    tmp_path: Path,
) -> None:
    memory, reader = open_conversations(tmp_path), open_conversations(tmp_path)
    statements: list[str] = []
    try:
        event.listen(memory.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
        memory.keep(asked("secret words"))
        with reader.engine.execution_options(reading=True).begin() as connection:
            connection.execute(text("SELECT count(*) FROM answers")).scalar()
            with memory.engine.execution_options(upkeep=True).connect() as other:
                other.execute(text("PRAGMA busy_timeout=0"))
            assert memory.forget("ana", at_once=False) == 1
        assert memory.recent("ana") == [] and statements.count("VACUUM") == 1
        assert memory.forget("ana", at_once=False) == 0
        assert statements.count("VACUUM") == 1
        memory.purge(_NOW)
        assert b"secret words" not in _bytes(tmp_path)
    finally:
        memory.close()
        reader.close()


def test_old_answers_do_not_return_from_a_copy_of_the_database(place: Place) -> None:
    """A restored database holds what had been erased since: opening it erases again."""
    memory = place.open(keep_days=1)
    memory.keep(asked(answer=refusal(Outcome.FAILED)))
    memory.purge(_NOW + timedelta(days=2))

    assert place.open(keep_days=1).holdings().questions == 0
    assert os.path.exists(place.data) is (place.address is None)
