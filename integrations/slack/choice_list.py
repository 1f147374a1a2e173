"""The choices of a question back, as buttons, and in their place what was chosen. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from os.path import commonprefix

from assistant.types import Answer
from integrations.slack import actions as names
from integrations.slack.blocks import Block, actions, button, written_section
from integrations.slack.limits import ACTIONS, SECTION, fitted
from integrations.slack.neutralising import mrkdwn
from integrations.slack.texts import text

_ROOM = SECTION - 60  # for the person's name and the sign
_ENDING = " .?!;\u037e\u061f\u06d4\u0964\u2026"
# Of private use, so that it stands in no message; nothing that neutralises takes it away.
_PERSON = "\ue000"


def choice_buttons(answer: Answer, answer_id: str) -> list[Block]:
    """A button for each choice, with its number in the text and what tells it from the others: choices begin alike, and
    what is cut off at the end would be the very thing to choose by."""
    labels = distinguishing(answer.choices[:ACTIONS])
    buttons = [
        button(f"{number}. {label}", names.choice_action(number), names.choice_value(answer_id, number))
        for number, label in enumerate(labels, start=1)
    ]
    return [actions(buttons)] if buttons else []


def choice_made(answer: Answer, number: int, user: str | None) -> Block:
    """What stands where the buttons were. ``user`` (a Slack id) is who chose, where others read along."""
    return written_section(f"\u2713  {choice_said(answer, number, user)}")


def choice_said(answer: Answer, number: int, user: str | None) -> str:
    """The same as words in Slack's own format, ready to be shown."""
    choice, language = answer.choices[number - 1], answer.language
    if user is None:
        return fitted(text("choice.made", language, choice=choice), _ROOM, mrkdwn)
    words = text("choice.made_by", language, person=_PERSON, choice=choice)
    return fitted(words, _ROOM, mrkdwn).replace(_PERSON, f"<@{user}>", 1)


def without_choices(answer: Answer) -> Answer:
    """One that offers nothing to press any more; its text still names them."""
    return replace(answer, choices=())


def distinguishing(choices: Sequence[str]) -> list[str]:
    """Of each choice what the others do not begin with: the words in brackets, else the words that follow; the whole
    where that would leave one empty or two alike."""
    shared = commonprefix(list(choices))
    bracket = shared.rfind("(")
    in_brackets = bracket > shared.rfind(")")
    start = bracket + 1 if in_brackets else shared.rfind(" ") + 1
    labels = [_without_ending(choice[start:], in_brackets) for choice in choices]
    return labels if all(labels) and len(set(labels)) == len(choices) > 1 else list(choices)


def _without_ending(words: str, in_brackets: bool) -> str:
    words = words.strip(_ENDING)
    return words.removesuffix(")").strip() if in_brackets else words
