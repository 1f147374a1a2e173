"""What can be done with an answer where no script runs: links and plain forms."""

from collections.abc import Sequence

from integrations.web.answers.answer_view import hidden
from integrations.web.answers.words import said
from integrations.web.api.shapes import MOST_WORDS, EscalationOut, FeedbackOut
from integrations.web.markup import Attributes, Markup, element
from integrations.web.shell import Shell

_REASONS = ("wrong", "missing", "outdated", "citation", "language", "other")
_KINDS = (("docx", "Word (DOCX)"), ("pdf", "PDF"))


def own_tools(
    shell: Shell,
    answer_id: str,
    question: str,
    conversation: str,
    feedback: FeedbackOut | None,
    escalation: EscalationOut | None,
) -> list[Markup]:
    """For an answer of the reader's own."""
    address = f"{shell.root}/answers/{answer_id}"
    share = element(
        "form",
        {"method": "post", "action": f"{address}/share"},
        element("button", {"class": "tool"}, said(shell, "tools.share")),
    )
    tools = [
        share,
        export_menu(shell, f"{shell.root}/api/v1/answers/{answer_id}"),
        _edit(shell, question, conversation),
    ]
    if escalation is None:
        tools.append(_ask_person(shell, address))
    tools.append(_feedback(shell, address, feedback))
    bar = element("div", {"class": "tools", "role": "group", "aria-label": said(shell, "tools.label")}, *tools)
    return [*_reply(shell, escalation), bar]


def export_menu(shell: Shell, address: str) -> Markup:
    """The answer as a file; ``address`` is where its briefings are made."""
    items = [
        element("li", {}, element("a", {"href": f"{address}/briefing.{kind}", "download": True, "lang": "en"}, name))
        for kind, name in _KINDS
    ]
    summary = element("summary", {"class": "tool"}, said(shell, "tools.export"))
    return element("details", {"class": "menu"}, summary, element("ul", {}, *items))


def _folded(name: str, form: Markup) -> Markup:
    return element("details", {"class": "tool-fold"}, element("summary", {"class": "tool"}, name), form)


def _edit(shell: Shell, question: str, conversation: str) -> Markup:
    name = said(shell, "answer.edit")
    box: Attributes = {
        "name": "question",
        "rows": "3",
        "dir": "auto",
        "required": True,
        "aria-label": said(shell, "box.label"),
    }
    form = element(
        "form",
        {"class": "form tool-form", "method": "post", "action": f"{shell.root}/ask"},
        hidden("conversation", conversation),
        # A line end right behind the tag belongs to the markup.
        element("div", {"class": "field"}, element("textarea", box, f"\n{question}")),
        _send(said(shell, "box.ask")),
    )
    return _folded(name, form)


def _ask_person(shell: Shell, address: str) -> Markup:
    box = {"name": "note", "rows": "3", "maxlength": str(MOST_WORDS), "dir": "auto"}
    form = element(
        "form",
        {"class": "form tool-form", "method": "post", "action": f"{address}/person"},
        element("p", {}, said(shell, "person.explain")),
        _field(said(shell, "person.note"), element("textarea", box)),
        _send(said(shell, "feedback.send")),
    )
    return _folded(said(shell, "person.ask"), form)


def _feedback(shell: Shell, address: str, given: FeedbackOut | None) -> Markup:
    if given is not None:
        return element("p", {"class": "feedback"}, said(shell, "feedback.thanks"))
    action = {"method": "post", "action": f"{address}/feedback"}
    yes = element(
        "form",
        action,
        element("button", {"class": "tool", "name": "helpful", "value": "yes"}, said(shell, "feedback.yes")),
    )
    choices = [
        element(
            "label",
            {"class": "choice"},
            element("input", {"type": "radio", "name": "reason", "value": reason}),
            f" {said(shell, f'feedback.{reason}')}",
        )
        for reason in _REASONS
    ]
    comment = {"name": "comment", "rows": "2", "maxlength": str(MOST_WORDS), "dir": "auto"}
    reasons = element(
        "form",
        {**action, "class": "form tool-form"},
        hidden("helpful", "no"),
        element("fieldset", {"class": "field"}, element("legend", {}, said(shell, "feedback.why")), *choices),
        _field(said(shell, "feedback.comment"), element("textarea", comment)),
        _send(said(shell, "feedback.send")),
    )
    label = element("span", {}, said(shell, "feedback.label"))
    return element("div", {"class": "feedback"}, label, yes, _folded(said(shell, "feedback.no"), reasons))


def _field(label: str, box: Markup) -> Markup:
    return element("div", {"class": "field"}, element("label", {}, label, box))


def _send(words: str) -> Markup:
    return element("div", {"class": "actions"}, element("button", {}, words))


def _reply(shell: Shell, escalation: EscalationOut | None) -> Sequence[Markup]:
    """Where a question to a person stands."""
    if escalation is None:
        return []
    if not escalation.reply:
        return [element("p", {"class": "notice", "data-kind": "info"}, said(shell, "person.sent"))]
    return [
        element(
            "section",
            {"class": "reply"},
            element("h3", {}, said(shell, "person.replied")),
            element("p", {"class": "reply-text", "dir": "auto", "lang": ""}, escalation.reply),
            element("p", {"class": "facts"}, said(shell, "person.unchecked")),
        )
    ]
