"""A conversation as a page: every question with its answer, and the box to go on. The script makes it live."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.responses import HTMLResponse

from integrations.web.answers.answer_view import Exchange, exchange_view
from integrations.web.answers.tools_view import own_tools
from integrations.web.answers.words import words
from integrations.web.api.shapes import ConversationOut, TurnOut
from integrations.web.desk import live
from integrations.web.markup import Markup, element
from integrations.web.shell import Shell, page
from integrations.wire import AnswerOut, SuggestionOut

STYLES = (*live.STYLES, "kept.css")
_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Fresh:
    """An answer that was just made, to be shown on the page that the form leads to."""

    question: str
    answer: AnswerOut
    answer_id: str | None
    conversation: str
    next: Sequence[SuggestionOut]


def conversation_page(
    shell: Shell, kept: ConversationOut, following: Sequence[SuggestionOut], *, translates: bool
) -> HTMLResponse:
    """``following`` are questions that could be asked next; ``translates`` whether a model is there for quotes."""
    exchanges = [
        _kept_exchange(shell, number, turn, kept, following if number == len(kept.turns) else ())
        for number, turn in enumerate(kept.turns, start=1)
    ]
    erase = element("a", {"href": f"{shell.root}/conversations/{kept.id}/erase"}, words(shell, "conversation.erase"))
    asked = words(shell, "conversation.asked", date=shell.day_in_words(kept.turns[0].asked_at))
    facts = element("p", {"class": "facts"}, asked, " · ", erase)
    return page(
        shell,
        title=_title(kept.turns[0].question),
        body=[
            element("h1", {"class": "unseen"}, words(shell, "conversation.title")),
            facts,
            element("div", {"id": "conversation"}, *(exchange_view(shell, exchange) for exchange in exchanges)),
            live.composer(shell, kept.id),
            live.panel(shell),
        ],
        scripts=live.SCRIPTS,
        styles=STYLES,
        data={**live.data(shell, translates=translates), "conversation-kept": kept.model_dump(mode="json")},
    )


def fresh_page(shell: Shell, fresh: Fresh) -> HTMLResponse:
    """The answer to a form, in full; where it could not be kept, nothing more can be done with it."""
    conversation = fresh.conversation if fresh.answer_id is not None else None
    tools: Sequence[Markup] = ()
    if fresh.answer_id is not None:
        tools = own_tools(shell, fresh.answer_id, fresh.question, fresh.conversation, None, None)
    exchange = Exchange(1, fresh.question, fresh.answer, fresh.answer_id, conversation, fresh.next, tools=tools)
    unkept = [] if conversation else [element("p", {"class": "notice"}, words(shell, "conversation.unkept"))]
    return page(
        shell,
        title=_title(fresh.question),
        body=[
            element("h1", {"class": "unseen"}, words(shell, "conversation.title")),
            *unkept,
            element("div", {"id": "conversation"}, exchange_view(shell, exchange)),
            live.composer(shell, conversation),
        ],
        styles=STYLES,
        at=f"/conversations/{conversation}" if conversation else "/",
    )


def _kept_exchange(
    shell: Shell, number: int, turn: TurnOut, kept: ConversationOut, following: Sequence[SuggestionOut]
) -> Exchange:
    remark = None
    if turn.answers_again is not None:
        remark = element("p", {"class": "notice", "data-kind": "good"}, words(shell, "conversation.again"))
    tools: Sequence[Markup] = ()
    if turn.answer is not None:
        tools = own_tools(shell, turn.answer_id, turn.question, kept.id, turn.feedback, turn.escalation)
    return Exchange(number, turn.question, turn.answer, turn.answer_id, kept.id, following, remark, tools)


def _title(question: str) -> str:
    title = " ".join(question.split())
    return title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE].rstrip() + "…"
