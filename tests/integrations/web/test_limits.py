"""How much one asker may have, how many answers are made at once, and what becomes of who waits, dawdles or leaves."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chain import ChatModel
from assistant.desk import Desk
from assistant.events import Event, Finished, Found, Searching
from assistant.settings import Limits, ModelSettings
from assistant.types import Answer, Outcome, Provenance
from integrations.settings import ServerSettings
from integrations.web import allowances, gate
from integrations.web.allowances import Allowances, Spender
from integrations.web.gate import Gate, through
from knowledge.base import open_base
from knowledge.embedding import Embedder
from tests.fakes import MODEL, ModelServer, lines, stalls
from tests.integrations.conftest import SMALL_QUESTION, DeskOn
from tests.integrations.servers import KEY, unhurried, wait_until
from tests.integrations.web.askers import TERMINAL, Headers, House, open_house, with_visit

ASHA, MIRA = allowances.person("asha"), allowances.person("mira")
DONE = Finished(Answer(Outcome.ANSWERED, "Yes.", "en", (), (), (), Provenance(model=None)))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


# ---- how much one asker may have ----------------------------------------------------------------------------------


@given(
    st.integers(1, 50),
    st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=200),
)
def test_in_no_minute_are_more_questions_let_through_than_twice_the_limit(most: int, pauses: list[float]) -> None:
    """A minute's worth at once, and as much again while it passes; and who waits as long as told is let through."""
    clock = Clock()
    allowed = Allowances(ServerSettings(questions_a_minute=most), clock)
    let_through: list[float] = []
    for pause in pauses:
        clock.now += pause
        wait = allowed.take_question(ASHA)
        if wait:
            clock.now += wait
            assert allowed.take_question(ASHA) == 0
        let_through.append(clock.now)
    for moment in let_through:
        assert sum(moment <= other <= moment + 60 for other in let_through) <= 2 * most + 1


def test_the_first_question_too_many_is_told_when_to_come_back_and_hinders_nobody_else() -> None:
    clock = Clock()
    allowed = Allowances(ServerSettings(questions_a_minute=3), clock)
    assert [allowed.take_question(ASHA) for _ in range(4)] == [0, 0, 0, 20]
    assert allowed.take_question(MIRA) == 0
    clock.now += 19
    assert allowed.take_question(ASHA) == 1
    clock.now += 1
    assert allowed.take_question(ASHA) == 0


def test_visitors_are_counted_by_where_they_come_from_whatever_cookie_they_show() -> None:
    assert allowances.visitor("203.0.113.7") == allowances.visitor("203.0.113.7")
    assert allowances.visitor("203.0.113.7") != allowances.visitor("203.0.113.8")
    assert allowances.visitor("2001:db8::1") == allowances.visitor("2001:db8::ffff:1"), "a line has that many"
    assert allowances.visitor("2001:db8::1") != allowances.visitor("2001:db8:0:1::1")
    assert allowances.visitor("::ffff:203.0.113.7") == allowances.visitor("203.0.113.7")
    assert allowances.visitor("fe80::1%eth0") == allowances.visitor("fe80::1%eth1")
    assert allowances.visitor(None) == allowances.visitor("unix:/run/desk.sock")


def test_behind_a_key_and_an_address_there_are_several_people() -> None:
    settings = ServerSettings(questions_a_minute=2, streams_at_once=1, model_tokens_a_day=100)
    for several in (allowances.program("k"), allowances.visitor("203.0.113.7")):
        allowed = Allowances(settings, Clock())
        assert [allowed.take_question(several) for _ in range(20)] == [0] * 20
        assert allowed.take_question(several) > 0
        allowed.spend(several, 999)
        assert allowed.has_tokens(several)
        allowed.spend(several, 1)
        assert not allowed.has_tokens(several)


def test_streams_are_given_back_and_counted_for_each_alone() -> None:
    allowed = Allowances(ServerSettings(streams_at_once=2))
    with allowed.stream(ASHA) as first, allowed.stream(ASHA) as second:
        with allowed.stream(ASHA) as third, allowed.stream(MIRA) as other:
            assert (first, second, third, other) == (True, True, False, True)
        with allowed.stream(ASHA) as still:
            assert not still, "one that was refused gave nothing back"
    with allowed.stream(ASHA) as again:
        assert again


def test_tokens_are_counted_by_the_day_and_for_all_visitors_together() -> None:
    today = date(2026, 11, 22)
    settings = ServerSettings(model_tokens_a_day=100, visitor_tokens_a_day=500)
    allowed = Allowances(settings, today=lambda: today)
    here, there = allowances.visitor("203.0.113.7"), allowances.visitor("198.51.100.1")
    allowed.spend(ASHA, 99)
    assert allowed.has_tokens(ASHA)
    allowed.spend(ASHA, 1)
    assert (allowed.has_tokens(ASHA), allowed.has_tokens(MIRA)) == (False, True)
    allowed.spend(here, 500)
    assert not allowed.has_tokens(there), "visitors have an allowance of their own together"
    assert allowed.has_tokens(MIRA)
    today += timedelta(days=1)
    assert all(allowed.has_tokens(each) for each in (ASHA, here, there))


def test_nobody_can_fill_the_memory_with_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowances, "_MOST_KNOWN", 100)
    allowed = Allowances(ServerSettings(questions_a_minute=1), Clock())
    for number in range(1000):
        assert allowed.take_question(Spender(str(number))) == 0
    assert len(allowed._paces) == 100
    assert allowed.take_question(Spender("999")) > 0


# ---- how many at once ---------------------------------------------------------------------------------------------


class Desks:
    """Streams that go on when they are told to, and remember what became of them."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.go_on = asyncio.Event()

    async def stream(self, name: str, events: int = 0, error: Exception | None = None) -> AsyncGenerator[Event]:
        self.begun.append(name)
        try:
            yield Searching(name)
            await self.go_on.wait()
            for _ in range(events):
                yield Found(())
            if error is not None:
                raise error
            yield DONE
        finally:
            self.ended.append(name)


def reading(at: Gate, name: str, stream: AsyncGenerator[Event]) -> AsyncGenerator[Event]:
    place = at.place()
    assert place is not None
    return through(at, place, name, stream)


async def rest(events: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in events]


async def settled() -> None:
    """Whatever can go on without anything from outside has gone on."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_who_has_to_wait_is_told_at_once_that_the_desk_is_on_it_and_served_in_turn() -> None:
    at, desks = Gate(2, 10), Desks()
    readers = [reading(at, name, desks.stream(name)) for name in "abcd"]
    first = [await anext(reader) for reader in readers]
    assert first == [Searching(name) for name in "abcd"]
    await settled()
    assert desks.begun == ["a", "b"], "no more are computed than may be"
    desks.go_on.set()
    assert [await rest(reader) for reader in readers] == [[DONE]] * 4, "what was told is not told again"
    assert desks.begun == ["a", "b", "c", "d"]
    assert at.taken == 0


async def test_a_follow_up_that_waited_is_told_what_is_searched_for() -> None:
    at, desks = Gate(1, 10), Desks()
    front, waiting = reading(at, "a", desks.stream("a")), reading(at, "And there?", desks.stream("Who met there?"))
    assert [await anext(front), await anext(waiting)] == [Searching("a"), Searching("And there?")]
    desks.go_on.set()
    assert await rest(front) == [DONE]
    assert await rest(waiting) == [Searching("Who met there?"), DONE]


async def test_a_reader_who_does_not_read_holds_up_nobody() -> None:
    at, desks = Gate(1, 10), Desks()
    slow, other = reading(at, "slow", desks.stream("slow", events=500)), reading(at, "other", desks.stream("other"))
    assert await anext(slow) == Searching("slow")
    desks.go_on.set()
    assert await rest(other) == [Searching("other"), DONE]
    assert desks.ended == ["slow", "other"]
    assert await rest(slow) == [Found(())] * 500 + [DONE], "and what was made for them is there"


async def test_a_reader_who_takes_for_ever_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "_READING_SECONDS", -1)
    at, desks = Gate(1, 0), Desks()
    desks.go_on.set()
    slow = reading(at, "slow", desks.stream("slow", events=500))
    await anext(slow)
    await settled()
    assert DONE not in await rest(slow)
    assert at.taken == 0


async def test_who_leaves_ends_the_work_and_gives_the_place_back() -> None:
    at, desks = Gate(1, 1), Desks()
    leaving, waiting = reading(at, "leaving", desks.stream("leaving")), reading(at, "waiting", desks.stream("waiting"))
    await anext(leaving)
    await anext(waiting)
    assert at.place() is None, "the line is as long as it may be"
    await leaving.aclose()
    assert desks.ended == ["leaving"]
    await settled()
    assert desks.begun == ["leaving", "waiting"]
    await waiting.aclose()
    assert desks.ended == desks.begun
    assert at.taken == 0
    desks.go_on.set()
    assert await rest(reading(at, "next", desks.stream("next"))) == [Searching("next"), DONE]


async def test_who_leaves_while_waiting_is_never_worked_for() -> None:
    at, desks = Gate(1, 1), Desks()
    front, waiting = reading(at, "front", desks.stream("front")), reading(at, "waiting", desks.stream("waiting"))
    await anext(front)
    await anext(waiting)
    await settled()
    await waiting.aclose()
    desks.go_on.set()
    await rest(front)
    assert desks.begun == ["front"]
    assert at.taken == 0


async def test_what_breaks_a_stream_comes_out_after_what_was_told_and_frees_the_place() -> None:
    at, desks = Gate(1, 0), Desks()
    desks.go_on.set()
    told: list[Event] = []
    async with aclosing(reading(at, "x", desks.stream("x", events=2, error=LookupError("lost")))) as events:
        with pytest.raises(LookupError, match="lost"):
            async for event in events:
                told.append(event)
    assert told == [Searching("x"), Found(()), Found(())]
    assert at.taken == 0


# ---- over HTTP ----------------------------------------------------------------------------------------------------


def ask(house: House, headers: Headers | None = None, question: str = SMALL_QUESTION) -> httpx.Response:
    return httpx.post(f"{house.address}/api/v1/ask", json={"question": question}, headers=headers, timeout=30)


def test_asking_too_fast_is_told_in_words_with_a_time_and_a_new_cookie_does_not_help(
    small_base: Path, desk_on: DeskOn
) -> None:
    with open_house(desk_on(small_base), ServerSettings(questions_a_minute=1)) as house:
        delegate, program = house.signed_in("partner:nepal"), house.program("staff", "ask")
        assert ask(house, delegate).status_code == 200
        refused = ask(house, delegate)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_questions")
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert refused.json()["error"]["message"].endswith(f"{refused.headers['retry-after']} seconds.")
        # A new session is the same account; another account is not.
        same = house.accounts.open_session(house.accounts.accounts()[0].id)
        assert ask(house, {"Cookie": f"__Host-session={same}", "Origin": house.address}).status_code == 429
        assert ask(house, house.signed_in("partner:nepal")).status_code == 200
        assert ask(house, program).status_code == 200
        statuses = [ask(house, with_visit(letter * 43, house.address)).status_code for letter in "abcdefghijk"]
        assert statuses == [200] * 10 + [429]


def test_only_so_many_streams_at_once_and_one_more_when_one_has_ended(small_base: Path, embedder: Embedder) -> None:
    settings = unhurried(streams_at_once=1)
    with (
        ModelServer(stalls(), lines("None.")) as model,
        open_house(desk_with(model, small_base, embedder), settings) as house,
    ):
        delegate = house.signed_in("partner:nepal")
        body, address = {"question": SMALL_QUESTION}, f"{house.address}/api/v1/chat"
        with httpx.stream("POST", address, json=body, headers=delegate, timeout=30) as held:
            received = held.iter_lines()
            next(received)
            assert model.wait_for_requests(1)
            refused = ask(house, delegate)
            assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_streams")
            assert int(refused.headers["retry-after"]) > 0
            assert ask(house, house.signed_in("partner:nepal")).status_code == 200
        wait_until(lambda: ask(house, delegate).status_code == 200, "the stream to be given back")


def test_who_has_had_their_tokens_of_the_day_gets_quotes_and_is_told_so(small_base: Path, embedder: Embedder) -> None:
    says = "The border post at Tabanovce is open all night and on holidays too. [1]"
    settings = unhurried(model_tokens_a_day=1)
    with (
        ModelServer(lines(says), lines(says)) as model,
        open_house(desk_with(model, small_base, embedder), settings) as house,
    ):
        asha = house.signed_in("partner:nepal")
        first, second = (ask(house, asha).json() for _ in range(2))
        assert len(model.requests) == 1
        assert ask(house, house.signed_in("partner:nepal")).json()["outcome"] == first["outcome"] == "ANSWERED"
    assert (second["outcome"], second["notices"][0]["kind"]) == ("EVIDENCE_ONLY", "model_spent")
    assert second["sentences"]
    assert "until tomorrow" in second["notices"][0]["text"].lower()


def test_leaving_before_the_end_saves_no_tokens(small_base: Path, embedder: Embedder) -> None:
    settings = unhurried(model_tokens_a_day=1000)
    with ModelServer(stalls()) as model, open_house(desk_with(model, small_base, embedder), settings) as house:
        asha = house.signed_in("partner:nepal")
        body, address = {"question": SMALL_QUESTION}, f"{house.address}/api/v1/chat"
        with httpx.stream("POST", address, json=body, headers=asha, timeout=30) as left:
            received = left.iter_lines()
            next(received)
            assert model.wait_for_requests(1)
        assert model.wait_for_disconnects(1)
        wait_until(lambda: spent(ask(house, asha)), "what was begun to be counted")


def spent(response: httpx.Response) -> bool:
    return "model_spent" in [notice["kind"] for notice in response.json()["notices"]]


def test_while_the_desk_is_closed_everybody_is_told_the_operators_reason(small_base: Path, desk_on: DeskOn) -> None:
    with open_house(desk_on(small_base)) as house:
        house.accounts.close_desk("The figures of June are being corrected.", TERMINAL)
        for headers in ({}, house.signed_in("staff", is_operator=True), house.program("staff", "ask")):
            refused = ask(house, headers)
            assert refused.status_code == 503
            assert refused.json()["error"]["code"] == "closed"
            assert refused.json()["error"]["message"] == "The figures of June are being corrected."
        house.accounts.open_desk(TERMINAL)
        assert ask(house).status_code == 200


def test_a_line_that_is_full_says_so(small_base: Path, embedder: Embedder) -> None:
    settings = unhurried(concurrent_answers=1, waiting_answers=0)
    with ModelServer(stalls()) as model, open_house(desk_with(model, small_base, embedder), settings) as house:
        with httpx.stream(
            "POST", f"{house.address}/api/v1/chat", json={"question": SMALL_QUESTION}, timeout=30
        ) as held:
            received = held.iter_lines()
            next(received)
            assert model.wait_for_requests(1)
            refused = ask(house)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "busy")
        assert int(refused.headers["retry-after"]) > 0


def desk_with(model: ModelServer, data: Path, embedder: Embedder) -> Desk:
    limits = Limits(first_token_seconds=30, idle_seconds=30)
    chat = ChatModel(ModelSettings(model=MODEL, api_key=KEY, base_url=model.base_url), limits)
    return Desk(open_base(data, embedder), embedder.name, chat, limits)
