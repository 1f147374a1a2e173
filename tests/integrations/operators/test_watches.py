"""Questions under watch: asked by one process at a time, answered once, gone with what they are about."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from assistant.conversations.store import Conversations
from integrations.operators.store import Operators, open_operators
from tests.integrations.operators.conftest import Clock, Keep


def test_a_question_is_due_once_for_every_state_of_the_documents(operators: Operators, keep: Keep) -> None:
    watches, answer_id = operators.watches, keep()
    assert watches.watch([answer_id, "nothing"]) == 1 and watches.watch([answer_id]) == 0
    assert watches.due(7) == [answer_id]
    assert watches.claim(answer_id, 7)
    watches.not_yet(answer_id, 7)
    assert watches.due(7) == [] and not watches.claim(answer_id, 7)
    assert watches.due(8) == [answer_id]
    assert watches.is_watched([answer_id]) == {answer_id}
    assert watches.unwatch([answer_id]) == 1 and watches.due(9) == []


def test_of_many_who_would_ask_one_does_and_what_died_is_free_after_minutes(
    operators: Operators, keep: Keep, clock: Clock
) -> None:
    watches, answer_id = operators.watches, keep()
    watches.watch([answer_id])
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: watches.claim(answer_id, 3), range(8))) == 1
    assert watches.due(3) == []
    clock.advance(minutes=6)
    assert watches.due(3) == [answer_id] and watches.claim(answer_id, 3)


def test_two_who_mark_the_same_at_once_do_it_once(operators: Operators, keep: Keep) -> None:
    answer_ids = [keep() for _ in range(4)]
    with ThreadPoolExecutor(6) as pool:
        marked = pool.map(lambda turn: operators.watches.watch(answer_ids[turn % 2 :]), range(6))
        aside = pool.map(lambda _: operators.marks.set_aside("gap", answer_ids), range(6))
        assert sum(marked) == len(answer_ids) and set(aside) == {len(answer_ids)}
    assert len(operators.watches.due(1)) == len(answer_ids)


def test_an_answer_is_news_to_its_asker_alone_until_they_open_it(operators: Operators, keep: Keep) -> None:
    watches, first = operators.watches, keep()
    watches.watch([first])
    again = keep()
    watches.answered(first, 3, again)
    assert watches.due(4) == [] and watches.is_watched([first]) == frozenset()
    assert watches.again([first, again, "nothing"]) == {again: first}
    assert watches.news("visitor:1") == {again} and watches.news("visitor:2") == frozenset()
    watches.opened("visitor:2", [again])
    assert watches.news("visitor:1") == {again}
    watches.opened("visitor:1", [again])
    assert watches.news("visitor:1") == frozenset()
    (usage,) = watches.usage(date(2000, 1, 1))
    assert (usage.outcome, usage.count) == ("NOT_COVERED", 1)
    assert watches.held() == (1, 0)
    (watch,) = watches.watched()
    assert (watch.answer_id, watch.again_id) == (first, again) and watch.opened_at is not None


def test_slack_is_not_watched_and_what_is_erased_is_gone(operators: Operators, kept: Conversations, keep: Keep) -> None:
    watches = operators.watches
    assert watches.watch([keep(surface="slack")]) == 0
    first, second = keep("visitor:1"), keep("visitor:2")
    assert watches.watch([first, second]) == 2
    kept.forget("visitor:1")
    assert watches.due(1) == [second]
    again = keep("visitor:2")
    watches.answered(second, 1, again)
    kept.forget("visitor:2")
    assert watches.watched() == [] and watches.again([again]) == {}


def test_it_is_found_again_by_who_opens_the_same_memory(operators: Operators, kept: Conversations, keep: Keep) -> None:
    answer_id = keep()
    operators.watches.watch([answer_id])
    assert open_operators(kept.engine).watches.is_watched([answer_id]) == {answer_id}
