"""Who may ask: delegations, invitations and accounts, and what is kept of a person."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from integrations.accounts.types import Account, Delegation, Invitation
from integrations.web.admin.office import Office, TheOffice, Told
from integrations.web.admin.parts import (
    actions,
    button,
    choice,
    cluster,
    counted,
    day,
    empty,
    entry,
    facts,
    field,
    folded,
    foreign,
    form,
    hidden,
    lines,
    link,
    moment,
    press,
    section,
    table,
    tag,
    tick,
    words,
)
from integrations.web.markup import Markup, element

router = APIRouter()
_DAYS = ("1", "7", "30")
DONE = {
    "added": "The delegation is there. Invite its people.",
    "closed": "The delegation is closed: its people and keys are let in no more.",
    "reopened": "The delegation is open again.",
    "withdrawn": "The link is good for nothing now.",
    "disabled": "The account is disabled; its sessions and links have ended.",
    "enabled": "The account can be used again. Make a new link for its person.",
    "ended": "Signed out everywhere.",
    "removed": "The account is erased.",
    "erased": "Everything that was kept of this person is erased.",
}


@router.get("/people")
async def people(office: TheOffice, done: str = "") -> HTMLResponse:
    return await _shown(office, done=DONE.get(done))


@router.post("/people/delegations")
async def add_delegation(office: TheOffice) -> Response:
    sent = await office.form()
    try:
        await office.do(lambda: office.accounts.add_delegation(sent.get("slug", ""), sent.get("name", ""), office.by))
    except Told as error:
        return await _shown(office, problem=str(error), said=sent)
    return office.back("/people", "added")


@router.post("/people/delegations/close")
async def close_delegation(office: TheOffice) -> Response:
    slug = (await office.form()).get("slug", "")
    try:
        await office.do(lambda: office.accounts.close_delegation(slug, office.by))
    except Told as error:
        return await _shown(office, problem=str(error))
    return office.back("/people", "closed")


@router.post("/people/delegations/reopen")
async def reopen_delegation(office: TheOffice) -> Response:
    slug = (await office.form()).get("slug", "")
    try:
        await office.do(lambda: office.accounts.reopen_delegation(slug, office.by))
    except Told as error:
        return await _shown(office, problem=str(error))
    return office.back("/people", "reopened")


@router.post("/people/invitations")
async def invite(office: TheOffice) -> Response:
    sent = await office.form()
    days = int(sent["days"]) if sent.get("days") in _DAYS else int(_DAYS[1])
    try:
        made, secret = await office.do(
            lambda: office.accounts.invite(
                sent.get("audience", ""),
                sent.get("name", ""),
                office.by,
                is_operator=sent.get("operator") == "yes",
                days=days,
            )
        )
    except Told as error:
        return await _shown(office, problem=str(error), said=sent)
    return _link_page(office, made, secret)


@router.post("/people/invitations/withdraw")
async def withdraw_invitation(office: TheOffice) -> Response:
    identifier = (await office.form()).get("id", "")
    if not await office.do(lambda: office.accounts.withdraw_invitation(identifier, office.by)):
        return await _shown(office, problem="This link was used or withdrawn before.")
    return office.back("/people", "withdrawn")


@router.post("/people/link")
async def new_link(office: TheOffice) -> Response:
    identifier = (await office.form()).get("id", "")
    try:
        made, secret = await office.do(lambda: office.accounts.invite_again(identifier, office.by))
    except Told as error:
        return await _shown(office, problem=str(error))
    return _link_page(office, made, secret)


@router.post("/people/disable")
async def disable(office: TheOffice) -> Response:
    identifier = (await office.form()).get("id", "")
    if identifier == office.operator.account_id:
        return await _shown(office, problem="This is your own account. Ask another operator to disable it.")
    try:
        await office.do(lambda: office.accounts.disable(identifier, office.by))
    except Told as error:
        return await _shown(office, problem=str(error))
    return office.back("/people", "disabled")


@router.post("/people/enable")
async def enable(office: TheOffice) -> Response:
    identifier = (await office.form()).get("id", "")
    try:
        await office.do(lambda: office.accounts.enable(identifier, office.by))
    except Told as error:
        return await _shown(office, problem=str(error))
    office.watcher.wake()
    return office.back("/people", "enabled")


@router.post("/people/sign-out")
async def end_sessions(office: TheOffice) -> Response:
    identifier = (await office.form()).get("id", "")
    try:
        await office.do(lambda: office.accounts.end_sessions(identifier, office.by))
    except Told as error:
        return await _shown(office, problem=str(error))
    return office.back("/people", "ended")


@router.post("/people/remove")
async def remove(office: TheOffice) -> Response:
    """The account and all that was asked with it."""
    sent = await office.form()
    identifier = sent.get("id", "")
    if sent.get("sure") != "yes":
        return await _shown(office, problem="Nothing was erased: tick the box.")
    if identifier == office.operator.account_id:
        return await _shown(office, problem="This is your own account. Ask another operator to erase it.")
    account = await office.do(lambda: office.accounts.account(identifier))
    try:
        await office.do(lambda: office.accounts.remove(identifier, office.by))
        if account is not None:
            await office.do(lambda: office.conversations.forget(account.person, at_once=False))
    except Told as error:
        return await _shown(office, problem=str(error))
    return office.back("/people", "removed")


@router.post("/people/erase")
async def erase(office: TheOffice) -> Response:
    """Everything that was kept of a person, for good."""
    sent = await office.form()
    person = sent.get("person", "").strip()
    if sent.get("sure") != "yes" or not person:
        return await _shown(office, problem="Nothing was erased: name the person and tick the box.", said=sent)
    try:
        erased = await office.do(lambda: office.conversations.forget(person, at_once=False))
        await office.do(lambda: office.accounts.unshare_all_of(person))
    except Told as error:
        return await _shown(office, problem=str(error), said=sent)
    # Of a person without an account not even the name may remain.
    about = person if person.startswith(("web:", "key:")) else person.partition(":")[0]
    await office.audit("person.erased", f"{about}, {counted(erased, 'record')}")
    if not erased:
        return await _shown(office, problem="Nothing is kept of this person.", said=sent)
    return office.back("/people", "erased")


def _link_page(office: Office, made: Invitation, secret: str) -> HTMLResponse:
    """The one time that the link is shown."""
    address = f"{office.site}/invitation/{secret}"
    body = [
        words("Send this link to ", foreign(made.name), " alone. It lets in whoever opens it first, and only once."),
        element("p", {"class": "secret"}, element("code", {}, address)),
        facts("Good until ", moment(made.expires_at), f" · {made.audience}"),
        words("It is shown now and never again: copy it before you leave this page."),
        actions(link(office.address("/people"), "Done", **{"class": "button"})),
    ]
    return office.page("A link to sign in", body)


async def _shown(
    office: Office,
    *,
    done: str | None = None,
    problem: str | None = None,
    said: Mapping[str, str] | None = None,
) -> HTMLResponse:
    said = said or {}
    delegations = await office.do(office.accounts.delegations)
    accounts = await office.do(office.accounts.accounts)
    invitations = await office.do(office.accounts.invitations)
    body = [
        section("Accounts", _accounts(office, accounts)),
        section("Invite somebody", _inviting(office, delegations, said)),
        section("Open invitations", _invitations(office, invitations)),
        section("Delegations", _delegations(office, delegations), _adding(office, said)),
        section("Erase what was asked", _erasing(office, said)),
    ]
    return office.page("People", body, done=done, problem=problem)


def _accounts(office: Office, accounts: Sequence[Account]) -> Markup:
    if not accounts:
        return empty("Nobody has an account yet.")
    rows = []
    for account in accounts:
        rights = [tag("operator", "good")] if account.is_operator else []
        state = [tag("disabled", "warn")] if account.disabled_at is not None else []
        is_self = account.id == office.operator.account_id
        rows.append(
            (
                lines(foreign(account.name), element("span", {"class": "facts"}, account.person)),
                element("span", {}, account.audience, *(part for mark in (*rights, *state) for part in (" ", mark))),
                day(account.created_at),
                day(account.last_seen_at),
                folded("Change", *_account_actions(office, account, is_self=is_self)),
            )
        )
    return table("Accounts", ("Name", "Audience", "Since", "Last seen", "Actions"), rows)


def _account_actions(office: Office, account: Account, *, is_self: bool) -> list[Markup]:
    about = f"for {account.name}"
    found = [press(office.address("/people/sign-out"), "Sign out everywhere", about=about, id=account.id)]
    if account.disabled_at is None:
        found.append(press(office.address("/people/link"), "New sign-in link", about=about, id=account.id))
    if is_self:
        return [cluster(*found)]
    if account.disabled_at is None:
        found.append(press(office.address("/people/disable"), "Disable", about=about, id=account.id))
    else:
        found.append(press(office.address("/people/enable"), "Enable", about=about, id=account.id))
    sure = tick("sure", "Yes, for good", required=True)
    forgetting = form(
        office.address("/people/erase"),
        hidden("person", account.person),
        sure,
        actions(button("Erase their questions", "danger small")),
    )
    removing = form(
        office.address("/people/remove"),
        hidden("id", account.id),
        sure,
        actions(button("Erase the account and their questions", "danger small")),
    )
    return [cluster(*found), forgetting, removing]


def _inviting(office: Office, delegations: Sequence[Delegation], said: Mapping[str, str]) -> Markup:
    known = [("staff", "staff: our own people")]
    known += [(one.audience, f"{one.audience}: {one.name}") for one in delegations if one.closed_at is None]
    known += [("partner", "partner: what all delegations see"), ("public", "public: public documents only")]
    days = [(one, counted(int(one), "day")) for one in _DAYS]
    return form(
        office.address("/people/invitations"),
        field("name", "Name", entry("name", value=said.get("name", ""), required=True, maxlength="120")),
        field("audience", "Reads as", choice("audience", known, said.get("audience", ""))),
        field("days", "The link is good for", choice("days", days, said.get("days", _DAYS[1]))),
        tick("operator", "An operator: sees these pages (staff only)"),
        actions(button("Make a link")),
    )


def _invitations(office: Office, invitations: Sequence[Invitation]) -> Markup:
    rows = [
        (
            foreign(one.name),
            element("span", {}, one.audience, *([" ", tag("operator", "good")] if one.is_operator else [])),
            day(one.created_at),
            moment(one.expires_at),
            press(office.address("/people/invitations/withdraw"), "Withdraw", about=f"for {one.name}", id=one.id),
        )
        for one in invitations
        if one.used_at is None
    ]
    if not rows:
        return empty("No link is waiting to be used.")
    return table("Open invitations", ("Name", "Audience", "Made", "Good until", "Actions"), rows)


def _delegations(office: Office, delegations: Sequence[Delegation]) -> Markup:
    if not delegations:
        return empty("There is no delegation yet.")
    rows = []
    for one in delegations:
        is_open = one.closed_at is None
        path, label = ("close", "Close") if is_open else ("reopen", "Reopen")
        act = press(office.address(f"/people/delegations/{path}"), label, about=one.name, slug=one.slug)
        rows.append((foreign(one.name), one.audience, day(one.created_at), "open" if is_open else "closed", act))
    return table("Delegations", ("Name", "Audience", "Since", "State", "Actions"), rows)


def _adding(office: Office, said: Mapping[str, str]) -> Markup:
    adding = form(
        office.address("/people/delegations"),
        field("delegation-name", "Name", entry("name", identifier="delegation-name", required=True, maxlength="120")),
        field(
            "slug",
            "Short name",
            entry("slug", value=said.get("slug", ""), required=True, maxlength="41", placeholder="nepal"),
            "The letters a to z, digits and hyphens. It stands in the audience of its documents and does not change.",
        ),
        actions(button("Add the delegation")),
    )
    return folded("Add a delegation", adding, is_open="slug" in said)


def _erasing(office: Office, said: Mapping[str, str]) -> Markup:
    erasing = form(
        office.address("/people/erase"),
        field(
            "person",
            "Person",
            entry("person", value=said.get("person", ""), required=True, maxlength="200"),
            "As the desk names them: web:…, visitor:…, slack:… or key:…",
        ),
        tick("sure", "Yes, erase their questions, answers, opinions and requests for good", required=True),
        actions(button("Erase", "danger")),
    )
    return folded("Of somebody who asks for it", erasing)
