"""An answer that somebody shared, and the link by which it is shared."""

from datetime import datetime

from fastapi.responses import HTMLResponse

from integrations.web.answers.answer_view import Exchange, exchange_view
from integrations.web.answers.tools_view import export_menu
from integrations.web.answers.words import said, words
from integrations.web.api.shapes import ShareOut
from integrations.web.desk import live
from integrations.web.markup import Attributes, element
from integrations.web.shell import Shell, page
from integrations.wire import AnswerOut


def shared_page(shell: Shell, secret: str, question: str, answer: AnswerOut, asked_at: datetime) -> HTMLResponse:
    """For a reader who may see what it rests on. Who asked is not said."""
    export = export_menu(shell, f"{shell.root}/shared/{secret}")
    tools = element("div", {"class": "tools", "role": "group", "aria-label": said(shell, "tools.label")}, export)
    own = element("a", {"href": f"{shell.root}/"}, words(shell, "shared.ask"))
    return page(
        shell,
        title=words(shell, "shared.title"),
        body=[
            element("h1", {"class": "unseen"}, words(shell, "shared.title")),
            element("p", {"class": "facts"}, words(shell, "shared.lead", date=shell.day_in_words(asked_at))),
            exchange_view(shell, Exchange(1, question, answer, tools=(tools,))),
            element("p", {}, own),
        ],
        styles=live.STYLES,
    )


def link_page(shell: Shell, share: ShareOut, answer_id: str, conversation: str) -> HTMLResponse:
    """The link, to be copied by hand."""
    box: Attributes = {"id": "link", "type": "text", "readonly": True, "value": share.url, "dir": "ltr"}
    label = element("label", {"for": "link"}, said(shell, "tools.share_link"))
    withdraw = element(
        "form",
        {"method": "post", "action": f"{shell.root}/answers/{answer_id}/unshare"},
        element("button", {"class": "secondary"}, said(shell, "tools.unshare")),
    )
    address = f"/conversations/{conversation}"
    back = element("a", {"href": f"{shell.root}{address}#answer-{answer_id}"}, words(shell, "shared.back"))
    return page(
        shell,
        title=words(shell, "shared.link_title"),
        body=[
            element("h1", {}, words(shell, "shared.link_title")),
            element("p", {}, words(shell, "shared.link_lead", date=shell.day_in_words(share.expires))),
            element(
                "div", {"class": "form"}, element("div", {"class": "field"}, label, element("input", box)), withdraw
            ),
            element("p", {}, back),
        ],
        at=address,
    )
