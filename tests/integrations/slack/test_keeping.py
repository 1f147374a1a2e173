"""What the Slack desk must not forget, on SQLite and on PostgreSQL: jobs, claims, what has arrived, installations."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from integrations.slack.installations import STATE_SECONDS, Installation, Installations
from integrations.slack.keeping import KEPT_SECONDS, LEASE_SECONDS, Jobs, kinds_seen
from tests.assistant.conversations.conftest import Place, memory, place, server
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_QUESTION
from tests.integrations.slack.office import office_of
from tests.integrations.slack.sending import event_body, message_event
from tests.integrations.slack.stand_in import Slack
from tests.integrations.slack.workspace import ANA, ANAS_DM, STAFF_ROOM

__all__ = ["memory", "place", "server"]  # the fixtures


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workers(memory: Conversations, clock: Clock) -> Iterator[list[Jobs]]:
    """Three processes of one desk."""
    made = [Jobs(memory.engine, f"w{number}", clock) for number in range(3)]
    yield made
    for worker in made:
        worker.close()


async def test_a_lease_that_ran_out_is_taken_by_one_of_however_many_ask(workers: list[Jobs], clock: Clock) -> None:
    assert await workers[0].add("j1", "event", {"text": "x"}) is not None
    assert await workers[1].add("j1", "event", {"text": "x"}) is None
    assert await workers[1].take() is None
    await workers[0].renew()
    clock.now += LEASE_SECONDS + 1
    taken = await asyncio.gather(*(worker.take() for worker in workers))
    assert [job.attempt for job in taken if job is not None] == [2]


async def test_of_many_at_once_one_adds_the_job_and_one_answers_the_message(workers: list[Jobs]) -> None:
    added = await asyncio.gather(*(worker.add("j1", "event", {}) for worker in workers))
    assert [job.id for job in added if job is not None] == ["j1"]
    claimed = await asyncio.gather(*(worker.claim("m1", f"j{n}") for n, worker in enumerate(workers)))
    assert sorted(claimed) == [False, False, True]
    winner = claimed.index(True)
    assert await workers[1].claim("m1", f"j{winner}")
    assert await workers[2].withdraw("m1") == f"j{winner}"
    assert await workers[2].withdraw("m2") is None and not await workers[0].claim("m2", "j1")


async def test_what_a_process_lets_go_is_taken_at_once_with_what_it_had_posted(workers: list[Jobs]) -> None:
    wild = {"text": "\ud83d \x00 шта је?", "team_id": "T0HOME"}
    await workers[0].add("j1", "event", wild, "thread")
    await workers[0].note_posted("j1", "1.1")
    await workers[0].note_posted("j1", "2.2")
    await workers[0].let_go()
    job = await workers[1].take()
    assert job is not None and (job.payload, job.attempt, job.posted) == (wild, 2, ("1.1", "2.2"))
    assert await workers[2].all_posted("thread") == {"1.1", "2.2"} and await workers[2].answers_in("thread")
    assert await workers[2].stop(thread="thread") == {"j1"}
    assert await workers[1].renew() == {"j1"}
    await workers[1].finish("j1")
    assert await workers[0].stop(identifier="j1") == set() and await workers[0].open_count() == 0


async def test_what_is_put_off_waits_and_what_is_old_is_forgotten(workers: list[Jobs], clock: Clock) -> None:
    await workers[0].add("j1", "event", {})
    await workers[0].put_off("j1", 60.0)
    assert await workers[1].take() is None
    clock.now += 61
    assert await workers[1].take() is not None
    await workers[1].finish("j1", failed=True)
    await workers[1].add("j2", "event", {}, "thread")
    assert await workers[1].claim("m1", "j1")
    clock.now += KEPT_SECONDS + 1
    await workers[0].purge()
    assert await workers[0].add("j1", "event", {}) is not None
    assert await workers[0].claim("m1", "j9")
    assert await workers[0].add("j2", "event", {}) is None, "an open job is never forgotten"


async def test_which_events_arrive_is_noted(workers: list[Jobs], memory: Conversations, clock: Clock) -> None:
    await asyncio.gather(*(worker.note_seen("message") for worker in workers))
    clock.now += 10
    await Jobs(memory.engine, "later", clock).note_seen("x" * 300)
    assert kinds_seen(memory.engine) == {"message": 1000.0, "x" * 64: 1010.0}


def test_processes_that_start_at_once_make_the_tables_once(place: Place) -> None:
    opened = [place.open() for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        for jobs in threads.map(lambda memory: Jobs(memory.engine, "w"), opened):
            jobs.close()


def test_tokens_are_kept_encrypted_and_states_are_good_once_and_for_minutes(
    memory: Conversations, clock: Clock
) -> None:
    kept = Installations(memory.engine, Fernet.generate_key().decode(), clock)
    for token in ("xoxb-first", "xoxb-second"):
        kept.save(Installation("T1", "Desk & Co", ("chat:write",)), token)
    kept.save(Installation("E1", "All", ()), "xoxb-all")
    assert (kept.token("T1", "E1"), kept.token("T2", "E1"), kept.token("T2", None)) == ("xoxb-second", "xoxb-all", None)
    assert [one.team for one in kept.all()] == ["E1", "T1"]
    with memory.engine.connect() as connection:
        assert "xoxb" not in str(connection.exec_driver_sql("SELECT * FROM slack_installations").all())
    kept.remove("T1", "E1")
    assert kept.token("T1", None) is None and kept.token("T1", "E1") == "xoxb-all"

    first, late = kept.new_state(), kept.new_state()
    assert kept.use_state(first) and not kept.use_state(first) and not kept.use_state("guessed")
    clock.now += STATE_SECONDS + 1
    assert not kept.use_state(late)


async def test_a_question_is_answered_once_and_followed_up(
    slack: Slack, quick_desk: Desk, memory: Conversations
) -> None:
    async with (
        office_of(slack, quick_desk, memory) as one,
        office_of(slack, quick_desk, memory) as other,
    ):
        asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
        body = event_body(message_event(asked))
        assert set(await asyncio.gather(one.event(body), other.event(body))) == {200}
        for office in (one, other):
            await office.settled()
        assert PUBLIC_ANSWER in (await one.answer_to(asked)).read
        joined = {"type": "member_joined_channel", "user": ANA, "channel": STAFF_ROOM}
        assert await other.event(event_body(joined)) == 200
        await other.settled()
        await other.says(ANA, ANAS_DM, "And on holidays?", asked.ts)
    assert len(slack.answers(ANAS_DM, asked.ts)) == 2
    assert set(kinds_seen(memory.engine)) == {"message", "member_joined_channel"}
