"""Asking again: with whose rights, what counts as an answer, and what happens when it cannot be asked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.conversations.store import Conversations, open_conversations
from assistant.conversations.types import Asked
from assistant.desk import Desk
from assistant.types import Answer, Conversation, Outcome, Reader
from integrations.accounts.store import Accounts, open_accounts
from integrations.operators.store import Operators, open_operators
from integrations.watching import Watcher, audience_now, helps_more
from tests.integrations.conftest import SMALL_QUESTION, DeskOn
from tests.integrations.operators.conftest import an_answer


@pytest.fixture
def desk(small_base: Path, desk_on: DeskOn) -> Iterator[Desk]:
    desk = desk_on(small_base)
    yield desk
    desk.base.close()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    opened = open_conversations(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def accounts(kept: Conversations) -> Accounts:
    return open_accounts(kept.engine)


@pytest.fixture
def operators(kept: Conversations) -> Operators:
    return open_operators(kept.engine)


def keep(kept: Conversations, question: str, person: str = "visitor:1", answer: Answer | None = None) -> str:
    return kept.keep(Asked("thread", "web", person, "public", "en", question, answer or an_answer()))


def test_an_account_is_answered_with_the_rights_of_today(accounts: Accounts) -> None:
    accounts.add_delegation("nepal", "Delegation of Nepal", "terminal")
    _, secret = accounts.invite("partner:nepal", "Sita", "terminal")
    accepted = accounts.accept(secret)
    assert accepted is not None
    person = accepted[0].person
    assert audience_now(accounts, person, is_public=True) == "partner:nepal"
    accounts.close_delegation("nepal", "terminal")
    assert audience_now(accounts, person, is_public=True) is None
    accounts.reopen_delegation("nepal", "terminal")
    accounts.disable(accepted[0].id, "terminal")
    assert audience_now(accounts, person, is_public=True) is None
    key, _ = accounts.make_key("Newsletter", "partner:nepal", ["ask"], "terminal")
    assert audience_now(accounts, f"key:{key.id}", is_public=True) == "partner:nepal"
    accounts.revoke_key(key.id, "terminal")
    assert audience_now(accounts, f"key:{key.id}", is_public=True) is None


@pytest.mark.parametrize("person", ["slack:T1:U1", "web:nobody", "key:nothing", "", "web:"])
def test_whoever_is_not_known_is_told_nothing(accounts: Accounts, person: str) -> None:
    assert audience_now(accounts, person, is_public=True) is None


def test_a_visitor_is_told_only_where_everybody_may_ask(accounts: Accounts) -> None:
    assert audience_now(accounts, "visitor:1", is_public=True) == "public"
    assert audience_now(accounts, "visitor:1", is_public=False) is None


def test_only_what_rests_on_something_new_is_an_answer_since() -> None:
    assert helps_more(an_answer("a"), an_answer())
    assert helps_more(an_answer("a"), None)
    assert helps_more(an_answer("a", "b"), an_answer("a"))
    assert not helps_more(an_answer("a"), an_answer("a", "b"))
    assert not helps_more(an_answer(), an_answer("a"))
    assert not helps_more(an_answer("a", outcome=Outcome.EVIDENCE_ONLY), an_answer())


async def test_what_was_said_before_is_part_of_the_question(
    desk: Desk, kept: Conversations, accounts: Accounts, operators: Operators
) -> None:
    first = await desk.ask(SMALL_QUESTION, (), Reader.of("public"))
    keep(kept, SMALL_QUESTION, answer=first)
    follow_up = keep(kept, "And on holidays?")
    operators.watches.watch([follow_up])
    heard: list[Conversation] = []

    class Listening(Desk):
        async def ask(self, question: str, conversation: Conversation = (), *rest: object, **more: object) -> Answer:
            heard.append(conversation)
            return an_answer("new")

    listening = Listening(desk.base, desk.embedder_name)
    watcher = Watcher(listening, kept, accounts, operators.watches, is_public=True)
    assert await watcher.look() == 1
    assert [turn.text for turn in heard[0]] == [SMALL_QUESTION, first.text]
    assert await watcher.look() == 0, "it is answered once"


async def test_one_that_cannot_be_asked_leaves_the_others_and_is_not_asked_in_a_loop(
    desk: Desk, kept: Conversations, accounts: Accounts, operators: Operators, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = keep(kept, SMALL_QUESTION), keep(kept, "A question that breaks the desk")
    operators.watches.watch([good, bad])

    class Breaking(Desk):
        async def ask(self, question: str, *rest: object, **more: object) -> Answer:
            if "breaks" in question:
                raise RuntimeError(f"no answer to {question}")
            return await super().ask(question)

    watcher = Watcher(Breaking(desk.base, desk.embedder_name), kept, accounts, operators.watches, is_public=True)
    assert await watcher.look() == 1
    turns = kept.turns("visitor:1", "thread")
    assert [turn.kept.outcome for turn in turns] == ["NOT_COVERED", "NOT_COVERED", "ANSWERED"]
    assert operators.watches.due(desk.base.catalogue.revision) == []
    assert "RuntimeError" in caplog.text and "breaks the desk" not in caplog.text


async def test_a_closed_desk_asks_nothing(
    desk: Desk, kept: Conversations, accounts: Accounts, operators: Operators
) -> None:
    operators.watches.watch([keep(kept, SMALL_QUESTION)])
    watcher = Watcher(desk, kept, accounts, operators.watches, is_public=True)
    accounts.close_desk("A pause.", "terminal")
    assert await watcher.look() == 0
    accounts.open_desk("terminal")
    assert await watcher.look() == 1


async def test_with_a_day_asked_for_it_is_asked_of_that_day(
    desk: Desk, kept: Conversations, accounts: Accounts, operators: Operators
) -> None:
    operators.watches.watch([keep(kept, SMALL_QUESTION, answer=replace(an_answer(), as_of="2001-05-03"))])
    assert await Watcher(desk, kept, accounts, operators.watches, is_public=True).look() == 1
    again = kept.turns("visitor:1", "thread")[-1].kept.answer
    assert again is not None and again.as_of == "2001-05-03"
