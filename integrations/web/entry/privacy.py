"""What is kept of a reader, for how long, who sees it; and erasing it, by a form that needs no script."""

import asyncio

from fastapi import APIRouter, Request, Response

from integrations.web.api.own import TheOwn
from integrations.web.entry.words import EntryShell, heading, notice, paragraph, words
from integrations.web.forms import form_of
from integrations.web.markup import Markup, element
from integrations.web.shell import Shell, page
from integrations.web.state import TheConversations, TheDesk

router = APIRouter(include_in_schema=False)


@router.get("/privacy")
async def privacy(shell: EntryShell, desk: TheDesk, conversations: TheConversations) -> Response:
    return _page(shell, desk.model_name, conversations.keep_days, [])


@router.post("/privacy/erase")
async def erase(
    request: Request,
    shell: EntryShell,
    own: TheOwn,
    desk: TheDesk,
    conversations: TheConversations,
) -> Response:
    if not (await form_of(request)).get("sure"):
        told = [notice("warn", words(shell, "privacy.not_sure"))]
        return _page(shell, desk.model_name, conversations.keep_days, told, status=400)
    count = await asyncio.to_thread(own.erase)
    told = [notice("good", words(shell, "privacy.erased", count=count))]
    return _page(shell, desk.model_name, conversations.keep_days, told)


def _page(shell: Shell, model: str | None, keep_days: int, told: list[Markup], status: int = 200) -> Response:
    def part(name: str, *keys: str) -> list[Markup]:
        return [element("h2", {}, words(shell, f"privacy.{name}")), *(paragraph(shell, f"privacy.{k}") for k in keys)]

    body = [
        heading(shell, "privacy.title"),
        *told,
        element("p", {"class": "lead"}, words(shell, "privacy.lead")),
        *part("care_title", "care"),
        *part("kept_title", "kept", "kept_account", "kept_audit", "kept_not"),
        *part("days_title"),
        paragraph(shell, "privacy.days", days=keep_days),
        *part("who_title", "who"),
        paragraph(shell, "privacy.model", model=model) if model else paragraph(shell, "privacy.no_model"),
        *part("cookies_title", "cookies"),
        *part("erase_title"),
        *_erasing(shell),
    ]
    if shell.asker.is_signed_in:
        body += [*part("account_title", "account"), _sessions(shell)]
    return page(shell, title=words(shell, "privacy.title"), body=body, status=status, at="/privacy")


def _erasing(shell: Shell) -> list[Markup]:
    if not shell.asker.person or shell.asker.is_new_visitor:
        return [paragraph(shell, "privacy.nothing")]
    sure = element("input", {"type": "checkbox", "id": "sure", "name": "sure", "value": "yes", "required": True})
    form = element(
        "form",
        {"class": "form", "method": "post", "action": f"{shell.root}/privacy/erase"},
        element("div", {"class": "choice"}, sure, element("label", {"for": "sure"}, words(shell, "privacy.sure"))),
        element("div", {"class": "actions"}, element("button", {"class": "danger"}, words(shell, "privacy.erase_go"))),
    )
    return [paragraph(shell, "privacy.erase"), form]


def _sessions(shell: Shell) -> Markup:
    here = element("button", {"class": "secondary"}, words(shell, "privacy.sign_out"))
    attributes = {"class": "secondary", "name": "everywhere", "value": "yes"}
    everywhere = element("button", attributes, words(shell, "privacy.sign_out_everywhere"))
    action = {"class": "actions", "method": "post", "action": f"{shell.root}/sign-out"}
    return element("form", action, here, everywhere)
