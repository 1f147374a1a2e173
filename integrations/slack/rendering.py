"""An answer as Slack shows it: the streamed sentence, what closes a message, the whole as one message, and in words for
notifications and screen readers. Pure; every text of a document or a person is neutralised on the way."""

from collections.abc import Sequence
from typing import Protocol

from assistant.types import Answer, Outcome, Sentence, SourceCard
from integrations.slack import actions as names
from integrations.slack.blocks import Block, actions, button, context, feedback_button, plain_text
from integrations.slack.choice_list import choice_buttons, choice_made, choice_said, without_choices
from integrations.slack.limits import CONTAINER_TITLE, FALLBACK, MARKDOWN, fitted, length
from integrations.slack.neutralising import clean, markdown, mrkdwn
from integrations.slack.notice_list import notice_sections
from integrations.slack.source_list import particulars, source_sections
from integrations.slack.texts import text

# One statement never fills a streamed message by itself.
_LONGEST_STATEMENT = 3000
# Leaves room for the blocks that close the message, which Slack may count as well.
_ANSWER_ROOM = MARKDOWN - 1000


class FoundPassage(Protocol):
    """What the search found, such as a Retrieved: only where it is from is needed here."""

    @property
    def passage(self) -> "PassageOfDocument": ...


class PassageOfDocument(Protocol):
    @property
    def document_id(self) -> str: ...


def statement(sentence: Sentence) -> str:
    """The markdown of one sentence with the numbers of its sources, at most 3,000 characters, without a line end."""
    numbers = " ".join(f"[{number}]" for number in _numbers(sentence))
    words = fitted(sentence.text, _LONGEST_STATEMENT - length(numbers) - 1, markdown)
    return f"{words} {numbers}".strip()


def closing_blocks(answer: Answer, answer_id: str, *, can_escalate: bool) -> list[Block]:
    """What stands under the words: choices, notices, the sources in a block that opens on request, feedback and
    buttons. At most 13 blocks."""
    return [
        *choice_buttons(answer, answer_id),
        *notice_sections(answer),
        *_collapsed_sources(answer),
        *_controls(answer, answer_id, can_escalate),
    ]


def plain_closing_blocks(answer: Answer, answer_id: str, *, can_escalate: bool) -> list[Block]:
    """The same of blocks that every Slack knows, for where it refuses the one that opens."""
    return [
        *choice_buttons(answer, answer_id),
        *notice_sections(answer),
        *source_sections(answer),
        *_controls(answer, answer_id, can_escalate),
    ]


def answer_blocks(answer: Answer, answer_id: str, *, can_escalate: bool) -> list[Block]:
    """The whole answer as one message."""
    return [*said_blocks(answer), *closing_blocks(answer, answer_id, can_escalate=can_escalate)]


def chosen_blocks(answer: Answer, answer_id: str, number: int, user: str | None, *, can_escalate: bool) -> list[Block]:
    """The whole of a question back once one of its choices was taken, by ``user`` where others read along."""
    closing = closing_blocks(without_choices(answer), answer_id, can_escalate=can_escalate)
    return [*said_blocks(answer), choice_made(answer, number, user), *closing]


def said_blocks(answer: Answer) -> list[Block]:
    """What the answer says, without what closes it: one block of markdown, and a remark where it had to be cut."""
    if not answer.sentences:
        return [{"type": "markdown", "text": fitted(answer.text, _LONGEST_STATEMENT, _paragraphs) or "–"}]
    said: list[str] = []
    room = _ANSWER_ROOM
    for sentence in answer.sentences:
        written = statement(sentence)
        room -= length(written) + 2
        if room < 0:
            break
        said.append(written)
    blocks: list[Block] = [{"type": "markdown", "text": "\n\n".join(filter(None, said)) or "–"}]
    if len(said) < len(answer.sentences):
        blocks.append(context(text("answer.shortened", answer.language)))
    return blocks


def fallback_text(answer: Answer) -> str:
    """The answer in words: sentences with their numbers, notices, and each source with title, publisher and date. For
    ``text`` beside blocks, which notifications and screen readers read out; at most 3,900 characters."""
    said = [spoken(sentence) for sentence in answer.sentences] or answer.text.splitlines()
    said += [notice.text for notice in answer.notices]
    listed = [text("answer.sources", answer.language, count=len(answer.sources))] if answer.sources else []
    listed += [_spoken_source(card, answer.language) for card in answer.sources]
    # The sources are heard also where the answer is long.
    sources = written_lines(listed, FALLBACK // 3)
    return "\n".join(part for part in (written_lines(said, FALLBACK - length(sources) - 1), sources) if part) or "–"


def chosen_text(answer: Answer, number: int, user: str | None) -> str:
    """A question back of which a choice was taken, in words."""
    made = choice_said(answer, number, user)
    return f"{written_lines(answer.text.splitlines(), FALLBACK - length(made) - 1)}\n{made}"


def found_status(passages: Sequence[FoundPassage], language: str) -> str:
    """What the desk does once it has found something."""
    documents = {found.passage.document_id for found in passages}
    return text("status.found", language, passages=len(passages), documents=len(documents))


def _collapsed_sources(answer: Answer) -> list[Block]:
    sources = source_sections(answer)
    if not sources:
        return []
    title = text("answer.sources", answer.language, count=len(answer.sources))
    return [
        {
            "type": "container",
            "title": plain_text(title, CONTAINER_TITLE),
            "is_collapsible": True,
            "default_collapsed": True,
            "child_blocks": sources,
        }
    ]


def _controls(answer: Answer, answer_id: str, can_escalate: bool) -> list[Block]:
    """Feedback where something was answered, and the buttons that lead on from here."""
    language = answer.language
    failed = answer.outcome is Outcome.FAILED
    unanswered = not answer.sentences
    buttons: list[Block] = []
    if failed:
        buttons.append(button(text("button.retry", language), names.RETRY, answer_id))
    if answer.sources:
        buttons.append(button(text("button.sources", language), names.SOURCES, answer_id))
    if can_escalate:
        asks_back = answer.outcome is Outcome.NEEDS_CLARIFICATION
        style = "primary" if unanswered and not failed and not asks_back else None
        buttons.append(button(text("button.escalate", language), names.ESCALATE, answer_id, style))
    if not unanswered:
        buttons.append(button(text("button.export", language), names.EXPORT, answer_id))
        buttons.append(button(text("button.export_pdf", language), names.EXPORT_PDF, answer_id))
    return [*([] if failed else [_feedback(answer_id, language)]), *([actions(buttons)] if buttons else [])]


def _feedback(answer_id: str, language: str) -> Block:
    element = {
        "type": "feedback_buttons",
        "action_id": names.FEEDBACK,
        "positive_button": feedback_button(
            text("button.helpful", language), names.feedback_value(answer_id, helpful=True)
        ),
        "negative_button": feedback_button(
            text("button.not_helpful", language), names.feedback_value(answer_id, helpful=False)
        ),
    }
    return {"type": "context_actions", "elements": [element]}


def _numbers(sentence: Sentence) -> list[int]:
    """The numbers of its sources, each once, 20 at most."""
    return list(dict.fromkeys(citation.number for citation in sentence.citations))[:20]


def spoken(sentence: Sentence) -> str:
    """A sentence with its numbers, not yet written for any format."""
    return " ".join((sentence.text, *(f"[{number}]" for number in _numbers(sentence))))


def _spoken_source(card: SourceCard, language: str) -> str:
    title = clean(card.title) or text("answer.untitled", language)
    known = ", ".join(particulars(card.publisher, card.published, language))
    return f"[{card.number}] {title}" + (f" ({known})" if known else "")


def written_lines(lines: Sequence[str], most: int) -> str:
    """Each on a line of its own in Slack's own format, together cut to ``most``."""
    return fitted("\n".join(clean(line) for line in lines), most, _line_by_line)


def _paragraphs(words: str) -> str:
    return "\n\n".join(filter(None, map(markdown, words.splitlines())))


def _line_by_line(words: str) -> str:
    return "\n".join(mrkdwn(line) for line in words.split("\n"))
