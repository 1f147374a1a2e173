"""What a page needs so that questions are asked and answered on it while it stands: the box, the panel for documents,
and the script with its words. Without the script the box is a plain form."""

from typing import Any

from assistant.types import MAX_QUESTION
from assistant.written_dates import date_words
from integrations.web.desk.texts import script_messages, text
from integrations.web.markup import Markup, element
from integrations.web.shell import Shell

SCRIPTS = ("app.js",)
STYLES = ("answer.css", "desk.css")
# Asked for at once instead of one after the other, as each is found to be imported: what the box needs, then the rest.
_FIRST = ("composer.js", "connection.js", "dom.js", "words.js")
_THEN = (
    "conversing.js",
    "conversation.js",
    "exchange-view.js",
    "desk.js",
    "sse.js",
    "address.js",
    "announcer.js",
    "answer-text.js",
    "keep-in-view.js",
    "notices.js",
    "sources.js",
    "publication.js",
    "dates.js",
    "document-panel.js",
    "document-text.js",
    "translation.js",
    "after-answer.js",
    "answers.js",
    "copying.js",
    "feedback.js",
    "person.js",
    "positions.js",
    "provenance.js",
    "sharing.js",
)


def data(shell: Shell, *, translates: bool) -> dict[str, Any]:
    """For the ``data`` of a page. ``translates``: whether there is a model that could translate a quote."""
    language = shell.language.code
    desk = {"root": shell.root, "translates": translates, "dates": date_words(language)}
    return {"messages": script_messages(language), "desk": desk}


def composer(shell: Shell, conversation: str | None = None) -> Markup:
    """The question box, for a new conversation or to continue one."""
    language = shell.language.code
    label = "box.label" if conversation is None else "box.follow_up"
    continued = (
        [element("input", {"type": "hidden", "name": "conversation", "value": conversation})] if conversation else []
    )
    return element(
        "form",
        {"id": "composer", "class": "composer", "method": "post", "action": f"{shell.root}/ask", "autocomplete": "off"},
        element(
            "div",
            {"class": "composer-top"},
            element("label", {"for": "question"}, text(label, language)),
            element(
                "a",
                {"id": "new-conversation", "href": f"{shell.root}/", "hidden": conversation is None},
                text("box.new", language),
            ),
        ),
        element(
            "div",
            {"class": "composer-row"},
            element(
                "textarea",
                {
                    "id": "question",
                    "name": "question",
                    "rows": "1",
                    "maxlength": str(MAX_QUESTION),
                    "dir": "auto",
                    "required": True,
                    "enterkeyhint": "send",
                    "aria-describedby": "question-hint question-keys question-room",
                },
            ),
            element("button", {"id": "ask", "type": "submit"}, text("box.ask", language)),
            element(
                "button",
                {"id": "stop", "type": "button", "class": "secondary", "hidden": True},
                text("box.stop", language),
            ),
        ),
        element(
            "p",
            {"class": "composer-notes"},
            element("span", {"id": "question-hint"}, text("box.hint", language)),
            element("span", {"id": "question-keys", "hidden": True}, text("box.keys", language)),
            element("span", {"id": "question-room"}),
        ),
        *continued,
    )


def panel(shell: Shell) -> Markup:
    """The document behind a citation, the one live region, and what the script is made of; last on a page."""
    language = shell.language.code
    close = element(
        "button", {"id": "panel-close", "type": "button", "class": "secondary small"}, text("panel.close", language)
    )
    parts = (
        element("div", {"class": "panel-top"}, element("p", {"id": "panel-number"}), close),
        element(
            "div",
            {"class": "panel-head"},
            element("h2", {"id": "panel-title", "tabindex": "-1", "dir": "auto"}),
            element("div", {"id": "panel-facts"}),
        ),
        element(
            "div",
            {
                "id": "panel-body",
                "class": "panel-body",
                "tabindex": "0",
                "role": "region",
                "aria-label": text("panel.text", language),
            },
        ),
    )
    modules = (_preloaded(shell, module, urgent=module in _FIRST) for module in (*_FIRST, *_THEN))
    return element(
        "div",
        {"class": "live"},
        element("dialog", {"id": "document-panel", "class": "panel", "aria-labelledby": "panel-title"}, *parts),
        element("div", {"id": "announcer", "class": "unseen", "role": "status", "aria-live": "polite"}),
        *modules,
    )


def _preloaded(shell: Shell, module: str, *, urgent: bool) -> Markup:
    priority = None if urgent else "low"
    return element("link", {"rel": "modulepreload", "href": f"{shell.root}/static/{module}", "fetchpriority": priority})
