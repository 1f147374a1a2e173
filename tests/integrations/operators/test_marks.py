"""What an operator is done with, and for how long questions are shown."""

from assistant.conversations.store import Conversations
from integrations.operators.store import Operators
from tests.integrations.operators.conftest import Clock, Keep


def test_texts_are_shown_to_one_session_for_an_hour(operators: Operators, clock: Clock) -> None:
    marks = operators.marks
    assert marks.texts_until("mine") is None
    marks.show_texts("mine")
    clock.advance(minutes=59)
    assert marks.texts_until("mine") is not None and marks.texts_until("another") is None
    clock.advance(minutes=2)
    assert marks.texts_until("mine") is None
    marks.show_texts("mine")
    marks.hide_texts("mine")
    assert marks.texts_until("mine") is None


def test_what_is_set_aside_is_so_in_its_queue_until_it_is_brought_back_or_erased(
    operators: Operators, kept: Conversations, keep: Keep, clock: Clock
) -> None:
    marks, first, second = operators.marks, keep("visitor:1"), keep("visitor:2")
    assert marks.set_aside("gap", [first, second, "nothing"]) == 2
    before = marks.aside("gap")[first]
    clock.advance(minutes=1)
    assert marks.set_aside("gap", [first]) == 1
    assert marks.aside("gap")[first] > before, "the last time counts"
    assert marks.aside("opinion") == {}
    assert marks.bring_back("gap", [second]) == 1 and set(marks.aside("gap")) == {first}
    kept.forget("visitor:1")
    assert marks.aside("gap") == {}
