"""What a careful colleague would add to an answer, as blocks. Pure."""

from assistant.types import Answer
from integrations.slack.blocks import Block, alert, context, section
from integrations.slack.texts import text

_MOST = 8
_LONGEST = 1200
# Whatever is of another kind is good to know and no reason to doubt.
_WARNINGS = frozenset(
    {
        "disagree",
        "superseded",
        "review_due",
        "may_change",
        "partial",
        "partial_missing",
        "sources_differ",
        "model_stopped",
    }
)


def notice_sections(answer: Answer) -> list[Block]:
    """For messages, which take no alerts: a sign stands for the colour of one. The signs have no direction of their
    own, so that a notice in Arabic or Urdu still runs from the right."""
    signs = ("\u26a0\ufe0f" if notice.kind in _WARNINGS else "\u2022" for notice in answer.notices[:_MOST])
    shown = [section(f"{sign}  {notice.text}", _LONGEST) for sign, notice in zip(signs, answer.notices, strict=False)]
    return [*shown, *_left(answer)]


def notice_alerts(answer: Answer) -> list[Block]:
    """For windows."""
    shown = [
        alert(notice.text, "warning" if notice.kind in _WARNINGS else "info", _LONGEST)
        for notice in answer.notices[:_MOST]
    ]
    return [*shown, *_left(answer)]


def _left(answer: Answer) -> list[Block]:
    left = len(answer.notices) - _MOST
    return [context(text("answer.more_notices", answer.language, count=left))] if left > 0 else []
