"""What a reader has asked, as a page: to find it again, and to erase it."""

from collections.abc import Collection, Sequence

from fastapi.responses import HTMLResponse

from assistant.conversations.types import KeptConversation
from integrations.web.answers.words import said, words
from integrations.web.desk.plurals import form_for
from integrations.web.markup import Markup, element
from integrations.web.shell import Shell, page

LONGEST_SEARCH = 200


def history_page(
    shell: Shell, kept: Sequence[KeptConversation], search: str, keep_days: int, news: Collection[str]
) -> HTMLResponse:
    """``news`` are the conversations in which something was answered since its asker last looked."""
    lead = "history.lead" if shell.asker.is_signed_in else "history.lead_visitor"
    parts = [
        element("h1", {}, words(shell, "history.title")),
        element("p", {"class": "lead"}, words(shell, lead, days=keep_days)),
    ]
    if kept or search:
        parts.append(_search_form(shell, search))
    if kept:
        parts.append(element("ul", {"class": "cards"}, *(_entry(shell, one, one.thread in news) for one in kept)))
    else:
        parts.append(element("p", {"class": "empty"}, words(shell, "history.none_found" if search else "history.none")))
    if search:
        everything = element("a", {"href": f"{shell.root}/history"}, words(shell, "history.everything"))
        parts.append(element("p", {}, everything))
    elif kept:
        erase = element("a", {"href": f"{shell.root}/history/erase"}, words(shell, "history.erase_all"))
        parts.append(element("p", {}, erase))
    return page(shell, title=words(shell, "history.title"), body=parts)


def erase_page(shell: Shell, question: str | None) -> HTMLResponse:
    """Asks once more before a conversation is erased, or (None) everything."""
    which = "one" if question is not None else "all"
    told = [element("p", {"class": "lead", "dir": "auto", "lang": ""}, question)] if question is not None else []
    back = element("a", {"class": "button secondary", "href": f"{shell.root}/history"}, words(shell, "erase.keep"))
    buttons = element(
        "div", {"class": "actions"}, element("button", {"class": "danger"}, words(shell, f"erase.{which}_button")), back
    )
    return page(
        shell,
        title=words(shell, f"erase.{which}_title"),
        body=[
            element("h1", {}, words(shell, f"erase.{which}_title")),
            *told,
            element("p", {}, words(shell, f"erase.{which}_explain")),
            element("form", {"class": "form", "method": "post"}, buttons),
        ],
    )


def _search_form(shell: Shell, search: str) -> Markup:
    box = {"type": "search", "id": "q", "name": "q", "value": search, "maxlength": str(LONGEST_SEARCH), "dir": "auto"}
    label = element("label", {"for": "q"}, words(shell, "history.search"))
    button = element("button", {}, words(shell, "history.search_button"))
    row = element("div", {"class": "row"}, element("input", box), button)
    return element("form", {"class": "search", "role": "search", "action": f"{shell.root}/history"}, label, row)


def _entry(shell: Shell, kept: KeptConversation, is_new: bool) -> Markup:
    address = f"{shell.root}/conversations/{kept.thread}"
    title = {"class": "title", "href": address, "dir": "auto", "lang": kept.language}
    facts: list[str] = [shell.day(kept.asked_at), " · ", said(shell, f"outcome.{kept.outcome.lower()}")]
    if kept.answers > 1:
        facts += [" · ", _questions(shell, kept.answers)]
    erase_name = words(shell, "history.erase_named", question=kept.question)
    erase = element("a", {"href": f"{address}/erase", "aria-label": erase_name}, words(shell, "history.erase"))
    facts += [" · ", erase]
    if is_new:
        facts += [" ", element("span", {"class": "tag good"}, words(shell, "history.new"))]
    return element("li", {}, element("a", title, kept.question), element("p", {"class": "facts"}, *facts))


def _questions(shell: Shell, count: int) -> str:
    return form_for(words(shell, "history.questions", count=count), shell.language.code, count)
