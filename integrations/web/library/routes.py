"""The library's addresses."""

import asyncio
import re
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from integrations.web.api.own import TheOwn
from integrations.web.library.document_page import document_page, missing_page
from integrations.web.library.index_page import index_page, search_page
from integrations.web.library.quoted import clamped
from integrations.web.library.searching import LONGEST_QUERY, search
from integrations.web.library.words import Words
from integrations.web.shell import Shell, TheShell
from integrations.web.state import TheDesk
from knowledge.jurisdictions import JURISDICTIONS

router = APIRouter()


@router.get("/library", include_in_schema=False)
async def index(
    shell: TheShell, desk: TheDesk, own: TheOwn, country: str | None = None, q: str | None = None
) -> HTMLResponse:
    words, audiences = _words(shell), shell.asker.reader().audiences
    query = " ".join((q or "")[:LONGEST_QUERY].split())
    if query:
        own.pace()
        return search_page(words, query, await asyncio.to_thread(search, desk.base, query, audiences))
    sources = await asyncio.to_thread(desk.base.catalogue.sources, audiences)
    return index_page(words, sources, country if country in JURISDICTIONS else None)


@router.get("/library/{document_id:path}", include_in_schema=False)
async def document(request: Request, document_id: str, shell: TheShell, desk: TheDesk) -> HTMLResponse:
    """Numbers in the address that are none are as if they were not there: who follows a link reads the document."""
    words, audiences = _words(shell), shell.asker.reader().audiences
    version = _number(request, "version") or None
    found = await asyncio.to_thread(desk.base.catalogue.document, document_id, audiences, version)
    if found is None:
        return missing_page(words)
    newest = await asyncio.to_thread(desk.base.catalogue.newest, document_id, audiences)
    # A brief leads to the publications it rests on; its own file tells a reader nothing more.
    has_original = found.source.subject is None and await asyncio.to_thread(desk.base.has_original, found)
    quote = clamped(found.text, _number(request, "from"), _number(request, "to"))
    return document_page(words, found, newest, quote, has_original=has_original)


def _words(shell: Shell) -> Words:
    return Words(shell, datetime.now(UTC).date())


def _number(request: Request, name: str) -> int | None:
    given = request.query_params.get(name, "")
    return int(given) if re.fullmatch("[0-9]{1,9}", given) else None
