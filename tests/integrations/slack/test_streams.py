"""A streamed answer when Slack limits, refuses, forgets or stops it: the reader always has all of it, once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from assistant.chain import ChatModel
from assistant.conversations.store import Conversations
from assistant.desk import Desk
from assistant.settings import Limits, ModelSettings
from integrations.slack.errors import StoppedByReader, Undeliverable
from integrations.slack.settings import SlackSettings
from integrations.slack.streaming import ROLL_OVER, AnswerStream, Ending
from integrations.slack.workspaces import Workspaces, retry_after
from tests.fakes import MODEL, ModelServer, stalls
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_QUESTION
from tests.integrations.slack.office import Office, office_of
from tests.integrations.slack.sending import event_body, message_event
from tests.integrations.slack.stand_in import Slack
from tests.integrations.slack.workspace import ANA, ANAS_DM, BOT_TOKEN, STAFF_ROOM, Message

SECTION: dict[str, Any] = {"type": "section", "text": {"type": "plain_text", "text": "Sources (1)"}}
PLAIN: dict[str, Any] = {"type": "section", "text": {"type": "plain_text", "text": "Sources, plainly"}}
REFUSED: dict[str, Any] = {"type": "alert", "text": {"type": "plain_text", "text": "x"}}


def ending(said: str, closing: dict[str, Any] = SECTION, plain: dict[str, Any] = PLAIN) -> Ending:
    whole = {"type": "markdown", "text": said}
    return Ending([closing], [whole, closing], [plain], [whole, plain], f"In words: {said}")


class Room:
    """One stream in Ana's conversation with the desk."""

    def __init__(self, slack: Slack, stream: AnswerStream, asked: Message, slept: list[float]) -> None:
        self.slack, self.stream, self.asked, self.slept = slack, stream, asked, slept

    @property
    def read(self) -> list[str]:
        return [message.read for message in self.slack.answers(ANAS_DM, self.asked.ts)]

    async def say(self, *sentences: str) -> None:
        """Each is sent before the next comes."""
        for sentence in sentences:
            await self.stream.say(sentence)
            await self.slack.until(lambda text=sentence: text in "".join(self.read), "a sentence")  # type: ignore[misc]


@pytest.fixture
async def room(slack: Slack) -> AsyncIterator[Room]:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def posted(_: str) -> None:
        return

    workspaces = Workspaces(SlackSettings(bot_token=BOT_TOKEN, api_url=slack.api), sleep=sleep)  # type: ignore[arg-type]
    asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    workspace = await workspaces.only()
    stream = AnswerStream(workspace, ANAS_DM, asked.ts, user=ANA, team=None, posted=posted, pause=0.0)
    yield Room(slack, stream, asked, slept)
    await stream.abandon()
    await workspaces.close()


async def test_sentences_appear_as_they_come_and_the_sources_at_the_end(room: Room) -> None:
    await room.say("One. [1]", "Two. [1]")
    assert room.read == ["One. [1]\n\nTwo. [1]"]
    await room.stream.finish(ending("unused"))
    assert room.read == ["One. [1]\n\nTwo. [1]\nSources (1)"]


async def test_calls_to_one_stream_never_overlap_and_many_sentences_share_a_call(room: Room) -> None:
    for number in range(60):
        await room.stream.say(f"Sentence {number}.")
    await room.stream.finish(ending("unused"))
    assert room.slack.overlaps == 0
    assert len(room.slack.called("chat.startStream")) == 1
    assert len(room.slack.called("chat.appendStream")) <= 3
    assert [f"Sentence {number}." in room.read[0] for number in range(60)] == [True] * 60


async def test_a_limit_in_the_middle_is_waited_out_for_as_long_as_slack_says(room: Room) -> None:
    room.slack.limit("chat.appendStream", 7, times=2)
    await room.say("One.", "Two.")
    await room.stream.finish(ending("unused"))
    assert room.slept == [7.0, 7.0]
    assert room.read == ["One.\n\nTwo.\nSources (1)"]


async def test_a_limit_that_lasts_ends_in_one_message_and_not_in_silence(room: Room) -> None:
    room.slack.limit("chat.startStream", 3600)
    await room.stream.say("One.")
    await room.stream.finish(ending("One."))
    assert room.slept == []
    assert room.read == ["One.\nSources (1)"]
    assert room.slack.answers(ANAS_DM, room.asked.ts)[0].state == ""


@pytest.mark.parametrize(
    "code",
    ["channel_type_not_supported", "team_not_found", "missing_recipient_team_id", "internal_error", "unknown_method"],
)
async def test_where_nothing_can_be_streamed_the_answer_is_one_message(room: Room, code: str) -> None:
    room.slack.fail("chat.startStream", code, times=9)
    await room.stream.say("One.")
    await room.stream.say("Two.")
    await room.stream.finish(ending("One. Two."))
    assert room.read == ["One. Two.\nSources (1)"]


@pytest.mark.parametrize("code", ["message_not_in_streaming_state", "message_not_found", "internal_error"])
async def test_a_stream_that_expired_keeps_what_it_has_and_the_rest_follows(room: Room, code: str) -> None:
    await room.say("One.")
    room.slack.fail("chat.appendStream", code)
    await room.stream.say("Two.")
    await room.stream.say("Three.")
    await room.stream.finish(ending("unused"))
    assert room.read == ["One.", "Two.\n\nThree.\nSources (1)"]


async def test_a_stream_that_expired_at_its_end_gets_its_sources_below(room: Room) -> None:
    await room.say("One.")
    room.slack.fail("chat.stopStream", "message_not_in_streaming_state")
    await room.stream.finish(ending("unused"))
    assert room.read == ["One.", "Sources (1)"]


async def test_a_long_answer_goes_on_in_a_second_message_before_slack_refuses_it(room: Room) -> None:
    sentences = [f"Sentence {number} {'long ' * 100}." for number in range(45)]
    for sentence in sentences:
        await room.stream.say(sentence)
    await room.stream.finish(ending("unused"))
    assert len(room.read) == 3
    assert all(len(message.text) <= ROLL_OVER for message in room.slack.answers(ANAS_DM, room.asked.ts))
    assert all(sentence in "".join(room.read) for sentence in sentences)
    assert ["Sources" in read for read in room.read] == [False, False, True]


async def test_a_message_that_is_full_sooner_than_documented_is_followed_by_another(room: Room) -> None:
    await room.say("One.")
    room.slack.fail("chat.appendStream", "msg_too_long")
    await room.stream.say("Two.")
    await room.stream.finish(ending("unused"))
    assert room.read == ["One.", "Two.\nSources (1)"]


async def test_blocks_that_slack_refuses_give_way_to_plainer_ones_and_then_to_words(room: Room) -> None:
    await room.say("One.")
    await room.stream.finish(ending("unused", REFUSED))
    assert room.read == ["One.\nSources, plainly"]


async def test_where_all_blocks_are_refused_the_sources_follow_in_words(room: Room) -> None:
    await room.say("One.")
    await room.stream.finish(ending("One.", REFUSED, REFUSED))
    assert room.read == ["One.", "In words: One."]


async def test_a_reader_who_stops_the_stream_gets_no_more(room: Room) -> None:
    await room.say("One.")
    room.slack.stop(room.slack.answers(ANAS_DM, room.asked.ts)[0])
    await room.stream.say("Two.")
    with pytest.raises(StoppedByReader):
        await room.stream.finish(ending("unused"))
    with pytest.raises(StoppedByReader):
        await room.stream.say("Three.")
    await room.stream.end("Stopped.", was_stopped=True)
    assert room.read == ["One."]


@pytest.mark.parametrize("code", ["is_archived", "not_in_channel", "cannot_reply_to_message"])
async def test_where_slack_takes_no_message_nothing_is_tried_again(room: Room, code: str) -> None:
    for method in ("chat.startStream", "chat.postMessage"):
        room.slack.fail(method, code, times=9)
    await room.stream.say("One.")
    with pytest.raises(Undeliverable, match=code):
        await room.stream.finish(ending("One."))


def test_the_seconds_to_wait_are_read_in_whatever_case_and_form_they_come() -> None:
    assert retry_after({"Retry-After": "30"}) == 30
    assert retry_after({"retry-after": ["4"]}) == 4
    assert retry_after({"retry-after": "soon"}) == 1
    assert retry_after({}) == 1


@pytest.fixture
async def stalled(slack: Slack, desk: Desk, conversations: Conversations) -> AsyncIterator[tuple[Office, ModelServer]]:
    """An office whose model says one checked line and then nothing more."""
    with ModelServer(stalls(("The border post at Tabanovce is open all night. [1]",))) as model:
        limits = Limits(first_token_seconds=30, idle_seconds=30)
        chat = ChatModel(ModelSettings(model=MODEL, api_key="k", base_url=model.base_url), limits)
        async with office_of(slack, Desk(desk.base, desk.embedder_name, chat, limits), conversations) as office:
            yield office, model


async def test_the_stop_button_ends_the_model_and_the_answer(stalled: tuple[Office, ModelServer]) -> None:
    office, model = stalled
    slack = office.slack
    asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    assert await office.event(event_body(message_event(asked))) == 200
    await slack.until(lambda: any(PUBLIC_ANSWER in m.text for m in slack.answers(ANAS_DM, asked.ts)), "a sentence")
    stop = {"type": "agent_session_stopped", "channel": ANAS_DM, "thread_ts": asked.ts, "user": ANA}
    assert await office.event(event_body(stop)) == 200
    await office.settled()
    answer = await office.answer_to(asked)
    assert PUBLIC_ANSWER in answer.read and "Stopped at your request" in answer.read
    assert await asyncio.to_thread(model.wait_for_disconnects)
    assert slack.sessions[-1] == (ANAS_DM, asked.ts, "active")
    # The next question in the thread is answered.
    assert office.service.parts.answering._asking == {}


async def test_a_question_that_is_deleted_while_it_is_answered_is_not_gone_on_with(
    stalled: tuple[Office, ModelServer],
) -> None:
    office, model = stalled
    slack = office.slack
    asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    await office.event(event_body(message_event(asked)))
    await slack.until(lambda: any(PUBLIC_ANSWER in m.text for m in slack.answers(ANAS_DM, asked.ts)), "a sentence")
    gone = {"type": "message", "subtype": "message_deleted", "channel": ANAS_DM, "deleted_ts": asked.ts}
    await office.event(event_body(gone))
    await office.settled()
    assert await asyncio.to_thread(model.wait_for_disconnects)


async def test_a_stop_reaches_the_other_process(
    stalled: tuple[Office, ModelServer], desk: Desk, conversations: Conversations
) -> None:
    office, model = stalled
    slack = office.slack
    asked = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    await office.event(event_body(message_event(asked)))
    await slack.until(lambda: any(PUBLIC_ANSWER in m.text for m in slack.answers(ANAS_DM, asked.ts)), "a sentence")
    async with office_of(slack, desk, conversations) as other:
        stop = {"type": "agent_session_stopped", "channel": ANAS_DM, "thread_ts": asked.ts, "user": ANA}
        assert await other.event(event_body(stop)) == 200
        await office.settled()
    assert await asyncio.to_thread(model.wait_for_disconnects)


async def test_an_acknowledgement_and_a_status_do_not_wait_for_a_model(stalled: tuple[Office, ModelServer]) -> None:
    office, _ = stalled
    slack = office.slack
    asked = [slack.write(ANA, STAFF_ROOM, f"<@U0BOT> {PUBLIC_QUESTION}") for _ in range(12)]
    for message in asked:
        assert await office.event(event_body(message_event(message))) == 200
    # More than are answered at once: each of them shows that it was heard.
    await slack.until(
        lambda: {thread for _, thread, _ in slack.statuses} == {message.ts for message in asked}, "every status"
    )
    for message in asked:
        stop = {"type": "agent_session_stopped", "channel": STAFF_ROOM, "thread_ts": message.ts, "user": ANA}
        await office.event(event_body(stop))
    await office.settled()


async def test_what_breaks_on_our_side_is_told_with_a_reference_and_can_be_asked_again(
    office: Office, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from integrations.slack import actions

    def broken(*_: object) -> None:
        raise RuntimeError(f"about {PUBLIC_QUESTION}")

    with monkeypatch.context() as patch:
        patch.setattr(desk.base.searcher, "search", broken)
        asked = await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
    answer = await office.answer_to(asked)
    assert "Reference: " in answer.read and "RuntimeError" not in answer.read
    await office.presses(actions.RETRY, answer)
    await office.presses(actions.RETRY, answer)
    answers = office.slack.answers(ANAS_DM, asked.ts)
    assert PUBLIC_ANSWER in answers[1].read
