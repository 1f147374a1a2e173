"""One document as operators see it: what is known of it, its versions, the forms to decide, what was decided."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePath

from fastapi import HTTPException
from fastapi.responses import HTMLResponse

from integrations.web.admin import decision_forms
from integrations.web.admin.freshness import is_old, state_of
from integrations.web.admin.office import Office
from integrations.web.admin.parts import empty, foreign, link, pairs, section, table, tag
from integrations.web.markup import Markup, element, web_link
from knowledge.topics import is_review_due
from knowledge.types import Decision, Document
from knowledge.versions import VersionInfo


async def document_page(
    office: Office,
    identifier: str,
    *,
    done: str | None = None,
    problem: str | None = None,
    told: Sequence[str] = (),
) -> HTMLResponse:
    """One document. ``told``: what else the last action came to."""
    catalogue = office.desk.base.catalogue
    infos = await office.do(lambda: catalogue.history(identifier))
    if not infos:
        raise HTTPException(404)
    latest = infos[-1]
    stored = await office.do(lambda: catalogue.stored(identifier, latest.version))
    decisions = await office.do(lambda: catalogue.decisions(identifier))
    delegations = await office.do(office.accounts.delegations)
    known = await office.do(lambda: catalogue.dates(identifier, latest.version))
    body = [
        *told,
        _facts(office, latest, stored),
        section("Versions", _versions(office, infos)),
        section("Decide", *decision_forms.forms(office.address, latest, known, [one.audience for one in delegations])),
        section("Decided", _decisions(decisions) if decisions else empty("Nothing was decided on it yet.")),
    ]
    return office.page(latest.title, body, done=done, problem=problem)


def file_name(document: Document) -> str:
    """A label for a disk, of letters that mean nothing to any system."""
    suffix = PurePath(document.source.origin.split("?")[0]).suffix.lower()
    stem = re.sub(r"[^A-Za-z0-9]+", "-", document.source.id.removesuffix(suffix)).strip("-")[:80] or "document"
    return f"{stem}-v{document.source.version}{suffix if re.fullmatch(r'[.][a-z0-9]{1,8}', suffix) else ''}"


def _facts(office: Office, latest: VersionInfo, stored: Document) -> Markup:
    source, today = stored.source, datetime.now(UTC).date()
    marks = []
    if is_review_due(source.review_by, today):
        marks.append(tag("review due", "warn"))
    if is_old(latest.published, today):
        marks.append(tag("old", "warn"))
    rows: list[tuple[str, str]] = [
        ("Id", element("code", {}, latest.id)),
        ("State", element("span", {}, state_of(latest), *(part for mark in marks for part in (" ", mark)))),
        ("Audience", latest.audience),
        ("Publisher", foreign(source.publisher or "not known")),
        ("Dated", latest.published or "undated"),
        ("Review by", source.review_by or "not planned"),
        ("Language", source.language or "not told"),
        ("Origin", element("bdi", {}, latest.origin)),
    ]
    published = web_link(source.url)
    if published is not None:
        rows.append(("Publication", published))
    if latest.superseded_by is not None:
        address = office.address("/document", id=latest.superseded_by)
        rows.append(("Its place is taken by", link(address, latest.superseded_by)))
    return pairs(rows)


def _versions(office: Office, infos: Sequence[VersionInfo]) -> Markup:
    base = office.desk.base
    rows = []
    for info in reversed(infos):
        days = f"from {info.starts or 'ever'}" + (f" up to {info.ends}" if info.ends else "")
        query = {"id": info.id, "version": str(info.version)}
        is_there = info.original is not None and base.originals.has(info.original)
        file = link(office.address("/document/original", **query), "Original file") if is_there else "–"
        state = "in force" if info.in_force else "latest, not in force" if info.latest else "earlier"
        read_on = f"{info.ingested_at[:10]}{' (uploaded)' if info.uploaded else ''}"
        rows.append((str(info.version), days, info.audience, state, read_on, file))
    columns = ("Version", "Days in force", "Audience", "State", "Read on", "File")
    return table("Versions", columns, rows)


def _decisions(decisions: Sequence[Decision]) -> Markup:
    rows = [
        (
            decision.at[:16].replace("T", " "),
            foreign(decision.who),
            decision.action,
            foreign(_detail(decision.detail)),
        )
        for decision in reversed(decisions)
    ]
    return table("Decisions", ("When (UTC)", "Who", "What", "Detail"), rows)


def _detail(detail: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value or 'cleared'}" for name, value in detail.items())
