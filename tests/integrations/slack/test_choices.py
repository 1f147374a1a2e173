"""A question back: its choices as buttons, wherever questions are asked, and what becomes of one that is pressed."""

import itertools
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from assistant.events import Event
from assistant.types import Answer, Conversation, Outcome, Provenance, Reader
from integrations.accounts.store import open_accounts
from integrations.slack import actions
from integrations.slack.choice_list import choice_buttons, distinguishing
from integrations.slack.limits import broken_limits
from integrations.slack.rendering import answer_blocks, chosen_blocks, chosen_text, fallback_text
from knowledge.base import open_base
from knowledge.embedding import Embedder
from tests.integrations.slack.office import Office, office_of
from tests.integrations.slack.sending import press, signed, trigger
from tests.integrations.slack.shown import as_text
from tests.integrations.slack.stand_in import Slack
from tests.integrations.slack.wild import AS_FOUND, anything, spoken_languages
from tests.integrations.slack.workspace import (
    ANA,
    ANAS_DM,
    BEN,
    BOT,
    GUEST,
    STAFF_ROOM,
    TEAM,
    Message,
    buttons_of,
    words_of,
)
from tests.knowledge.bases import ingest, write

OPEN = "Which delegations came to the round table?"
SKOPJE = "Which delegations came to the round table (Skopje, September 2023)?"
PODGORICA = "Which delegations came to the round table (Podgorica, May 2022)?"
VLORA = "Which delegations came to the round table (Vlora, March 2024)?"
IN_SKOPJE = "Delegations from Morocco and Egypt came to the round table in Skopje"
IN_VLORA = "Delegations from Ghana and Tunisia came to the round table in Vlora"
ID = "0123456789abcdef0123456789abcdef"


def _note(place: str, month: str, who: str, audience: str) -> str:
    return (
        f"---\ntitle: Round table on assisted voluntary return, {place}, {month}\naudience: {audience}\n---\n"
        f"## Participants\n\nDelegations from {who} came to the round table in {place} in {month}. They were joined by "
        "case workers of the region.\n\n## Results\n\nThe round table agreed on a joint form for travel documents.\n"
    )


@pytest.fixture(scope="module")
def round_tables(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Desk]:
    """Two meetings for everybody, and one for staff."""
    notes = {
        "skopje.md": _note("Skopje", "September 2023", "Morocco and Egypt", "public"),
        "podgorica.md": _note("Podgorica", "May 2022", "Nepal and Bangladesh", "public"),
        "vlora.md": _note("Vlora", "March 2024", "Ghana and Tunisia", "staff"),
    }
    folder = tmp_path_factory.mktemp("tables")
    assert not ingest(folder / "data", write(folder / "notes", notes), embedder=embedder).refused
    desk = Desk(open_base(folder / "data", embedder), embedder.name)
    yield desk
    desk.base.close()


@pytest.fixture
async def office(slack: Slack, round_tables: Desk, conversations: Conversations) -> AsyncIterator[Office]:
    async with office_of(slack, round_tables, conversations) as office:
        yield office


def offered(blocks: list[dict[str, Any]]) -> dict[str, str]:
    """Label → action id."""
    return {
        words_of(element["text"]): element["action_id"]
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"].startswith(actions.CHOOSE)
    }


def button_of(blocks: list[dict[str, Any]], name: str) -> str:
    return next(action for label, action in offered(blocks).items() if name in label)


def asked_by(office: Office, user: str) -> list[str | None]:
    return [kept.question for kept in office.conversations.recent(f"slack:{TEAM}:{user}")]


async def asked_back(office: Office, where: str = STAFF_ROOM) -> Message:
    mention = "" if where == ANAS_DM else f"<@{BOT}> "
    return await office.answer_to(await office.says(ANA, where, mention + OPEN))


def in_thread(office: Office, message: Message) -> list[Message]:
    return office.slack.answers(message.channel, message.thread_ts or "")


async def test_a_choice_is_asked_in_its_thread_as_who_pressed_it_and_the_buttons_give_way(office: Office) -> None:
    question_back = await asked_back(office)
    assert all(f". {choice}" in question_back.read for choice in (SKOPJE, PODGORICA))
    assert {label.split(". ")[1] for label in offered(question_back.blocks)} >= {
        "Skopje, September 2023",
        "Podgorica, May 2022",
    }
    await office.presses(button_of(question_back.blocks, "Skopje"), question_back, BEN)
    shown, answer = in_thread(office, question_back)
    assert IN_SKOPJE in answer.read
    assert asked_by(office, BEN) == [SKOPJE]
    assert offered(shown.blocks) == {}
    assert f"Chosen by <@{BEN}>: {SKOPJE}" in shown.read and PODGORICA in shown.read
    assert f"Chosen by <@{BEN}>" in shown.text
    start = office.slack.called("chat.startStream")[0]
    assert (start["recipient_user_id"], start["thread_ts"]) == (BEN, question_back.thread_ts)


async def test_a_choice_is_asked_once_and_who_comes_later_is_told_alone(office: Office) -> None:
    question_back = await asked_back(office)
    skopje, podgorica = (button_of(question_back.blocks, name) for name in ("Skopje", "Podgorica"))
    values = buttons_of(question_back.blocks)
    for user, action in ((ANA, skopje), (ANA, skopje), (BEN, skopje), (BEN, skopje), (ANA, podgorica)):
        await office.interact(press(action, values[action], question_back, user))
    await office.settled()
    assert len(in_thread(office, question_back)) == 2
    assert asked_by(office, ANA) == [SKOPJE, OPEN] and asked_by(office, BEN) == []
    told = [(given["user"], given["thread_ts"]) for given in office.slack.ephemeral]
    assert sorted(told) == [(ANA, question_back.thread_ts), (BEN, question_back.thread_ts)]
    assert all("chosen already" in given["text"] for given in office.slack.ephemeral)


async def test_a_choice_is_answered_with_the_rights_of_the_moment(office: Office) -> None:
    question_back = await asked_back(office)
    vlora = button_of(question_back.blocks, "March 2024")
    office.slack.channels[STAFF_ROOM]["members"].append(GUEST)
    await office.presses(vlora, question_back)
    assert len(in_thread(office, question_back)) == 2
    assert IN_VLORA not in in_thread(office, question_back)[1].read
    assert [kept.audience for kept in office.conversations.recent(f"slack:{TEAM}:{ANA}")] == ["public", "staff"]


async def test_exactly_the_choice_is_put_to_the_desk_whatever_was_said_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[tuple[str, Conversation, Reader]] = []
    stream = Desk.stream

    def recorded(desk: Desk, question: str, conversation: Conversation, reader: Reader) -> AsyncGenerator[Event]:
        put.append((question, conversation, reader))
        return stream(desk, question, conversation, reader)

    question_back = await asked_back(office, ANAS_DM)
    monkeypatch.setattr(Desk, "stream", recorded)
    await office.presses(button_of(question_back.blocks, "Skopje"), question_back)
    assert put == [(SKOPJE, (), Reader.of("staff", "en"))]
    await office.says(ANA, ANAS_DM, "And in Podgorica?", question_back.thread_ts)
    assert [turn.text for turn in put[1][1] if turn.role == "user"] == [OPEN, SKOPJE]


async def test_in_a_direct_conversation_nobody_needs_to_be_named(office: Office) -> None:
    question_back = await asked_back(office, ANAS_DM)
    await office.presses(button_of(question_back.blocks, "March 2024"), question_back)
    shown, answer = in_thread(office, question_back)
    assert IN_VLORA in answer.read
    assert f"Chosen: {VLORA}" in shown.read
    assert f"<@{ANA}>" not in shown.read


async def test_a_choice_is_asked_also_where_the_buttons_cannot_be_taken_away(office: Office) -> None:
    question_back = await asked_back(office)
    office.slack.fail("chat.update", "edit_window_closed")
    await office.presses(button_of(question_back.blocks, "Skopje"), question_back)
    assert IN_SKOPJE in in_thread(office, question_back)[1].read


async def test_an_answer_to_a_command_offers_its_choices_to_its_asker_alone(office: Office) -> None:
    name = f"hook-{trigger()}"
    address = f"{office.slack.address}/hooks/{name}"
    form = {"command": "/ask", "text": OPEN, "user_id": ANA, "team_id": TEAM, "channel_id": STAFF_ROOM}
    raw = urlencode({**form, "trigger_id": trigger(), "response_url": address}).encode()
    assert (await office.post(raw, signed(raw), "application/x-www-form-urlencoded"))[0] == 200
    await office.settled()
    (question_back,) = office.slack.hooks[name]
    shown = Message("5.5", STAFF_ROOM, BOT, "", None, question_back["blocks"])
    place = {"type": "message", "message_ts": "5.5", "channel_id": STAFF_ROOM, "is_ephemeral": True}
    action = button_of(question_back["blocks"], "Skopje")
    for user in (BEN, ANA, ANA):
        await office.presses(action, shown, user, container=place, response_url=address)
    _, told_ben, given_way, answer = office.slack.hooks[name]
    assert "više ne čuva" in told_ben["text"]
    assert given_way["replace_original"] is True and offered(given_way["blocks"]) == {}
    assert f"Chosen: {SKOPJE}" in words_of(given_way["blocks"])
    assert (answer["replace_original"], answer["response_type"]) == (False, "ephemeral")
    assert IN_SKOPJE in words_of(answer["blocks"])
    assert asked_by(office, ANA) == [SKOPJE, OPEN]
    assert office.slack.messages[STAFF_ROOM] == []


async def test_in_a_window_the_answer_takes_the_place_of_the_question_back(office: Office) -> None:
    body = {
        "type": "message_action",
        "callback_id": actions.ASK_SHORTCUT,
        "team": {"id": TEAM},
        "user": {"id": ANA, "team_id": TEAM},
        "trigger_id": trigger(),
        "channel": {"id": "C0NOTOURS"},
        "message": {"ts": "3.3", "text": OPEN, "user": BEN},
    }
    await office.interact(body)
    await office.slack.until(lambda: bool(office.slack.called("views.update")), "a question back")
    await office.settled()
    view_id, view = next(iter(office.slack.views.items()))
    assert broken_limits({key: view[key] for key in ("type", "title", "close", "blocks")}) == []
    action = button_of(view["blocks"], "Skopje")
    pressed = press(action, buttons_of(view["blocks"])[action], Message("", "", ANA, ""))
    pressed |= {"view": {"id": view_id, "type": "modal"}, "container": {"type": "view", "view_id": view_id}}
    await office.interact(pressed)
    await office.settled()
    assert IN_SKOPJE in words_of(office.slack.views[view_id]["blocks"])
    assert asked_by(office, ANA) == [SKOPJE, OPEN]


async def test_a_choice_that_cannot_be_asked_now_can_be_pressed_again(office: Office) -> None:
    question_back = await asked_back(office)
    skopje = button_of(question_back.blocks, "Skopje")
    accounts = open_accounts(office.conversations.engine)
    accounts.close_desk("The library is being put in order.", "terminal")
    await office.presses(skopje, question_back)
    assert "put in order" in office.slack.ephemeral[-1]["text"]
    assert offered(question_back.blocks) and len(in_thread(office, question_back)) == 1
    accounts.open_desk("terminal")
    await office.presses(skopje, question_back)
    assert IN_SKOPJE in in_thread(office, question_back)[1].read


async def test_a_value_that_names_no_choice_asks_nothing(office: Office) -> None:
    question_back = await asked_back(office)
    answer_id = next(value for value in buttons_of(question_back.blocks).values()).split(":")[1]
    for value in ("", "1:", ":x", f"0:{answer_id}", f"9:{answer_id}", f"x:{answer_id}", f"¹:{answer_id}", "1:nothing"):
        await office.interact(press(actions.choice_action(1), value, question_back))
        await office.settled()
    assert len(in_thread(office, question_back)) == 1
    assert asked_by(office, ANA) == [OPEN]


def question_back_on(choices: tuple[str, ...], language: str = "en") -> Answer:
    listed = "\n".join(f"{number}. {choice}" for number, choice in enumerate(choices, start=1))
    text = f"Which do you mean?\n{listed}"
    return Answer(Outcome.NEEDS_CLARIFICATION, text, language, (), (), (), Provenance(None), choices=choices)


def test_a_question_back_is_a_list_with_buttons_and_no_colleague_comes_first() -> None:
    answer = question_back_on((SKOPJE, PODGORICA))
    blocks = answer_blocks(answer, ID, can_escalate=True)

    assert as_text(blocks).replace("\u2060", "").split("\n") == [
        "Which do you mean?",
        "",
        f"1. {SKOPJE}",
        "",
        f"2. {PODGORICA}",
        "[1. Skopje, September 2023]  [2. Podgorica, May 2022]",
        "(Helpful)  (Not helpful)",
        "[Ask a colleague]",
    ]
    assert not any("style" in element for block in blocks for element in block.get("elements", []))
    assert fallback_text(answer).replace("\u2060", "").split("\n")[1:] == [f"1. {SKOPJE}", f"2. {PODGORICA}"]


@pytest.mark.parametrize(
    ("choices", "labels"),
    [
        (
            ("The forum (Tirana, May 2024)?", "The forum (Tirana, June 2025)?"),
            ("Tirana, May 2024", "Tirana, June 2025"),
        ),
        (("How many in Albania?", "How many in Austria?"), ("Albania", "Austria")),
        (("کب ہوا (Tirana)؟", "کب ہوا (Skopje)؟"), ("Tirana", "Skopje")),
        (("The quota (EU) of Serbia?", "The quota (EU) of Albania?"), ("Serbia", "Albania")),
        (("Who came?", "When was it?"), ("Who came", "When was it")),
        (("Who?", "Who?"), ("Who?", "Who?")),
        (("Who came?",), ("Who came?",)),
        ((), ()),
    ],
)
def test_a_button_says_what_tells_a_choice_from_the_others(choices: tuple[str, ...], labels: tuple[str, ...]) -> None:
    assert tuple(distinguishing(choices)) == labels


def test_what_is_too_long_for_a_button_is_cut_there_and_whole_in_the_text() -> None:
    words = " ".join(itertools.repeat("readmission", 12))
    answer = question_back_on((f"{words} in Skopje?", f"Return: {words} in Tirana?"))

    assert all(len(element["text"]["text"]) <= 75 for element in choice_buttons(answer, ID)[0]["elements"])
    assert all(choice in as_text(answer_blocks(answer, ID, can_escalate=True)) for choice in answer.choices)


@AS_FOUND
@given(st.lists(anything, max_size=30), spoken_languages)
def test_slack_takes_every_question_back(choices: list[str], language: str) -> None:
    answer = question_back_on(tuple(choices), language)
    assert broken_limits(answer_blocks(answer, ID, can_escalate=True)) == []
    for number in range(1, min(len(choices), 3) + 1):
        for user in (None, ANA):
            blocks = chosen_blocks(answer, ID, number, user, can_escalate=True)
            assert broken_limits(blocks) == [] and offered(blocks) == {}
            assert len(chosen_text(answer, number, user)) <= 3900
            assert "<!" not in chosen_text(answer, number, user)
