"""The page on which people learn how to sign in, and signing out."""

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from integrations.web.entry import sessions
from integrations.web.entry.invitations import invitation_page
from integrations.web.entry.returning import way_back
from integrations.web.entry.words import EntryShell, heading, link, notice, paragraph, words
from integrations.web.forms import form_of
from integrations.web.identity import SESSION_COOKIE, SESSION_DAYS, TheAnyone, drop_cookie, looked_up
from integrations.web.limits import knocked
from integrations.web.markup import Markup, element
from integrations.web.shell import Shell, page
from integrations.web.state import TheAccounts, TheSettings

router = APIRouter(include_in_schema=False)
_SECRET = re.compile(r"inv_[A-Za-z0-9_-]{43}", re.ASCII)
_MOST_PASTED = 2000
Next = Annotated[str | None, Query(alias="next", max_length=2000)]
Flag = Annotated[str | None, Query(max_length=10)]


@router.get("/sign-in")
async def sign_in(
    request: Request,
    shell: EntryShell,
    settings: TheSettings,
    back: Next = None,
    ended: Flag = None,
    out: Flag = None,
) -> Response:
    told = [notice("warn", words(shell, "sign_in.ended"))] if ended else []
    told += [notice("good", words(shell, "sign_in.out"))] if out else []
    response = sign_in_page(shell, request, back, told, is_public=settings.public)
    if not shell.asker.is_signed_in and SESSION_COOKIE in request.cookies:
        drop_cookie(response, SESSION_COOKIE)
    return response


@router.post("/sign-in", dependencies=[Depends(knocked)])
async def pasted(request: Request, shell: EntryShell, settings: TheSettings, accounts: TheAccounts) -> Response:
    """The page of an invitation whose link opened elsewhere. Nothing is used up yet."""
    form = await form_of(request)
    found = _SECRET.search(form.get("link", "")[:_MOST_PASTED])
    invitation = await looked_up(accounts.peek, found.group()) if found else None
    if found is None or invitation is None:
        told = [notice("warn", words(shell, "sign_in.wrong_link"))]
        return sign_in_page(shell, request, form.get("next"), told, is_public=settings.public, status=400)
    return await invitation_page(shell, accounts, invitation, found.group(), at="/sign-in")


@router.post("/sign-out")
async def sign_out(request: Request, asker: TheAnyone, accounts: TheAccounts) -> Response:
    """Here; with the field ``everywhere`` in all browsers in which they are signed in."""
    everywhere = request.headers.get("content-length", "0") != "0" and (await form_of(request)).get("everywhere")
    if everywhere and asker.account_id is not None:
        await looked_up(accounts.end_sessions, asker.account_id, asker.by)
    return await sessions.end(request, accounts, "/sign-in?out=1")


def sign_in_page(
    shell: Shell,
    request: Request,
    back: str | None,
    told: list[Markup],
    *,
    is_public: bool,
    status: int = 200,
) -> Response:
    """``told`` is what the reader has to know first."""
    back = way_back(back)
    body = [heading(shell, "sign_in.title"), *told]
    if shell.asker.is_signed_in:
        body += [
            paragraph(shell, "sign_in.already", name=shell.asker.name),
            link(shell, back, "sign_in.go_on", "button"),
        ]
        return page(shell, title=words(shell, "sign_in.title"), body=body, status=status, at="/sign-in")
    if request.app.state.provider is None:
        body.append(element("p", {"class": "lead"}, words(shell, "sign_in.lead")))
    else:
        body += [
            element("h2", {}, words(shell, "sign_in.staff")),
            paragraph(shell, "sign_in.staff_how"),
            element("p", {}, link(shell, f"/sign-in/oidc{_query(back)}", "sign_in.staff_go", "button")),
        ]
    body += [
        element("h2", {}, words(shell, "sign_in.by_link")),
        paragraph(shell, "sign_in.how", days=SESSION_DAYS),
        _paste(shell, back),
    ]
    if is_public:
        body += [
            element("h2", {}, words(shell, "sign_in.without")),
            paragraph(shell, "sign_in.public"),
            element("p", {}, link(shell, back, "sign_in.public_go")),
        ]
    return page(shell, title=words(shell, "sign_in.title"), body=body, status=status, at="/sign-in")


def _paste(shell: Shell, back: str) -> Markup:
    field: dict[str, str | bool] = {
        "id": "link",
        "name": "link",
        "dir": "ltr",
        "autocomplete": "off",
        "spellcheck": "false",
        "required": True,
    }
    return element(
        "form",
        {"class": "form", "method": "post", "action": f"{shell.root}/sign-in"},
        element(
            "div",
            {"class": "field"},
            element("label", {"for": "link"}, words(shell, "sign_in.link")),
            element("p", {"class": "hint", "id": "link-hint"}, words(shell, "sign_in.link_hint")),
            element("input", {**field, "aria-describedby": "link-hint"}),
        ),
        element("input", {"type": "hidden", "name": "next", "value": back}),
        element(
            "div", {"class": "actions"}, element("button", {"class": "secondary"}, words(shell, "sign_in.link_go"))
        ),
    )


def _query(back: str) -> str:
    return f"?{urlencode({'next': back})}" if back != "/" else ""
