"""The library's pages."""

import asyncio
import re
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from integrations.web.identity import TheAsker
from integrations.web.library.pages import document_page, index_page, missing_page
from integrations.web.state import TheDesk
from knowledge.jurisdictions import JURISDICTIONS

router = APIRouter()


def _today() -> date:
    return datetime.now(UTC).date()


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")


@router.get("/library", include_in_schema=False)
async def index(request: Request, desk: TheDesk, asker: TheAsker, country: str | None = None) -> HTMLResponse:
    sources = await asyncio.to_thread(desk.base.catalogue.sources, asker.reader().audiences)
    chosen = country if country in JURISDICTIONS else None
    return HTMLResponse(index_page(sources, chosen, _today(), _root(request)), headers={"Cache-Control": "no-cache"})


@router.get("/library/{document_id:path}", include_in_schema=False)
async def document(
    request: Request, document_id: str, desk: TheDesk, asker: TheAsker, version: Annotated[str | None, Query()] = None
) -> HTMLResponse:
    wanted = int(version) if version is not None and re.fullmatch("[1-9][0-9]{0,5}", version) else None
    audiences = asker.reader().audiences
    found = await asyncio.to_thread(desk.base.catalogue.document, document_id, audiences, wanted)
    root = _root(request)
    headers = {"Cache-Control": "no-cache"}
    if found is None:
        return HTMLResponse(missing_page(root), status_code=404, headers=headers)
    newest = await asyncio.to_thread(desk.base.catalogue.newest, document_id, audiences)
    # A brief leads to the publications it rests on; its own file tells a reader nothing more.
    has_original = found.source.subject is None and await asyncio.to_thread(desk.base.has_original, found)
    return HTMLResponse(document_page(found, _today(), root, newest, has_original), headers=headers)
