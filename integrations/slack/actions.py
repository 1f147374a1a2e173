"""The names by which Slack tells us what was pressed, sent or opened, and what travels with them.

Only opaque ids travel: an answer's or an escalation's. Whoever presses is looked up anew each time.
"""

from typing import Final

FEEDBACK: Final = "desk_feedback"
SOURCES: Final = "desk_sources"
ESCALATE: Final = "desk_escalate"
ESCALATE_VIEW: Final = "desk_escalate_view"
CLAIM: Final = "desk_claim"
REPLY: Final = "desk_reply"
REPLY_VIEW: Final = "desk_reply_view"
EXPORT: Final = "desk_export"
EXPORT_PDF: Final = "desk_export_pdf"
RETRY: Final = "desk_retry"
CHOOSE: Final = "desk_choose"
ASK_SHORTCUT: Final = "desk_ask_about_message"
HOME_ASK: Final = "desk_home_ask"
HOME_ASK_VIEW: Final = "desk_home_ask_view"
SUGGESTED: Final = "desk_suggested"

# Input blocks: ``view["state"]["values"][X_BLOCK][INPUT]["value"]`` is what the person wrote (None where left empty).
INPUT: Final = "desk_input"
NOTE_BLOCK: Final = "desk_note"
REPLY_BLOCK: Final = "desk_reply_text"
QUESTION_BLOCK: Final = "desk_question"

_HELPFUL, _NOT_HELPFUL = "up", "down"


def feedback_value(answer_id: str, helpful: bool) -> str:
    """What a feedback button carries."""
    return f"{_HELPFUL if helpful else _NOT_HELPFUL}:{answer_id}"


def feedback_of(value: str) -> tuple[str, bool]:
    """The answer's id and whether it was found helpful. Raises ValueError for a value that is none of ours."""
    verdict, colon, answer_id = value.partition(":")
    if verdict not in (_HELPFUL, _NOT_HELPFUL) or not colon or not answer_id:
        raise ValueError("This is not the value of a feedback button.")
    return answer_id, verdict == _HELPFUL


def choice_action(number: int) -> str:
    """Of the button of a choice, counted from 1; all begin with CHOOSE."""
    return f"{CHOOSE}_{number}"


def choice_value(answer_id: str, number: int) -> str:
    """What the button of a choice carries."""
    return f"{number}:{answer_id}"


def choice_of(value: str) -> tuple[str, int]:
    """The answer's id and the choice's number, from 1. Raises ValueError for a value that is none of ours."""
    number, colon, answer_id = value.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) < 4 and int(number)) or not colon or not answer_id:
        raise ValueError("This is not the value of a choice.")
    return answer_id, int(number)


def suggested_action(position: int) -> str:
    """Each of several suggestions in one block needs an action id of its own; all begin with SUGGESTED."""
    return f"{SUGGESTED}_{position}"
