"""Who did what and when, and whether the record is whole."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from integrations.web.admin.office import TheOffice
from integrations.web.admin.parts import counted, empty, facts, link, moment, notice, table, words
from integrations.web.markup import Markup, element

router = APIRouter()
_STEPS = (200, 1000, 5000)


@router.get("/audit")
async def audit(office: TheOffice, limit: Annotated[str, Query(max_length=5)] = "200") -> HTMLResponse:
    most = int(limit) if limit.isdecimal() and int(limit) in _STEPS else _STEPS[0]
    entries = await office.do(lambda: office.accounts.audited(most))
    is_whole = await office.do(office.accounts.check_audit)
    names = {account.person: account.name for account in await office.do(office.accounts.accounts)}
    rows = [
        (
            moment(entry.at),
            _who(entry.by, names),
            entry.action,
            element("bdi", {}, entry.about or "–"),
            _mark(entry.digest),
        )
        for entry in entries
    ]
    told = (
        notice("The record is whole: every entry stands as it was written.", "good")
        if is_whole
        else notice(
            "The record was changed: an entry is missing, or does not stand as it was written.", "warn", "alert"
        )
    )
    longer = [link(office.address("/audit", limit=str(step)), f"The last {step:,}") for step in _STEPS if step > most]
    body = [
        words(
            "Every action of an operator, the newest first. Entries are chained: each holds a digest of all before it."
        ),
        told,
        table("Audit", ("When", "Who", "What", "About", "Digest"), rows) if rows else empty("Nothing yet."),
        facts(counted(len(entries), "entry", "entries"), *(part for one in longer for part in (" · ", one))),
    ]
    return office.page("Audit", body)


def _who(by: str, names: Mapping[str, str]) -> Markup:
    return element("bdi", {"title": by}, names.get(by, by))


def _mark(digest: str) -> Markup:
    return element("code", {"title": digest}, digest[:10])
