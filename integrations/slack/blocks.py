"""The blocks that messages and views are put together from. Every text given here is neutralised and cut to its limit,
except where a parameter says that it is ready. Pure."""

from collections.abc import Sequence
from typing import Any

from integrations.slack.limits import (
    BUTTON,
    CONTEXT_ELEMENTS,
    HEADER,
    INPUT,
    LABEL,
    SECTION,
    VIEW_TITLE,
    fitted,
    shortened,
)
from integrations.slack.neutralising import clean_lines, plain

Block = dict[str, Any]
_EMPTY = "–"


def plain_text(words: str, most: int) -> Block:
    """A text in which Slack reads nothing."""
    return {"type": "plain_text", "text": fitted(words, most, plain) or _EMPTY, "emoji": False}


def mrkdwn_text(ready: str) -> Block:
    """A text in Slack's own format, neutralised already. ``verbatim``: Slack makes no links of its own in it."""
    return {"type": "mrkdwn", "text": ready or _EMPTY, "verbatim": True}


def section(words: str, most: int = SECTION) -> Block:
    return {"type": "section", "text": plain_text(words, most)}


def written_section(ready: str) -> Block:
    return {"type": "section", "text": mrkdwn_text(ready)}


def header(words: str) -> Block:
    return {"type": "header", "text": plain_text(words, HEADER)}


def context(*words: str) -> Block:
    most = SECTION // CONTEXT_ELEMENTS
    return {"type": "context", "elements": [plain_text(part, most) for part in words[:CONTEXT_ELEMENTS]]}


def alert(words: str, level: str, most: int) -> Block:
    """Slack takes alerts in windows only; a message that holds one is refused as a whole."""
    return {"type": "alert", "text": plain_text(words, most), "level": level}


def divider() -> Block:
    return {"type": "divider"}


def actions(buttons: Sequence[Block]) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def button(label: str, action_id: str, value: str, style: str | None = None) -> Block:
    made: Block = {
        "type": "button",
        "text": plain_text(label, BUTTON),
        "action_id": action_id,
        "value": value,
    }
    return made | {"style": style} if style else made


def feedback_button(label: str, value: str) -> Block:
    """One of the two of ``feedback_buttons``. A screen reader says the label, not a thumb."""
    return {
        "text": plain_text(label, BUTTON),
        "value": value,
        "accessibility_label": shortened(label, BUTTON),
    }


def quoted(words: str, most: int) -> Block:
    """Words as they are, set off as a quotation. Structured text: Slack reads nothing in it."""
    return _structured("rich_text_quote", words, most)


def as_written(words: str, most: int) -> Block:
    """What a person wrote, with its paragraphs, as structured text."""
    return _structured("rich_text_section", words, most)


def _structured(kind: str, words: str, most: int) -> Block:
    return {
        "type": "rich_text",
        "elements": [{"type": kind, "elements": [literal(fitted(words, most, clean_lines) or _EMPTY)]}],
    }


def literal(words: str, bold: bool = False) -> Block:
    """A run of structured text, cut and cleaned already."""
    run: Block = {"type": "text", "text": words}
    return run | {"style": {"bold": True}} if bold else run


def written_input(block_id: str, action_id: str, label: str, hint: str | None, optional: bool) -> Block:
    """A field for several lines of text."""
    made: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, LABEL),
        "element": {"type": "plain_text_input", "action_id": action_id, "multiline": True, "max_length": INPUT},
        "optional": optional,
    }
    return made | {"hint": plain_text(hint, LABEL)} if hint else made


def modal(title: str, blocks: Sequence[Block], close: str, **more: Any) -> Block:
    """A modal; ``more`` are its other fields (``callback_id``, ``private_metadata``, ``submit`` as a text object)."""
    return {
        "type": "modal",
        "title": plain_text(title, VIEW_TITLE),
        "close": plain_text(close, VIEW_TITLE),
        "blocks": list(blocks),
        **more,
    }
