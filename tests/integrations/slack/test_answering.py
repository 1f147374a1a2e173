"""Where the desk answers, and what a person sees there."""

from integrations.slack import actions
from tests.integrations.slack.conftest import NO_ANSWER_QUESTION, PUBLIC_ANSWER, PUBLIC_QUESTION
from tests.integrations.slack.office import Office
from tests.integrations.slack.sending import event_body, message_event
from tests.integrations.slack.workspace import ANA, ANAS_DM, BEN, BOT, STAFF_ROOM, buttons_of


async def test_a_direct_message_is_answered_in_its_thread_with_numbers_sources_and_buttons(office: Office) -> None:
    asked = await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
    answer = await office.answer_to(asked)
    assert PUBLIC_ANSWER in answer.read
    assert "[1]" in answer.text
    assert "Opening hours of two border posts" in answer.read
    assert answer.state == "ended"
    assert {actions.FEEDBACK, actions.SOURCES, actions.ESCALATE, actions.EXPORT} <= set(buttons_of(answer.blocks))


async def test_the_reader_sees_at_once_what_the_desk_does_and_the_stop_button_goes_again(office: Office) -> None:
    asked = await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
    shown = [status for channel, thread, status in office.slack.statuses if (channel, thread) == (ANAS_DM, asked.ts)]
    assert "Searching the documents" in shown[0]
    assert "documents: " in shown[-1]
    sessions = [status for _, thread, status in office.slack.sessions if thread == asked.ts]
    assert sessions == ["processing", "active"]


async def test_a_mention_is_answered_in_the_thread_and_never_in_the_channel(office: Office) -> None:
    asked = office.slack.write(BEN, STAFF_ROOM, f"<@{BOT}> {PUBLIC_QUESTION}")
    assert await office.event(event_body(message_event(asked, "app_mention"))) == 200
    await office.settled()
    assert PUBLIC_ANSWER in (await office.answer_to(asked)).read
    assert all(message.thread_ts for message in office.slack.messages[STAFF_ROOM] if message.user == BOT)
    start = office.slack.called("chat.startStream")[0]
    assert (start["recipient_user_id"], start["recipient_team_id"]) == (BEN, "T0HOME")


async def test_a_follow_up_is_answered_without_a_mention_and_knows_what_it_follows(office: Office) -> None:
    asked = await office.says(BEN, STAFF_ROOM, f"<@{BOT}> When was the readmission agreement with Veldania signed?")
    await office.says(ANA, STAFF_ROOM, "And how fast does it answer?", asked.ts)
    answers = office.slack.answers(STAFF_ROOM, asked.ts)
    assert len(answers) == 2
    assert "twelve working days" in answers[1].read


async def test_a_thread_that_the_desk_is_no_part_of_and_talk_among_people_are_left_alone(office: Office) -> None:
    root = office.slack.write(ANA, STAFF_ROOM, "Lunch at noon?")
    await office.says(BEN, STAFF_ROOM, PUBLIC_QUESTION, root.ts)
    await office.says(BEN, STAFF_ROOM, PUBLIC_QUESTION)
    asked = await office.says(ANA, STAFF_ROOM, f"<@{BOT}> {PUBLIC_QUESTION}")
    await office.says(BEN, STAFF_ROOM, f"<@{ANA}> is that so?", asked.ts)
    assert office.slack.answers(STAFF_ROOM, root.ts) == []
    assert len(office.slack.answers(STAFF_ROOM, asked.ts)) == 1
    assert len([message for message in office.slack.messages[STAFF_ROOM] if message.user == BOT]) == 1


async def test_bots_edits_and_people_who_join_are_no_questions(office: Office) -> None:
    slack = office.slack
    for changes in (
        {"bot_id": "B0OTHER"},
        {"subtype": "bot_message", "bot_id": "B0OTHER"},
        {"user": BOT},
        {"user": "USLACKBOT"},
        {"subtype": "channel_join"},
        {"subtype": "message_changed", "message": {"text": PUBLIC_QUESTION, "user": ANA}},
    ):
        message = slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
        assert await office.event(event_body(message_event(message, **changes))) == 200
    await office.settled()
    assert [message for message in slack.messages[ANAS_DM] if message.user == BOT] == []


async def test_an_edit_of_an_answered_question_is_not_answered_again_and_a_mention_added_later_is(
    office: Office,
) -> None:
    asked = await office.says(ANA, STAFF_ROOM, PUBLIC_QUESTION)
    asked.text = f"<@{BOT}> {PUBLIC_QUESTION}"
    for _ in range(2):
        await office.event(event_body(message_event(asked, "app_mention", edited={"user": ANA, "ts": "2.2"})))
        await office.settled()
    assert PUBLIC_ANSWER in (await office.answer_to(asked)).read


async def test_a_file_with_words_is_a_question_and_one_without_gets_help(office: Office) -> None:
    asked = office.slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
    await office.event(event_body(message_event(asked, subtype="file_share", files=[{"id": "F1"}])))
    empty = office.slack.write(ANA, ANAS_DM, "")
    await office.event(event_body(message_event(empty, subtype="file_share", files=[{"id": "F2"}])))
    await office.settled()
    assert PUBLIC_ANSWER in (await office.answer_to(asked)).read
    assert "Please write a question" in (await office.answer_to(empty)).read


async def test_what_the_documents_do_not_say_is_not_answered_and_a_colleague_is_offered(office: Office) -> None:
    answer = await office.answer_to(await office.says(ANA, ANAS_DM, NO_ANSWER_QUESTION))
    assert answer.text == "" or "ferr" not in answer.text.lower()
    assert "Ask a colleague" in answer.read
    assert actions.SOURCES not in buttons_of(answer.blocks)


async def test_what_is_near_to_a_refused_question_is_named_once(office: Office) -> None:
    answer = await office.answer_to(await office.says(ANA, ANAS_DM, "Who guards the border posts?"))
    (kept,) = office.conversations.recent("slack:T0HOME:U0ANA")
    assert kept.answer is not None and kept.answer.nearby == ("Opening hours of two border posts",)
    assert answer.read.count("Opening hours of two border posts") == 1
    assert answer.text.count("Opening hours of two border posts") == 1


async def test_a_question_that_is_too_long_is_told_so(office: Office) -> None:
    answer = await office.answer_to(await office.says(ANA, ANAS_DM, "Why? " * 1000))
    assert "too long" in answer.read


async def test_slacks_notation_is_read_as_the_words_it_stands_for(office: Office) -> None:
    written = f"<@{BOT}> Is the border post at <https://x.example|Tabanovce> open all night &amp; on holidays?"
    await office.says(ANA, STAFF_ROOM, written)
    kept = office.conversations.recent("slack:T0HOME:U0ANA")
    assert [pair.question for pair in kept] == ["Is the border post at Tabanovce open all night & on holidays?"]


async def test_no_question_and_no_token_is_logged(office: Office, caplog: object) -> None:
    import logging

    import pytest

    assert isinstance(caplog, pytest.LogCaptureFixture)
    caplog.set_level(logging.DEBUG, "migdesk")
    office.slack.fail("chat.stopStream", "invalid_blocks", times=2)
    office.slack.fail("users.info", "user_not_found")
    await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
    assert "invalid_blocks" in caplog.text
    assert "Tabanovce" not in caplog.text
    assert "xoxb" not in caplog.text
