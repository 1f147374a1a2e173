"""Never twice and never lost: repetitions, both events of a mention, restarts, two processes, many at once."""

import asyncio
from typing import Any

import pytest

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from integrations.slack.keeping import Jobs
from integrations.slack.pace import MOST_QUESTIONS, WITHIN_SECONDS, Pace
from tests.integrations.slack import web_api
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_QUESTION
from tests.integrations.slack.office import Office, office_of
from tests.integrations.slack.sending import event_body, message_event
from tests.integrations.slack.stand_in import Slack
from tests.integrations.slack.workspace import ANA, ANAS_DM, BOT, GUEST, GUESTS_DM, STAFF_ROOM


@pytest.mark.parametrize("headers", [{}, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}])
async def test_an_event_that_comes_again_is_answered_once(office: Office, headers: dict[str, str]) -> None:
    asked = office.slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    body = event_body(message_event(asked))
    for _ in range(2):
        assert await office.event(body, **headers) == 200
    await office.settled()
    assert await office.event(body, **headers) == 200
    await office.settled()
    assert PUBLIC_ANSWER in (await office.answer_to(asked)).read


async def test_a_repetition_of_an_event_that_never_arrived_is_answered(office: Office) -> None:
    asked = office.slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    assert await office.event(event_body(message_event(asked)), **{"X-Slack-Retry-Num": "2"}) == 200
    await office.settled()
    assert PUBLIC_ANSWER in (await office.answer_to(asked)).read


@pytest.mark.parametrize("kinds", [("app_mention", "message"), ("message", "app_mention")])
async def test_a_mention_comes_as_two_events_and_is_answered_once(office: Office, kinds: tuple[str, str]) -> None:
    asked = office.slack.write(ANA, STAFF_ROOM, f"<@{BOT}> {PUBLIC_QUESTION}")
    for kind in kinds:
        assert await office.event(event_body(message_event(asked, kind))) == 200
    await office.settled()
    assert PUBLIC_ANSWER in (await office.answer_to(asked)).read


async def test_a_mention_in_a_thread_is_not_swallowed_by_its_message_event_that_was_passed_over(
    office: Office,
) -> None:
    """As a message of people it is passed over, as a mention it is answered: also where the text names the desk
    otherwise than by its id."""
    root = office.slack.write(ANA, STAFF_ROOM, "We were talking of borders.")
    asked = office.slack.write(ANA, STAFF_ROOM, PUBLIC_QUESTION, root.ts)
    assert await office.event(event_body(message_event(asked))) == 200
    await office.settled()
    assert await office.event(event_body(message_event(asked, "app_mention"))) == 200
    await office.settled()
    assert PUBLIC_ANSWER in (await office.answer_to(asked)).read


async def test_what_was_acknowledged_and_not_answered_is_answered_after_a_restart(
    slack: Slack, desk: Desk, conversations: Conversations
) -> None:
    asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    slack.limit("users.info", 0, times=1)
    async with office_of(slack, desk, conversations) as office:
        # The process is killed right after it has acknowledged: nothing of it runs on.
        office.service.worker.begin = lambda job: None  # type: ignore[method-assign]
        assert await office.event(event_body(message_event(asked))) == 200
        assert slack.answers(ANAS_DM, asked.ts) == []
    async with office_of(slack, desk, conversations):
        await slack.until(lambda: bool(slack.answers(ANAS_DM, asked.ts)), "an answer")
        await slack.until(lambda: slack.answers(ANAS_DM, asked.ts)[0].state == "ended", "its end")
    assert [PUBLIC_ANSWER in answer.read for answer in slack.answers(ANAS_DM, asked.ts)] == [True]


@pytest.mark.parametrize("is_noted", [True, False])
async def test_half_an_answer_of_a_process_that_died_gives_way_to_a_whole_one(
    slack: Slack, desk: Desk, conversations: Conversations, is_noted: bool
) -> None:
    asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    now = 1000.0
    dead = Jobs(conversations.engine, "dead", lambda: now)
    body = event_body(message_event(asked))
    job = await dead.add(f"event:T0HOME:{body['event_id']}", "event", body)
    assert job is not None
    assert await dead.claim(f"T0HOME:{ANAS_DM}:{asked.ts}", job.id)
    half = web_api.chat_startStream(
        slack, {"channel": ANAS_DM, "thread_ts": asked.ts, "chunks": [{"type": "markdown_text", "text": "Half an"}]}
    )
    if is_noted:
        await dead.note_posted(job.id, half["ts"])
    dead.close()
    async with office_of(slack, desk, conversations):
        await slack.until(
            lambda: any(answer.state == "ended" for answer in slack.answers(ANAS_DM, asked.ts)), "a whole answer"
        )
    answers = slack.answers(ANAS_DM, asked.ts)
    assert len(answers) == 1
    assert PUBLIC_ANSWER in answers[0].read and "Half an" not in answers[0].read


@pytest.mark.parametrize("deaths", [7, 8])
async def test_a_question_over_which_every_process_dies_is_given_up_in_the_end(
    slack: Slack, desk: Desk, conversations: Conversations, caplog: pytest.LogCaptureFixture, deaths: int
) -> None:
    asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    dying = Jobs(conversations.engine, "dying")
    await dying.add("event:T0HOME:1", "event", event_body(message_event(asked)))
    for _ in range(deaths - 1):
        await dying.let_go()
        assert await dying.take() is not None
    await dying.let_go()
    async with office_of(slack, desk, conversations) as office:
        while await dying.open_count():
            await office.settled()
        await office.settled()
    assert [PUBLIC_ANSWER in answer.read for answer in slack.answers(ANAS_DM, asked.ts)] == [True] * (deaths == 7)
    assert ("is given up" in caplog.text) is (deaths == 8)
    dying.close()


async def test_two_processes_share_the_work_and_neither_answers_twice(
    slack: Slack, desk: Desk, conversations: Conversations
) -> None:
    asked = [slack.write(ANA, ANAS_DM, PUBLIC_QUESTION) for _ in range(6)]
    async with office_of(slack, desk, conversations) as one, office_of(slack, desk, conversations) as other:
        for message in asked:
            body = event_body(message_event(message))
            assert set(await asyncio.gather(one.event(body), other.event(body))) == {200}
        await one.settled()
        await other.settled()
    assert [len(slack.answers(ANAS_DM, message.ts)) for message in asked] == [1] * 6


async def test_a_question_that_is_deleted_before_it_is_answered_is_not_answered(office: Office) -> None:
    asked = office.slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    gone = {"type": "message", "subtype": "message_deleted", "channel": ANAS_DM, "deleted_ts": asked.ts, "ts": "9.9"}
    assert await office.event(event_body(gone)) == 200
    assert await office.event(event_body(message_event(asked))) == 200
    await office.settled()
    assert office.slack.answers(ANAS_DM, asked.ts) == []


async def test_the_question_is_erased_from_the_jobs_with_its_answer(office: Office) -> None:
    await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
    with office.conversations.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT state, payload FROM slack_jobs").all()
    assert [tuple(row) for row in rows] == [("done", "{}")]


async def test_messages_that_are_not_for_the_desk_are_never_written_down(office: Office) -> None:
    await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
    root = office.slack.write(ANA, STAFF_ROOM, "Lunch at noon?")
    await office.says(ANA, STAFF_ROOM, "Who comes along?", root.ts)
    with office.conversations.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM slack_jobs").scalar_one() == 1


async def test_a_database_that_is_busy_is_no_reason_to_acknowledge(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise OSError("disk full")

    asked = office.slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    body = event_body(message_event(asked))
    with monkeypatch.context() as patch:
        patch.setattr(office.service.parts.jobs, "add", broken)
        assert await office.event(body) == 503
    assert await office.event(body, **{"X-Slack-Retry-Num": "1"}) == 200
    await office.settled()
    assert PUBLIC_ANSWER in (await office.answer_to(asked)).read


async def test_a_token_that_was_revoked_ends_the_job_and_says_what_to_do(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
    office.slack.tokens.clear()
    asked = office.slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    assert await office.event(event_body(message_event(asked))) == 200
    await office.settled()
    assert office.slack.answers(ANAS_DM, asked.ts) == []
    assert "Install the app again" in caplog.text
    assert await office.service.parts.jobs.open_count() == 0


async def test_an_error_of_slacks_is_tried_again_later_and_the_answer_comes_once(office: Office) -> None:
    office.slack.fail("chat.startStream", "internal_error", times=2)
    office.slack.fail("chat.postMessage", "internal_error")
    asked = office.slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    assert await office.event(event_body(message_event(asked))) == 200
    await office.settled()
    assert office.slack.answers(ANAS_DM, asked.ts) == []
    await office.service.parts.jobs.put_off(f"event:T0HOME:{_id_of(office)}", -1)
    await office.slack.until(lambda: bool(office.slack.answers(ANAS_DM, asked.ts)), "an answer")
    await office.settled()
    assert PUBLIC_ANSWER in (await office.answer_to(asked)).read


def _id_of(office: Office) -> str:
    with office.conversations.engine.connect() as connection:
        found: str = connection.exec_driver_sql("SELECT id FROM slack_jobs").scalar_one()
    return found.removeprefix("event:T0HOME:")


async def test_two_hundred_questions_at_once_are_each_answered_exactly_once(
    slack: Slack, quick_desk: Desk, conversations: Conversations
) -> None:
    """Of twenty people, since one alone could not ask so many."""
    question = "Is the border post at Tabanovce open all night and on holidays too?"
    asked = [slack.write(name, where, question) for name, where in slack.crowd(20) for _ in range(10)]
    bodies = [event_body(message_event(message)) for message in asked]
    async with office_of(slack, quick_desk, conversations) as office:
        assert set(await asyncio.gather(*(office.event(body) for body in [*bodies, *bodies[::7]]))) == {200}
        await asyncio.wait_for(office.service.worker.idle(), 120)
    answers = [slack.answers(message.channel, message.ts) for message in asked]
    assert [len(found) for found in answers] == [1] * 200
    assert all(PUBLIC_ANSWER in found[0].read for found in answers)


async def test_who_asks_too_much_is_asked_to_wait_and_others_are_not(
    slack: Slack, quick_desk: Desk, conversations: Conversations
) -> None:
    async with office_of(slack, quick_desk, conversations) as office:
        asked = [slack.write(ANA, ANAS_DM, PUBLIC_QUESTION) for _ in range(30)]
        for message in asked:
            assert await office.event(event_body(message_event(message))) == 200
        await office.settled()
        said = [(await office.answer_to(message)).read for message in asked]
        assert sum(PUBLIC_ANSWER in answer for answer in said) == MOST_QUESTIONS
        assert sum("Please try again in 5 min." in answer for answer in said) == 30 - MOST_QUESTIONS
        hers = await office.says(GUEST, GUESTS_DM, PUBLIC_QUESTION)
        assert PUBLIC_ANSWER in (await office.answer_to(hers)).read
    assert conversations.holdings().questions == MOST_QUESTIONS + 1


def test_after_five_minutes_one_may_ask_again() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    assert [pace.minutes_to_wait("ana") for _ in range(MOST_QUESTIONS)] == [0] * MOST_QUESTIONS
    now = 100.0
    assert (pace.minutes_to_wait("ana"), pace.minutes_to_wait("ben")) == (4, 0)
    now = WITHIN_SECONDS
    assert [pace.minutes_to_wait("ana") for _ in range(MOST_QUESTIONS + 1)] == [0] * MOST_QUESTIONS + [5]
