"""Who sees what on Slack: whatever is not certain is public."""

from typing import Any

import pytest

from assistant.desk import Desk
from assistant.types import Conversation, Reader
from integrations.slack import actions
from integrations.slack.identity import is_full_member, is_open_to_others, language_of_locale
from integrations.slack.workspaces import Workspace
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_QUESTION, STAFF_ANSWER, STAFF_QUESTION
from tests.integrations.slack.office import Office, office_of
from tests.integrations.slack.sending import event_body, message_event, press
from tests.integrations.slack.stand_in import Slack
from tests.integrations.slack.workspace import (
    ANA,
    ANAS_DM,
    BEN,
    BOT,
    GONE,
    GRID,
    GUEST,
    GUEST_ROOM,
    GUESTS_DM,
    ORGANISATION,
    OTHER_BOT,
    OTHER_TEAM,
    SHARED_ROOM,
    STAFF_ROOM,
    STRANGER,
    TEAM,
    channel,
    person,
)

HOME = Workspace(TEAM, None, BOT, "B0BOT", True, client=None)  # type: ignore[arg-type]
IN_GRID = Workspace(TEAM, ORGANISATION, BOT, "B0BOT", True, client=None)  # type: ignore[arg-type]


async def ask(office: Office, user: str, where: str, **more: Any) -> str:
    asked = await office.says(user, where, f"<@{BOT}> {STAFF_QUESTION}", **more)
    return (await office.answer_to(asked)).read


async def test_staff_read_staff_documents_alone_and_where_only_staff_read_along(office: Office) -> None:
    assert STAFF_ANSWER in await ask(office, ANA, ANAS_DM)
    assert STAFF_ANSWER in await ask(office, ANA, STAFF_ROOM)


@pytest.mark.parametrize("room", [SHARED_ROOM, GUEST_ROOM])
async def test_where_outsiders_read_along_only_public_documents_are_used(office: Office, room: str) -> None:
    assert STAFF_ANSWER not in await ask(office, ANA, room)
    answered = await office.says(ANA, room, f"<@{BOT}> {PUBLIC_QUESTION}")
    assert PUBLIC_ANSWER in (await office.answer_to(answered)).read
    # Only she is told why.
    told = [given for given in office.slack.ephemeral if "outside can read this channel" in given["text"]]
    assert {given["user"] for given in told} == {ANA}


async def test_a_guest_and_a_stranger_are_told_nothing_that_is_not_public(office: Office) -> None:
    office.slack.channels["D0ELSE"] = channel("D0ELSE", STRANGER, BOT, is_im=True, user=STRANGER)
    office.slack.channels["D0GONE"] = channel("D0GONE", GONE, BOT, is_im=True, user=GONE)
    for user, where in ((GUEST, GUESTS_DM), (STRANGER, "D0ELSE"), (GONE, "D0GONE"), (STRANGER, SHARED_ROOM)):
        said = await ask(office, user, where)
        assert STAFF_ANSWER not in said
        assert "hotline" not in said.lower()
    assert all("outside" not in given["text"] for given in office.slack.ephemeral)


async def test_what_slack_says_of_the_event_counts_before_anything_is_looked_up(office: Office) -> None:
    assert STAFF_ANSWER not in await ask(office, ANA, STAFF_ROOM, is_ext_shared_channel=True)
    asked = office.slack.write(ANA, ANAS_DM, STAFF_QUESTION)
    await office.event(event_body(message_event(asked, user_team=OTHER_TEAM)))
    await office.settled()
    assert STAFF_ANSWER not in (await office.answer_to(asked)).read


@pytest.mark.parametrize(
    "method", ["users.info", "conversations.info", "conversations.members", "users.list"], ids=lambda name: str(name)
)
async def test_whatever_slack_does_not_say_makes_it_public(office: Office, method: str) -> None:
    office.slack.fail(method, "internal_error", times=50)
    assert STAFF_ANSWER not in await ask(office, ANA, STAFF_ROOM)


async def test_a_guest_on_the_last_page_of_a_long_list_of_members_counts(office: Office) -> None:
    colleagues = [f"U0C{number}" for number in range(7)]
    office.slack.users |= {name: person(name) for name in colleagues}
    office.slack.channels["C0BIG"] = channel("C0BIG", ANA, BOT, *colleagues)
    assert STAFF_ANSWER in await ask(office, ANA, "C0BIG")
    office.slack.channels["C0BIG2"] = channel("C0BIG2", ANA, BOT, *colleagues, GUEST)
    assert STAFF_ANSWER not in await ask(office, ANA, "C0BIG2")


async def test_a_bot_of_another_company_and_an_unknown_member_are_outsiders(office: Office) -> None:
    office.slack.channels["C0BOTS"] = channel("C0BOTS", ANA, BOT, OTHER_BOT)
    office.slack.channels["C0LOST"] = channel("C0LOST", ANA, BOT, "U0NOBODY")
    assert STAFF_ANSWER not in await ask(office, ANA, "C0BOTS")
    assert STAFF_ANSWER not in await ask(office, ANA, "C0LOST")


async def test_a_guest_who_joins_is_noticed_with_the_next_question(office: Office) -> None:
    assert STAFF_ANSWER in await ask(office, ANA, STAFF_ROOM)
    office.slack.channels[STAFF_ROOM]["members"].append(GUEST)
    await office.event(event_body({"type": "member_joined_channel", "user": GUEST, "channel": STAFF_ROOM}))
    await office.settled()
    assert STAFF_ANSWER not in await ask(office, ANA, STAFF_ROOM)


async def test_what_staff_were_told_does_not_reach_a_guest_through_the_history_of_a_thread(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model would be shown the history: for a public reader it holds nothing that was answered for staff."""
    histories: list[str] = []
    stream = Desk.stream

    def listening(self: Desk, question: str, history: Conversation, reader: Reader) -> Any:
        histories.append(str(history))
        return stream(self, question, history, reader)

    monkeypatch.setattr(Desk, "stream", listening)
    asked = await office.says(ANA, STAFF_ROOM, f"<@{BOT}> {STAFF_QUESTION}")
    await office.says(BEN, STAFF_ROOM, "And on Sundays?", asked.ts)
    office.slack.channels[STAFF_ROOM]["members"].append(GUEST)
    await office.event(event_body({"type": "member_joined_channel", "user": GUEST, "channel": STAFF_ROOM}))
    await office.settled()
    for user in (GUEST, ANA):  # what she is told now, the guest reads too
        await office.says(user, STAFF_ROOM, "And who answers it at night?", asked.ts)
    answers = office.slack.answers(STAFF_ROOM, asked.ts)
    assert len(answers) == 4
    for answer in answers[2:]:
        assert "Vukoman" not in answer.read and "hotline" not in answer.read.lower()
    assert "Vukoman" in histories[1]
    assert "hotline" not in "".join(histories[2:]).lower() and "night" in histories[3]


async def test_a_colleague_of_our_organisation_is_staff_there_and_nowhere_else(
    slack: Slack, desk: Any, conversations: Any
) -> None:
    slack.channels["D0GRID"] = channel("D0GRID", GRID, BOT, is_im=True, user=GRID)
    async with office_of(slack, desk, conversations) as office:
        assert STAFF_ANSWER not in await ask(office, GRID, "D0GRID")
    slack.tokens["xoxb-home-token"] = (TEAM, ORGANISATION)
    async with office_of(slack, desk, conversations) as office:
        assert STAFF_ANSWER in await ask(office, GRID, "D0GRID", authorizations=[{"team_id": TEAM}])
        # A stream to them names their own team, not the organisation's.
        asked = office.slack.write(GRID, STAFF_ROOM, f"<@{BOT}> {PUBLIC_QUESTION}")
        await office.event(event_body(message_event(asked, user_team="T0SIBLING")))
        await office.settled()
        assert PUBLIC_ANSWER in (await office.answer_to(asked)).read


async def test_the_sources_window_shows_to_each_who_presses_what_they_may_see_now(office: Office) -> None:
    asked = await office.says(ANA, STAFF_ROOM, f"<@{BOT}> {STAFF_QUESTION}")
    answer = await office.answer_to(asked)
    await office.presses(actions.SOURCES, answer)
    await office.slack.until(lambda: len(office.slack.called("views.update")) == 1, "the sources")
    seen = str(office.slack.called("views.update")[0])
    assert STAFF_ANSWER in seen and "answered at night and on Sundays" in seen

    office.slack.channels[STAFF_ROOM]["members"].append(GUEST)
    for number, user in enumerate((GUEST, STRANGER, "U0NOBODY"), 2):
        await office.presses(actions.SOURCES, answer, user)
        await office.slack.until(lambda n=number: len(office.slack.called("views.update")) == n, "a window")  # type: ignore[misc]
        shown = str(office.slack.called("views.update")[-1])
        assert "no longer kept, or you cannot open it" in shown
        assert "hotline" not in shown.lower()


async def test_an_answer_that_is_not_there_looks_like_one_that_is_hidden(office: Office) -> None:
    asked = await office.says(ANA, STAFF_ROOM, f"<@{BOT}> {STAFF_QUESTION}")
    answer = await office.answer_to(asked)
    await office.interact(press(actions.SOURCES, "no-such-answer", answer, GUEST))
    await office.slack.until(lambda: len(office.slack.called("views.update")) == 1, "a window")
    await office.presses(actions.SOURCES, answer, GUEST)
    await office.slack.until(lambda: len(office.slack.called("views.update")) == 2, "a window")
    absent, hidden = (given["view"] for given in office.slack.called("views.update"))
    assert absent == hidden


async def test_a_member_who_became_a_guest_loses_the_sources_with_the_next_press(office: Office) -> None:
    answer = await office.answer_to(await office.says(ANA, ANAS_DM, STAFF_QUESTION))
    office.slack.users[ANA]["is_restricted"] = True
    await office.presses(actions.SOURCES, answer)
    await office.slack.until(lambda: len(office.slack.called("views.update")) == 1, "a window")
    assert STAFF_ANSWER not in str(office.slack.called("views.update")[0])


async def test_an_answer_is_found_only_where_it_was_given(office: Office) -> None:
    """An answer of a conversation between two is not opened from elsewhere, whatever id comes."""
    mine = await office.answer_to(await office.says(ANA, ANAS_DM, PUBLIC_QUESTION))
    elsewhere = await office.answer_to(await office.says(ANA, GUEST_ROOM, f"<@{BOT}> {PUBLIC_QUESTION}"))
    from tests.integrations.slack.workspace import buttons_of

    await office.interact(press(actions.SOURCES, buttons_of(mine.blocks)[actions.SOURCES], elsewhere, GUEST))
    await office.slack.until(lambda: len(office.slack.called("views.update")) == 1, "a window")
    assert "no longer kept" in str(office.slack.called("views.update")[0])


@pytest.mark.parametrize(
    ("user", "workspace", "is_staff"),
    [
        (person(ANA), HOME, True),
        (person(ANA, OTHER_TEAM), HOME, False),
        (person(ANA, is_restricted=True), HOME, False),
        (person(ANA, is_ultra_restricted=True), HOME, False),
        (person(ANA, deleted=True), HOME, False),
        (person(ANA, is_bot=True), HOME, False),
        (person(ANA, is_stranger=True), HOME, False),
        (person(ANA, is_invited_user=True), HOME, False),
        ({"id": ANA, "team_id": TEAM}, HOME, False),
        ({**person(ANA), "team_id": None}, HOME, False),
        (person(ANA, "T0SIBLING", enterprise_user={"enterprise_id": ORGANISATION}), HOME, False),
        (person(ANA, "T0SIBLING", enterprise_user={"enterprise_id": ORGANISATION}), IN_GRID, True),
        (person(ANA, "T0SIBLING", enterprise_user={"enterprise_id": "E0OTHER"}), IN_GRID, False),
        (person(ANA, "T0SIBLING", enterprise_user={"enterprise_id": ORGANISATION}, is_restricted=True), IN_GRID, False),
    ],
)
def test_who_is_staff(user: dict[str, Any], workspace: Workspace, is_staff: bool) -> None:
    assert is_full_member(user, workspace) is is_staff


@pytest.mark.parametrize(
    ("flags", "workspace", "is_open"),
    [
        ({}, HOME, False),
        ({"is_ext_shared": True}, HOME, True),
        ({"is_pending_ext_shared": True}, HOME, True),
        ({"pending_connected_team_ids": ["T9"]}, HOME, True),
        ({"is_shared": True}, HOME, True),
        ({"is_shared": True, "is_org_shared": True}, HOME, True),
        ({"is_shared": True, "is_org_shared": True}, IN_GRID, False),
    ],
)
def test_which_channels_are_open_to_others(flags: dict[str, Any], workspace: Workspace, is_open: bool) -> None:
    assert is_open_to_others(channel("C1", **flags), workspace) is is_open


def test_the_language_that_slack_is_set_to() -> None:
    named = {"en-US": "en", "sr-RS": "sr-Latn", "sq-AL": "sq", "sr-Cyrl-RS": "sr", "": "en", "de_DE": "de"}
    assert {locale: language_of_locale(locale) for locale in named} == named
