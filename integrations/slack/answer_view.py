"""The window with an answer, and the one in which a question is written. Pure."""

from assistant.types import Answer
from integrations.slack import actions as names
from integrations.slack.blocks import Block, as_written, context, divider, modal, plain_text, quoted, written_input
from integrations.slack.choice_list import choice_buttons
from integrations.slack.limits import VIEW_TITLE
from integrations.slack.notice_list import notice_alerts
from integrations.slack.rendering import spoken
from integrations.slack.source_list import source_sections
from integrations.slack.texts import text

_LONGEST_QUESTION = 600
_LONGEST_STATEMENT = 1500
_STATEMENTS = 16


def answer_view(question: str, answer: Answer, answer_id: str) -> Block:
    """An answer where no message can stand, for a reader alone, of blocks that a window takes. ``private_metadata`` is
    the answer's id. There is no thread here to which experts could reply or a file could go."""
    blocks = [
        quoted(question, _LONGEST_QUESTION),
        *_said(answer),
        *choice_buttons(answer, answer_id),
        *notice_alerts(answer),
        *([divider()] if answer.sources else []),
        *source_sections(answer),
    ]
    title, close = text("view.answer", answer.language), text("view.close", answer.language)
    return modal(title, blocks, close, private_metadata=answer_id)


def _said(answer: Answer) -> list[Block]:
    """Each sentence as a paragraph of its own."""
    paragraphs = [spoken(sentence) for sentence in answer.sentences] or [answer.text]
    blocks = [as_written(words, _LONGEST_STATEMENT) for words in paragraphs[:_STATEMENTS]]
    if len(paragraphs) > _STATEMENTS:
        blocks.append(context(text("answer.shortened", answer.language)))
    return blocks


def question_view(language: str) -> Block:
    """Where HOME_ASK leads: what is written comes back under HOME_ASK_VIEW, QUESTION_BLOCK and INPUT."""
    label, hint = text("question.label", language), text("question.hint", language)
    return modal(
        text("view.ask", language),
        [written_input(names.QUESTION_BLOCK, names.INPUT, label, hint, optional=False)],
        text("view.close", language),
        callback_id=names.HOME_ASK_VIEW,
        submit=plain_text(text("view.send", language), VIEW_TITLE),
    )
