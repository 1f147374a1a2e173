"""Invitation links: one shows who invites, and only pressing the button uses it up, so that nothing that merely looks
at an address in a message does."""

from fastapi import APIRouter, Depends, Request, Response

from integrations.accounts.store import Accounts
from integrations.accounts.types import Invitation, account_behind, delegation_of
from integrations.web.entry import sessions
from integrations.web.entry.words import EntryShell, button, heading, link, notice, paragraph, words
from integrations.web.identity import looked_up
from integrations.web.limits import knocked
from integrations.web.markup import element
from integrations.web.shell import Shell, page
from integrations.web.state import TheAccounts

router = APIRouter(include_in_schema=False)


@router.get("/invitation/{secret}")
async def invitation(secret: str, shell: EntryShell, accounts: TheAccounts) -> Response:
    found = await looked_up(accounts.peek, secret)
    return _gone(shell) if found is None else await invitation_page(shell, accounts, found, secret)


@router.post("/invitation/{secret}", dependencies=[Depends(knocked)])
async def accepted(secret: str, request: Request, shell: EntryShell, accounts: TheAccounts) -> Response:
    opened = await looked_up(accounts.accept, secret)
    if opened is None:
        return _gone(shell)
    return await sessions.begin(request, accounts, opened[1], "/")


async def invitation_page(
    shell: Shell, accounts: Accounts, found: Invitation, secret: str, at: str | None = None
) -> Response:
    """Asks to confirm. ``at`` is the page's address where it is not the invitation's own."""
    who, reads = await looked_up(_told, accounts, found)
    facts = [
        (words(shell, "invitation.name"), element("bdi", {}, found.name)),
        (words(shell, "invitation.reads"), element("bdi", {}, reads or words(shell, f"invitation.{found.audience}"))),
        (words(shell, "invitation.until"), shell.date(found.expires_at.date().isoformat())),
    ]
    listed = [part for name, value in facts for part in (element("dt", {}, name), element("dd", {}, value))]
    invited = words(shell, "invitation.from", who=who) if who else words(shell, "invitation.from_operators")
    body = [
        heading(shell, "invitation.title"),
        element("p", {"class": "lead"}, invited),
        element("dl", {"class": "pairs"}, *listed),
    ]
    if shell.asker.is_signed_in:
        body.append(notice("warn", words(shell, "invitation.other", name=shell.asker.name)))
    body += [
        element("div", {"class": "actions"}, button(shell, f"/invitation/{secret}", "invitation.accept")),
        element("p", {"class": "hint"}, words(shell, "invitation.once")),
    ]
    return page(shell, title=words(shell, "invitation.title"), body=body, at=at)


def _told(accounts: Accounts, found: Invitation) -> tuple[str, str]:
    """Who invites, and the name of the delegation it is for; each empty where there is none."""
    identifier = account_behind(found.by)
    account = accounts.account(identifier) if identifier else None
    slug = delegation_of(found.audience)
    names = [delegation.name for delegation in accounts.delegations() if delegation.slug == slug] if slug else []
    return account.name if account else "", names[0] if names else slug or ""


def _gone(shell: Shell) -> Response:
    body = [
        heading(shell, "invitation.gone_title"),
        paragraph(shell, "invitation.gone"),
        element("p", {}, link(shell, "/sign-in", "invitation.sign_in")),
    ]
    return page(shell, title=words(shell, "invitation.gone_title"), body=body, status=404, at="/sign-in")
