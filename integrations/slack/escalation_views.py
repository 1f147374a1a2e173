"""What passes between a reader, the experts and the reader again when the desk could not help. Pure.

What people write goes out as structured text: it can be read and copied as it is, and Slack reads nothing in it.
"""

import re

from assistant.conversations.types import Escalation
from assistant.language import ENGLISH
from assistant.types import Answer
from integrations.slack import actions as names
from integrations.slack.blocks import (
    Block,
    actions,
    alert,
    as_written,
    button,
    context,
    header,
    modal,
    plain_text,
    quoted,
    section,
    written_input,
    written_section,
)
from integrations.slack.limits import FALLBACK, INPUT, SECTION, VIEW_TITLE, length
from integrations.slack.neutralising import mrkdwn, web_address
from integrations.slack.rendering import spoken, written_lines
from integrations.slack.source_list import source_sections
from integrations.slack.texts import text

_LONGEST_QUESTION = 1200
_LONGEST_FOUND = 1500
_SOURCES_SHOWN = 4
_SLACK_USER = re.compile(r"(?:^|:)([UW][A-Z0-9]{2,30})$")


def ask_view(answer_id: str, language: str) -> Block:
    """Where ESCALATE leads. The note comes back under ESCALATE_VIEW, NOTE_BLOCK and INPUT; ``private_metadata`` is the
    answer's id."""
    note = written_input(names.NOTE_BLOCK, names.INPUT, text("escalation.note", language), None, optional=True)
    return modal(
        text("view.escalate", language),
        [section(text("escalation.explain", language)), note],
        text("view.close", language),
        callback_id=names.ESCALATE_VIEW,
        private_metadata=answer_id,
        submit=plain_text(text("view.send", language), VIEW_TITLE),
    )


def expert_card(
    escalation: Escalation, question: str, answer: Answer | None, permalink: str | None, language: str = ENGLISH
) -> list[Block]:
    """The message in the experts' channel, anew for each state: the question, the note, what the desk said, a link to
    the conversation, and the buttons that are left to press."""
    blocks = [header(text("escalation.title", language)), *_titled("escalation.question", question, language)]
    if escalation.note.strip():
        blocks += _titled("escalation.note_title", escalation.note, language)
    blocks += _found(answer, language)
    if address := web_address(permalink):
        label = text("escalation.link", language)
        blocks.append(written_section(f"<{address.replace('&', '&amp;')}|{mrkdwn(label)}>"))
    blocks.append(written_section(_state(escalation, language)))
    if escalation.reply:
        blocks.append(quoted(escalation.reply, INPUT))
    return [*blocks, *_left_to_do(escalation, language)]


def reply_view(escalation: Escalation, language: str = ENGLISH, *, outsiders: bool = False) -> Block:
    """Where REPLY leads. What the expert writes comes back under REPLY_VIEW, REPLY_BLOCK and INPUT;
    ``private_metadata`` is the escalation's id. ``outsiders`` read what is answered, too."""
    warning = [alert(text("escalation.outsiders", language), "warning", SECTION)] if outsiders else []
    label, hint = text("escalation.reply", language), text("escalation.reply_hint", language)
    return modal(
        text("view.reply", language),
        [*warning, written_input(names.REPLY_BLOCK, names.INPUT, label, hint, optional=False)],
        text("view.close", language),
        callback_id=names.REPLY_VIEW,
        private_metadata=escalation.id,
        submit=plain_text(text("view.send", language), VIEW_TITLE),
    )


def reply_message(escalation: Escalation, question: str, language: str) -> list[Block]:
    """The expert's answer in the thread where the question was asked."""
    return [
        section(text("escalation.relayed", language)),
        quoted(question, _LONGEST_QUESTION),
        as_written(escalation.reply or "", INPUT),
        written_section(_state(escalation, language)),
        context(text("escalation.relayed_note", language)),
    ]


def card_text(escalation: Escalation, question: str, language: str = ENGLISH) -> str:
    """The experts' card in words, for notifications and screen readers, ready for ``text``."""
    parts = [text("escalation.title", language), f"{text('escalation.question', language)}: {question}"]
    if escalation.note.strip():
        parts.append(f"{text('escalation.note_title', language)}: {escalation.note}")
    return _in_words([*parts, escalation.reply or ""], _state(escalation, language))


def reply_text(escalation: Escalation, question: str, language: str) -> str:
    """The expert's answer in words, for notifications and screen readers, ready for ``text``."""
    parts = [text("escalation.relayed", language), question, escalation.reply or ""]
    return _in_words([*parts, text("escalation.relayed_note", language)], _state(escalation, language))


def _in_words(parts: list[str], state: str) -> str:
    said = written_lines([part for part in parts if part.strip()], FALLBACK - length(state) - 1)
    return f"{said}\n{state}"


def _titled(key: str, words: str, language: str) -> list[Block]:
    return [context(text(key, language)), quoted(words, _LONGEST_QUESTION)]


def _found(answer: Answer | None, language: str) -> list[Block]:
    if answer is None or not answer.sentences:
        return [section(text("escalation.found_none", language))]
    found = quoted("\n".join(spoken(sentence) for sentence in answer.sentences), _LONGEST_FOUND)
    return [context(text("escalation.found", language)), found, *source_sections(answer)[:_SOURCES_SHOWN]]


def _state(escalation: Escalation, language: str) -> str:
    """Who has taken it up, named so that Slack shows the person's name."""
    if escalation.state == "open":
        return mrkdwn(text("escalation.open", language))
    done = "claimed" if escalation.state == "claimed" else "answered"
    user = _SLACK_USER.search(escalation.expert or "")
    if user is None:
        return mrkdwn(text(f"escalation.{done}_unknown", language))
    before, after = text(f"escalation.{done}", language, person="\n").split("\n")
    return f"{mrkdwn(before)} <@{user[1]}> {mrkdwn(after)}".strip()


def _left_to_do(escalation: Escalation, language: str) -> list[Block]:
    claim = button(text("button.claim", language), names.CLAIM, escalation.id, "primary")
    reply = button(text("button.reply", language), names.REPLY, escalation.id)
    match escalation.state:
        case "open":
            return [actions([claim, reply])]
        case "claimed":
            return [actions([reply])]
        case _:
            return []
