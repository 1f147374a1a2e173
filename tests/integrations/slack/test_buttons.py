"""The buttons under an answer, as people press them."""

import io
import zipfile
from dataclasses import replace

import pytest

from assistant.conversations.types import Asked
from assistant.types import SourcePosition
from integrations.slack import actions
from knowledge.catalogue import Catalogue
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_QUESTION, STAFF_QUESTION
from tests.integrations.slack.office import Office
from tests.integrations.slack.sending import press
from tests.integrations.slack.workspace import ANA, ANAS_DM, BEN, BOT, GUEST, STAFF_ROOM, Message, buttons_of, words_of


async def answered(office: Office, question: str = PUBLIC_QUESTION) -> Message:
    return await office.answer_to(await office.says(ANA, STAFF_ROOM, f"<@{BOT}> {question}"))


def opinion(answer: Message, user: str, helpful: bool, is_nested: bool = False) -> dict[str, object]:
    """A thumb, in the shape of Slack's feedback buttons."""
    _, answer_id = buttons_of(answer.blocks)[actions.FEEDBACK].split(":")
    value = actions.feedback_value(answer_id, helpful)
    body = press(actions.FEEDBACK, value, answer, user)
    element = body["actions"][0]
    element["type"] = "feedback_buttons"
    if is_nested:
        element["selected_button"] = {"value": element.pop("value")}
    return body


@pytest.mark.parametrize("is_nested", [False, True])
async def test_each_person_has_one_opinion_of_an_answer_and_is_thanked_alone(office: Office, is_nested: bool) -> None:
    answer = await answered(office)
    for user, helpful in ((ANA, True), (ANA, False), (BEN, True), (ANA, False)):
        await office.interact(opinion(answer, user, helpful, is_nested))
        await office.settled()
    kept = {(given.person, given.helpful) for _, given in office.conversations.feedback()}
    assert kept == {("slack:T0HOME:U0ANA", False), ("slack:T0HOME:U0BEN", True)}
    told = [given for given in office.slack.ephemeral if given["user"] == BEN]
    assert len(told) == 1 and "feedback has been noted" in told[0]["text"]
    assert told[0]["thread_ts"] == answer.thread_ts


async def test_feedback_that_names_nothing_of_ours_is_not_kept(office: Office) -> None:
    answer = await answered(office)
    for value in ("", "up", "up:no-such-answer", "sideways:1", "up:" + "x" * 500):
        await office.interact(press(actions.FEEDBACK, value, answer))
        await office.settled()
    assert office.conversations.feedback() == []


async def test_the_sources_window_opens_before_anything_is_looked_up(office: Office) -> None:
    answer = await answered(office)
    await office.presses(actions.SOURCES, answer)
    await office.slack.until(lambda: bool(office.slack.called("views.update")), "the sources")
    order = [method for method, _ in office.slack.calls if method.startswith("views.")]
    assert order == ["views.open", "views.update"]
    shown = words_of(office.slack.called("views.update")[0]["view"])
    assert PUBLIC_ANSWER in shown and "closes at ten in the evening" in shown


async def test_a_window_that_comes_too_late_breaks_nothing(office: Office) -> None:
    answer = await answered(office)
    office.slack.fail("views.open", "expired_trigger_id")
    await office.presses(actions.SOURCES, answer)
    await office.slack.until(lambda: bool(office.slack.called("views.open")), "a try")
    assert office.slack.called("views.update") == []


async def test_a_document_that_was_withdrawn_is_gone_from_the_sources(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await answered(office)
    monkeypatch.setattr(Catalogue, "excerpt", lambda *_: None)
    await office.presses(actions.SOURCES, answer)
    await office.slack.until(lambda: bool(office.slack.called("views.update")), "a window")
    assert "no longer kept" in str(office.slack.called("views.update")[0])


async def test_the_briefing_note_goes_into_the_thread_once(office: Office) -> None:
    answer = await answered(office)
    for _ in range(2):
        await office.presses(actions.EXPORT, answer)
    assert len(office.slack.files) == 1
    file = office.slack.files[0]
    assert (file["channel_id"], file["thread_ts"]) == (STAFF_ROOM, answer.thread_ts)
    assert file["filename"].endswith(".docx")
    with zipfile.ZipFile(io.BytesIO(file["content"])) as document:
        assert "Tabanovce" in document.read("word/document.xml").decode()


async def test_the_briefing_note_is_there_as_a_pdf_too(office: Office) -> None:
    answer = await answered(office)
    await office.presses(actions.EXPORT_PDF, answer)
    await office.presses(actions.EXPORT, answer)
    assert [file["filename"].rpartition(".")[2] for file in office.slack.files] == ["pdf", "docx"]
    assert office.slack.files[0]["content"].startswith(b"%PDF-")


async def test_what_no_font_can_set_goes_out_for_word_with_the_reason(office: Office) -> None:
    answer = await answered(office)
    (kept,) = office.conversations.recent("slack:T0HOME:U0ANA")
    assert kept.answer is not None
    asked = Asked(kept.thread, "slack", kept.person, kept.audience, "en", "What is \u0378 <!here>?", kept.answer)
    await office.interact(press(actions.EXPORT_PDF, office.conversations.keep(asked), answer))
    await office.settled()
    assert [file["filename"].rpartition(".")[2] for file in office.slack.files] == ["docx"]
    said = office.slack.called("files.completeUploadExternal")[0]["initial_comment"]
    assert "cannot be made as a PDF" in said and "Take the Word file" in said


async def test_what_the_sources_say_is_shown_as_far_as_who_presses_may_see_them(office: Office) -> None:
    answer = await answered(office)
    (kept,) = office.conversations.recent("slack:T0HOME:U0ANA")
    assert kept.answer is not None
    cited = kept.answer.sentences[0].citations[0]
    seen = SourcePosition(cited.document_id, cited.version, 1, "Post", None, "2024", None, "Open at night.", "hours")
    hidden = replace(seen, document_id="hotline.md", says="Ognjena Vukoman decides.")
    rows = (seen, replace(seen, published="2023", says="Closed at night."), hidden)
    changed = replace(kept.answer, positions=rows)
    asked = Asked(kept.thread, "slack", kept.person, kept.audience, "en", PUBLIC_QUESTION, changed)
    await office.interact(press(actions.SOURCES, office.conversations.keep(asked), answer, BEN))
    await office.slack.until(lambda: bool(office.slack.called("views.update")), "the sources")
    shown = words_of(office.slack.called("views.update")[0]["view"])
    assert "Open at night." in shown and "Closed at night." in shown
    assert "Ognjena" not in shown


async def test_nothing_is_exported_that_the_thread_may_not_see_any_more(office: Office) -> None:
    answer = await answered(office, STAFF_QUESTION)
    office.slack.channels[STAFF_ROOM]["members"].append(GUEST)
    await office.presses(actions.EXPORT, answer)
    assert office.slack.files == []
    assert "no longer kept, or you cannot open it" in office.slack.ephemeral[-1]["text"]


async def test_a_failed_export_is_told_to_who_pressed(office: Office) -> None:
    answer = await answered(office)
    office.slack.fail("files.completeUploadExternal", "internal_error")
    await office.presses(actions.EXPORT, answer)
    assert "could not be made" in office.slack.ephemeral[-1]["text"]


async def test_an_answer_of_another_workspace_is_not_found(office: Office) -> None:
    answer = await answered(office)
    kept = office.conversations.recent("slack:T0HOME:U0ANA")[0]
    assert kept.answer is not None
    foreign = office.conversations.keep(
        Asked("slack:T0ELSE:C1:1.1", "slack", "slack:T0ELSE:U1", "staff", "en", "?", replace(kept.answer))
    )
    await office.interact(press(actions.SOURCES, foreign, answer))
    await office.slack.until(lambda: bool(office.slack.called("views.update")), "a window")
    assert "no longer kept" in str(office.slack.called("views.update")[0])


async def test_in_a_direct_conversation_the_briefing_note_is_there(office: Office) -> None:
    answer = await office.answer_to(await office.says(ANA, ANAS_DM, STAFF_QUESTION))
    await office.presses(actions.EXPORT, answer)
    assert [file["channel_id"] for file in office.slack.files] == [ANAS_DM]
