"""A question that goes on to a colleague, from the button to the answer in the thread."""

import pytest

from integrations.slack import actions
from tests.integrations.slack.conftest import NO_ANSWER_QUESTION, STAFF_QUESTION
from tests.integrations.slack.office import Office, office_of
from tests.integrations.slack.sending import press, submission
from tests.integrations.slack.workspace import (
    ANA,
    BEN,
    BOT,
    EXPERTS,
    GUEST,
    GUEST_ROOM,
    GUESTS_DM,
    STAFF_ROOM,
    STRANGER,
    Message,
    buttons_of,
    words_of,
)


async def handed_on(office: Office, user: str = ANA, question: str = NO_ANSWER_QUESTION) -> tuple[Message, Message]:
    """The answer in the thread and the card in the experts' channel."""
    answer = await office.answer_to(await office.says(user, STAFF_ROOM, f"<@{BOT}> {question}"))
    await office.presses(actions.ESCALATE, answer, user)
    await office.slack.until(lambda: bool(office.slack.called("views.open")), "a window")
    view = office.slack.called("views.open")[-1]["view"]
    metadata = view["private_metadata"] if isinstance(view, dict) else ""
    await office.interact(submission(actions.ESCALATE_VIEW, metadata, {actions.NOTE_BLOCK: "For the minister."}, user))
    await office.settled()
    return answer, office.slack.messages[EXPERTS][-1]


async def test_from_the_button_to_the_answer_in_the_thread(office: Office) -> None:
    answer, card = await handed_on(office)
    assert "ferries" in card.read and "For the minister." in card.read
    assert "https://home.slack.com/archives/" in card.read
    assert "with the experts" in office.slack.ephemeral[-1]["text"]

    await office.presses(actions.CLAIM, card, BEN)
    assert f"<@{BEN}>" in card.read
    escalation_id = buttons_of(card.blocks)[actions.REPLY]
    await office.presses(actions.REPLY, card, BEN)
    await office.slack.until(lambda: len(office.slack.called("views.open")) == 2, "the experts' window")
    await office.interact(
        submission(actions.REPLY_VIEW, escalation_id, {actions.REPLY_BLOCK: "Two, from May. <!channel>"}, BEN)
    )
    await office.settled()
    told = office.slack.answers(STAFF_ROOM, answer.thread_ts or "")
    assert len(told) == 2
    assert "Two, from May." in told[1].read and f"<@{BEN}>" in told[1].read
    # What people write is shown as text in which Slack reads nothing.
    assert all("<!channel>" not in str(block) for block in told[1].blocks if block["type"] != "rich_text")
    assert "<!channel>" not in told[1].text
    # Notifications and screen readers get the words too, not only that there are some.
    assert "ferries" in card.text and "For the minister." in card.text and "Two, from May." in card.text
    assert "ferries" in told[1].text and "Two, from May." in told[1].text and f"<@{BEN}>" in told[1].text
    assert actions.REPLY not in buttons_of(card.blocks)
    # The pair is kept for whoever turns it into a case or a brief.
    assert [(e.state, e.reply) for e in office.conversations.escalations("relayed")] == [
        ("relayed", "Two, from May. <!channel>")
    ]


async def test_the_same_window_sent_off_twice_makes_one_card(office: Office) -> None:
    answer, _ = await handed_on(office)
    metadata = buttons_of(answer.blocks)[actions.ESCALATE]
    await office.interact(submission(actions.ESCALATE_VIEW, metadata, {actions.NOTE_BLOCK: "Again."}))
    await office.settled()
    assert len(office.slack.messages[EXPERTS]) == 1
    assert "already" in office.slack.ephemeral[-1]["text"]


async def test_one_expert_has_it_and_the_reply_is_told_once(office: Office) -> None:
    answer, card = await handed_on(office)
    escalation_id = buttons_of(card.blocks)[actions.CLAIM]
    await office.presses(actions.CLAIM, card, BEN)
    await office.interact(press(actions.CLAIM, escalation_id, card, ANA))
    await office.settled()
    assert "taken this up already" in office.slack.ephemeral[-1]["text"]
    for user, words in ((ANA, "Not mine."), (BEN, "Two."), (BEN, "Three.")):
        await office.interact(submission(actions.REPLY_VIEW, escalation_id, {actions.REPLY_BLOCK: words}, user))
        await office.settled()
    told = office.slack.answers(STAFF_ROOM, answer.thread_ts or "")
    assert len(told) == 2 and "Two." in told[1].read


@pytest.mark.parametrize("user", [GUEST, STRANGER])
async def test_only_staff_take_up_and_reply(office: Office, user: str) -> None:
    answer, card = await handed_on(office)
    escalation_id = buttons_of(card.blocks)[actions.CLAIM]
    await office.interact(press(actions.CLAIM, escalation_id, card, user))
    await office.interact(press(actions.REPLY, escalation_id, card, user))
    await office.interact(submission(actions.REPLY_VIEW, escalation_id, {actions.REPLY_BLOCK: "Mine."}, user))
    await office.settled()
    assert [e.state for e in office.conversations.escalations()] == ["open"]
    assert len(office.slack.answers(STAFF_ROOM, answer.thread_ts or "")) == 1


async def test_a_card_is_pressed_in_the_experts_channel_only(office: Office) -> None:
    answer, card = await handed_on(office)
    await office.interact(press(actions.CLAIM, buttons_of(card.blocks)[actions.CLAIM], answer, BEN))
    await office.settled()
    assert [e.state for e in office.conversations.escalations()] == ["open"]


async def test_nothing_is_posted_where_outsiders_read_the_experts_channel(office: Office) -> None:
    office.slack.channels[EXPERTS]["members"].append(GUEST)
    answer = await office.answer_to(await office.says(ANA, STAFF_ROOM, f"<@{BOT}> {STAFF_QUESTION}"))
    metadata = buttons_of(answer.blocks)[actions.ESCALATE]
    await office.interact(submission(actions.ESCALATE_VIEW, metadata, {actions.NOTE_BLOCK: ""}))
    await office.settled()
    assert office.slack.messages[EXPERTS] == []
    assert "experts" in office.slack.ephemeral[-1]["text"]


async def test_an_outsider_hands_on_their_own_question_and_nobody_elses(office: Office) -> None:
    mine = await office.answer_to(await office.says(GUEST, GUEST_ROOM, f"<@{BOT}> {NO_ANSWER_QUESTION}"))
    hers = await office.answer_to(await office.says(ANA, GUEST_ROOM, f"<@{BOT}> {NO_ANSWER_QUESTION}"))
    for answer in (hers, mine):
        metadata = buttons_of(answer.blocks)[actions.ESCALATE]
        await office.interact(submission(actions.ESCALATE_VIEW, metadata, {actions.NOTE_BLOCK: ""}, GUEST))
        await office.settled()
    assert len(office.slack.messages[EXPERTS]) == 1


async def test_without_an_experts_channel_nobody_is_offered_one(
    slack: object, desk: object, conversations: object
) -> None:
    async with office_of(slack, desk, conversations, experts_channel=None) as office:  # type: ignore[arg-type]
        answer = await office.answer_to(await office.says(ANA, STAFF_ROOM, f"<@{BOT}> {NO_ANSWER_QUESTION}"))
        assert actions.ESCALATE not in buttons_of(answer.blocks)


@pytest.mark.parametrize("room", [STAFF_ROOM, GUEST_ROOM])
async def test_an_expert_is_told_before_writing_that_outsiders_will_read_it(office: Office, room: str) -> None:
    answer = await office.answer_to(await office.says(ANA, room, f"<@{BOT}> {NO_ANSWER_QUESTION}"))
    metadata = buttons_of(answer.blocks)[actions.ESCALATE]
    await office.interact(submission(actions.ESCALATE_VIEW, metadata, {actions.NOTE_BLOCK: ""}))
    await office.settled()
    await office.presses(actions.REPLY, office.slack.messages[EXPERTS][-1], BEN)
    await office.slack.until(lambda: bool(office.slack.called("views.open")), "the experts' window")
    shown = words_of(next(reversed(office.slack.views.values()))["blocks"])
    assert ("People from outside can read your answer" in shown) is (room == GUEST_ROOM)


async def test_a_reply_to_a_guest_alone_is_read_outside_too(office: Office) -> None:
    answer = await office.answer_to(await office.says(GUEST, GUESTS_DM, NO_ANSWER_QUESTION))
    metadata = buttons_of(answer.blocks)[actions.ESCALATE]
    await office.interact(submission(actions.ESCALATE_VIEW, metadata, {actions.NOTE_BLOCK: ""}, GUEST))
    await office.settled()
    await office.presses(actions.REPLY, office.slack.messages[EXPERTS][-1], BEN)
    await office.slack.until(lambda: bool(office.slack.called("views.open")), "the experts' window")
    assert "People from outside" in words_of(next(reversed(office.slack.views.values()))["blocks"])
