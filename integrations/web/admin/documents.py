"""The documents: which there are, for whom, how fresh; one of them with its versions and what was decided."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, Response

from integrations.web.admin import deciding
from integrations.web.admin.document_view import document_page, file_name
from integrations.web.admin.freshness import STATES, Listed
from integrations.web.admin.office import Office, TheOffice
from integrations.web.admin.parts import (
    button,
    choice,
    cluster,
    counted,
    empty,
    entry,
    facts,
    field,
    foreign,
    lines,
    link,
    table,
    tag,
)
from integrations.web.markup import Markup, element
from knowledge.errors import UnknownDocument

router = APIRouter()
_A_PAGE = 50
_EVERY_LABEL = 100_000


@router.get("/documents")
async def documents(
    office: TheOffice,
    q: Annotated[str, Query(max_length=200)] = "",
    audience: Annotated[str, Query(max_length=60)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    page: Annotated[str, Query(max_length=6)] = "1",
) -> HTMLResponse:
    every = await office.do(lambda: _listed(office))
    wanted = q.casefold().strip()
    shown = [
        one
        for one in every
        if wanted in f"{one.info.id}\n{one.info.title}\n{one.info.origin}".casefold()
        and audience in ("", one.info.audience)
        and (not state or state in one.marks)
    ]
    number = max(1, int(page) if page.isdecimal() else 1)
    here = shown[(number - 1) * _A_PAGE : number * _A_PAGE]
    rows = [_row(office, one) for one in here]
    columns = ("Document", "Audience", "Version", "Dated", "State")
    body = [
        cluster(link(office.address("/documents/upload"), "Add a document", **{"class": "button"})),
        _search(office, q, audience, state, sorted({one.info.audience for one in every})),
        facts(f"{counted(len(shown), 'document')} of {len(every):,}."),
        table("Documents", columns, rows) if rows else empty("There is no such document."),
        _pages(office, number, len(shown), q=q, audience=audience, state=state),
    ]
    return office.page("Documents", body)


@router.get("/document")
async def document(
    office: TheOffice,
    id: Annotated[str, Query(max_length=1000)],
    done: str = "",
) -> HTMLResponse:
    return await document_page(office, id, done=deciding.DONE.get(done))


@router.get("/document/original")
async def original(
    office: TheOffice,
    id: Annotated[str, Query(max_length=1000)],
    version: Annotated[int, Query(ge=1, le=2**31 - 1)],
) -> Response:
    """The file that a version was read from, for every audience: operators decide who may see it."""
    base = office.desk.base
    try:
        found = await office.do(lambda: base.catalogue.stored(id, version))
    except UnknownDocument:
        raise HTTPException(404) from None
    digest = found.original
    raw = await office.do(lambda: base.originals.get(digest)) if digest is not None else None
    if raw is None:
        raise HTTPException(404)
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(found)}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(raw, media_type="application/octet-stream", headers=headers)


def _listed(office: Office) -> list[Listed]:
    catalogue = office.desk.base.catalogue
    infos = catalogue.history()
    labels = frozenset(info.audience for info in infos)
    review = {source.id: source.review_by for source in catalogue.sources(labels, _EVERY_LABEL)}
    today = datetime.now(UTC).date()
    return [Listed(info, review.get(info.id), today) for info in infos]


def _row(office: Office, one: Listed) -> tuple[str, ...]:
    info = one.info
    name = link(office.address("/document", id=info.id), foreign(info.title))
    names = dict(STATES)
    marks = [tag(names[mark].lower(), "warn") for mark in one.marks if mark in ("due", "old")]
    state = "" if one.state == "in force" and marks else one.state
    shown = [*([element("span", {}, state)] if state else []), *marks]
    return (
        lines(name, element("span", {"class": "facts"}, info.id)),
        info.audience,
        str(info.version),
        info.published or "undated",
        lines(*shown),
    )


def _search(office: Office, q: str, audience: str, state: str, labels: Sequence[str]) -> Markup:
    return element(
        "form",
        {"class": "sieve", "role": "search", "method": "get", "action": office.address("/documents")},
        field("q", "Title, id or origin", entry("q", "search", value=q)),
        field("audience", "Audience", choice("audience", [("", "All"), *((one, one) for one in labels)], audience)),
        field("state", "State", choice("state", STATES, state)),
        button("Show", "secondary"),
    )


def _pages(office: Office, number: int, count: int, **query: str) -> Markup:
    links = []
    if number > 1:
        links.append(link(office.address("/documents", page=str(number - 1), **query), "Earlier", rel="prev"))
    if number * _A_PAGE < count:
        links.append(link(office.address("/documents", page=str(number + 1), **query), "Later", rel="next"))
    return element("nav", {"class": "pages", "aria-label": "Pages"}, *links) if links else Markup("")
