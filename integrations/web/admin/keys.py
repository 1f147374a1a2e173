"""Keys by which programs ask."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from integrations.accounts.types import SCOPES, Delegation, Key, Scope
from integrations.web.admin.office import Office, TheOffice, Told
from integrations.web.admin.parts import (
    actions,
    button,
    choice,
    counted,
    day,
    empty,
    entry,
    facts,
    field,
    foreign,
    form,
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
_DAYS = ("30", "90", "365", "")
_MEANING: Mapping[Scope, str] = {
    "ask": "ask: questions, and the documents behind answers",
    "read": "read: documents and the library",
    "admin": "admin: reads these pages, changes nothing",
}
DONE = {"revoked": "The key is good for nothing from now on."}


@router.get("/keys")
async def keys(office: TheOffice, done: str = "") -> HTMLResponse:
    return await _shown(office, done=DONE.get(done))


@router.post("/keys")
async def make(office: TheOffice) -> Response:
    sent = await office.form()
    scopes = [scope for scope in SCOPES if sent.get(f"scope-{scope}") == "yes"]
    days = int(sent["days"]) if sent.get("days") in _DAYS[:-1] else None
    try:
        key, secret = await office.do(
            lambda: office.accounts.make_key(
                sent.get("name", ""), sent.get("audience", ""), scopes, office.by, days=days
            )
        )
    except Told as error:
        return await _shown(office, problem=str(error), said=sent)
    body = [
        words("The key of ", foreign(key.name), " is shown now and never again: copy it before you leave this page."),
        element("p", {"class": "secret"}, element("code", {}, secret)),
        facts(f"{key.audience} · {', '.join(sorted(key.scopes))} · ends: ", moment(key.expires_at)),
        words("A program sends it as ", element("code", {}, "Authorization: Bearer key_…"), ", never in an address."),
        actions(link(office.address("/keys"), "Done", **{"class": "button"})),
    ]
    return office.page("A key", body)


@router.post("/keys/revoke")
async def revoke(office: TheOffice) -> Response:
    identifier = (await office.form()).get("id", "")
    if not await office.do(lambda: office.accounts.revoke_key(identifier, office.by)):
        return await _shown(office, problem="There is no such key, or it was revoked before.")
    return office.back("/keys", "revoked")


async def _shown(
    office: Office,
    *,
    done: str | None = None,
    problem: str | None = None,
    said: Mapping[str, str] | None = None,
) -> HTMLResponse:
    every = await office.do(office.accounts.keys)
    delegations = await office.do(office.accounts.delegations)
    names = {account.person: account.name for account in await office.do(office.accounts.accounts)}
    body = [
        section("Keys", _table(office, every, names)),
        section("Make a key", _making(office, delegations, said or {})),
    ]
    return office.page("Keys for programs", body, done=done, problem=problem)


def _table(office: Office, every: Sequence[Key], names: Mapping[str, str]) -> Markup:
    if not every:
        return empty("There is no key yet.")
    rows = []
    for key in every:
        act = press(office.address("/keys/revoke"), "Revoke", about=key.name, id=key.id)
        rows.append(
            (
                foreign(key.name),
                f"{key.audience} · {', '.join(sorted(key.scopes))}",
                element("span", {}, day(key.created_at), " by ", foreign(names.get(key.by, key.by))),
                day(key.last_used_at),
                day(key.expires_at),
                tag("revoked") if key.revoked_at is not None else act,
            )
        )
    return table("Keys", ("Name", "Rights", "Made", "Last used", "Ends", "Actions"), rows)


def _making(office: Office, delegations: Sequence[Delegation], said: Mapping[str, str]) -> Markup:
    audiences = [("public", "public"), ("partner", "partner")]
    audiences += [(one.audience, f"{one.audience}: {one.name}") for one in delegations if one.closed_at is None]
    audiences.append(("staff", "staff"))
    days = [(one, counted(int(one), "day") if one else "without end") for one in _DAYS]
    scopes = [tick(f"scope-{scope}", _MEANING[scope]) for scope in SCOPES]
    return form(
        office.address("/keys"),
        field("name", "Name of the program", entry("name", value=said.get("name", ""), required=True, maxlength="120")),
        field("audience", "Reads as", choice("audience", audiences, said.get("audience", "public"))),
        element("fieldset", {"class": "field"}, element("legend", {}, "May"), *scopes),
        field("days", "Good for", choice("days", days, said.get("days", "90"))),
        actions(button("Make a key")),
    )
