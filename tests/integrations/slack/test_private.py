"""What one person sees alone: /ask, the message shortcut, the home tab, suggested prompts."""

import asyncio
from typing import Any

import pytest

from integrations.slack import actions
from integrations.slack.workspaces import is_slacks
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_QUESTION, STAFF_ANSWER, STAFF_QUESTION
from tests.integrations.slack.office import Office
from tests.integrations.slack.sending import event_body, press, signed, submission, trigger
from tests.integrations.slack.workspace import (
    ANA,
    ANAS_DM,
    BEN,
    GUEST,
    GUESTS_DM,
    SHARED_ROOM,
    STRANGER,
    TEAM,
    Message,
    words_of,
)


async def command(office: Office, user: str, question: str, **more: Any) -> tuple[str, list[dict[str, Any]]]:
    """What comes back at once, and what follows."""
    from urllib.parse import urlencode

    name = f"hook-{trigger()}"
    form = {
        "command": "/ask",
        "text": question,
        "user_id": user,
        "team_id": TEAM,
        "channel_id": SHARED_ROOM,
        "trigger_id": trigger(),
        "response_url": f"{office.slack.address}/hooks/{name}",
        **more,
    }
    raw = urlencode(form).encode()
    status, at_once = await office.post(raw, signed(raw), "application/x-www-form-urlencoded")
    assert status == 200
    await office.settled()
    return at_once, office.slack.hooks[name]


async def test_the_command_answers_its_asker_alone_with_their_own_rights(office: Office) -> None:
    at_once, answers = await command(office, ANA, STAFF_QUESTION)
    assert "Searching the documents" in at_once and "ephemeral" in at_once
    assert [answer["response_type"] for answer in answers] == ["ephemeral"]
    assert STAFF_ANSWER in words_of(answers[0]["blocks"]) and STAFF_ANSWER in answers[0]["text"]
    # Nothing of it stands in the channel, which people from outside read.
    assert office.slack.messages[SHARED_ROOM] == []


@pytest.mark.parametrize("user", [GUEST, STRANGER, "U0NOBODY"])
async def test_the_command_tells_outsiders_what_is_public(office: Office, user: str) -> None:
    _, answers = await command(office, user, STAFF_QUESTION)
    assert STAFF_ANSWER not in str(answers)
    _, answers = await command(office, user, PUBLIC_QUESTION)
    assert PUBLIC_ANSWER in str(answers)


@pytest.mark.parametrize("question", ["", "   ", "?"])
async def test_a_command_without_a_question_gets_help(office: Office, question: str) -> None:
    _, answers = await command(office, ANA, question)
    assert "Please write a question" in answers[0]["text"]


async def test_a_command_follows_up_on_what_its_asker_asked_there_before(office: Office) -> None:
    await command(office, ANA, "When was the readmission agreement with Veldania signed?")
    _, answers = await command(office, ANA, "And how fast does it answer?")
    assert "twelve working days" in str(answers)


async def test_an_answer_to_a_command_goes_to_slack_and_nowhere_else(office: Office) -> None:
    heard: list[str] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append("called")
        writer.close()

    elsewhere = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = elsewhere.sockets[0].getsockname()[1]
    await command(office, ANA, PUBLIC_QUESTION, response_url=f"http://127.0.0.1:{port}/hooks/1")
    elsewhere.close()
    assert heard == []


async def test_a_word_to_who_pressed_goes_to_slack_and_nowhere_else(office: Office) -> None:
    heard: list[str] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append("called")
        writer.close()

    elsewhere = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = elsewhere.sockets[0].getsockname()[1]
    shown = Message("5.5", SHARED_ROOM, "U0BOT", "")
    place = {"type": "message", "message_ts": "5.5", "channel_id": SHARED_ROOM, "is_ephemeral": True}
    for number, address in enumerate((f"http://127.0.0.1:{port}/hooks/2", f"{office.slack.address}/hooks/2")):
        body = press(actions.EXPORT, f"no-such-answer-{number}", shown)
        await office.interact({**body, "container": place, "response_url": address})
        await office.settled()
    elsewhere.close()
    assert heard == []
    assert "no longer kept" in office.slack.hooks["2"][0]["text"]


def test_which_addresses_are_slacks() -> None:
    api = "https://slack.com/api/"
    assert is_slacks("https://hooks.slack.com/commands/1", api)
    for other in ("https://hooks.slack.com.example/1", "http://hooks.slack.com/1", "https://x@example/", ""):
        assert not is_slacks(other, api)


async def test_opinions_and_sources_of_a_private_answer_are_its_askers(office: Office) -> None:
    _, answers = await command(office, ANA, STAFF_QUESTION)
    shown = Message("5.5", SHARED_ROOM, "U0BOT", "", None, answers[0]["blocks"])
    await office.presses(actions.SOURCES, shown)
    await office.slack.until(lambda: len(office.slack.called("views.update")) == 1, "a window")
    assert STAFF_ANSWER in str(office.slack.called("views.update")[0])
    await office.presses(actions.SOURCES, shown, BEN)
    await office.slack.until(lambda: len(office.slack.called("views.update")) == 2, "a window")
    shown_to_ben = str(office.slack.called("views.update")[1])
    assert "Više nije dostupno" in shown_to_ben and STAFF_ANSWER not in shown_to_ben


async def test_a_briefing_note_of_a_private_answer_goes_to_its_asker(office: Office) -> None:
    _, answers = await command(office, ANA, STAFF_QUESTION)
    shown = Message("5.5", SHARED_ROOM, "U0BOT", "", None, answers[0]["blocks"])
    await office.presses(actions.EXPORT, shown)
    assert [file["channel_id"] for file in office.slack.files] == [ANAS_DM]


def shortcut(text: str, user: str = ANA) -> dict[str, Any]:
    return {
        "type": "message_action",
        "callback_id": actions.ASK_SHORTCUT,
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "trigger_id": trigger(),
        "channel": {"id": "C0NOTOURS"},
        "message": {"ts": "3.3", "text": text, "user": BEN},
    }


async def in_window(office: Office) -> str:
    await office.slack.until(lambda: bool(office.slack.called("views.update")), "an answer in a window")
    await office.settled()
    return words_of(next(reversed(office.slack.views.values()))["blocks"])


async def test_the_shortcut_answers_in_a_window_also_where_the_desk_is_no_member(office: Office) -> None:
    assert (await office.interact(shortcut(f"Colleagues, {PUBLIC_QUESTION}")))[0] == 200
    assert PUBLIC_ANSWER in await in_window(office)
    assert office.slack.messages["C0NOTOURS"] == []


async def test_the_shortcut_on_a_message_without_words_says_so(office: Office) -> None:
    await office.interact(shortcut(""))
    assert "Please write a question" in await in_window(office)


async def test_home_shows_how_to_ask_what_there_is_and_ones_own_questions(office: Office) -> None:
    await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
    for user, where in ((ANA, ANAS_DM), (GUEST, GUESTS_DM)):
        opened = {"type": "app_home_opened", "user": user, "channel": where, "tab": "home"}
        assert await office.event(event_body(opened)) == 200
    await office.settled()
    hers, guests = words_of(office.slack.homes[ANA]["blocks"]), words_of(office.slack.homes[GUEST]["blocks"])
    assert PUBLIC_QUESTION in hers and "Documents you can ask about: 3" in hers
    assert PUBLIC_QUESTION not in guests and "Documents you can ask about: 2" in guests


async def test_home_speaks_the_language_of_its_reader(office: Office) -> None:
    await office.event(event_body({"type": "app_home_opened", "user": BEN, "channel": "D0BEN", "tab": "home"}))
    await office.settled()
    assert "How to ask" not in words_of(office.slack.homes[BEN]["blocks"])


async def test_a_question_from_home_is_answered_in_the_window_it_was_written_in(office: Office) -> None:
    home = press(actions.HOME_ASK, actions.HOME_ASK, Message("", "", ANA, ""))
    home |= {"view": {"id": "V0", "type": "home"}, "container": {"type": "view", "view_id": "V0"}}
    await office.interact(home)
    await office.slack.until(lambda: bool(office.slack.called("views.open")), "a window to write in")
    view_id = next(reversed(office.slack.views))
    sent = submission(actions.HOME_ASK_VIEW, "", {actions.QUESTION_BLOCK: STAFF_QUESTION})
    sent["view"]["id"] = view_id
    status, at_once = await office.interact(sent)
    assert status == 200 and '"response_action": "update"' in at_once
    assert STAFF_ANSWER in await in_window(office)


async def test_a_suggestion_is_answered_in_a_window(office: Office) -> None:
    home = press(actions.suggested_action(0), PUBLIC_QUESTION, Message("", "", ANA, ""))
    home |= {"view": {"id": "V0", "type": "home"}, "container": {"type": "view", "view_id": "V0"}}
    await office.interact(home)
    assert PUBLIC_ANSWER in await in_window(office)


async def test_prompts_are_suggested_from_what_the_reader_may_see(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from knowledge.types import Subject

    catalogue = office.service.parts.desk.base.catalogue
    sources = catalogue.sources

    def with_topics(audiences: frozenset[str]) -> Any:
        return [replace(s, subject=Subject(f"the matter of {s.id}", "return")) for s in sources(audiences)]

    monkeypatch.setattr(catalogue, "sources", with_topics)
    for user, where in ((ANA, ANAS_DM), (GUEST, GUESTS_DM)):
        opened = {"type": "app_home_opened", "user": user, "channel": where, "tab": "messages"}
        await office.event(event_body(opened))
    await office.settled()
    assert "hotline" in str(office.slack.prompts[ANAS_DM])
    assert "hotline" not in str(office.slack.prompts[GUESTS_DM])
    assert "tabanovce" in str(office.slack.prompts[GUESTS_DM])
