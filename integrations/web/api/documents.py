"""The documents behind citations: their stored text at the cited version, and the original file."""

import asyncio
import re
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Query, Response

from integrations.web.api.failing import reading
from integrations.web.errors import ApiError
from integrations.web.identity import TheAsker
from integrations.web.state import TheDesk
from integrations.wire import DocumentOut
from knowledge.types import Document

Version = Annotated[int | None, Query(ge=1, description="A version; the one in force today where left out.")]
router = APIRouter(tags=["documents"])


@router.get(
    "/documents/{document_id:path}",
    responses=reading(404),
    summary="The stored text of a document, for the place of a citation",
)
async def document(document_id: str, desk: TheDesk, asker: TheAsker, version: Version = None) -> DocumentOut:
    audiences = asker.reader().audiences
    found = await asyncio.to_thread(desk.base.catalogue.document, document_id, audiences, version)
    if found is None:
        raise ApiError(404, "not_found", "There is no such document.")
    newest = await asyncio.to_thread(desk.base.catalogue.newest, document_id, audiences)
    return DocumentOut.of(found, newest, await asyncio.to_thread(desk.base.has_original, found))


@router.get(
    "/originals/{document_id:path}",
    response_class=Response,
    responses={
        200: {
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            "description": "The file, always as a download.",
        },
        **reading(404),
    },
    summary="The original file of a document",
)
async def original(document_id: str, desk: TheDesk, asker: TheAsker, version: Version = None) -> Response:
    found = await asyncio.to_thread(desk.base.catalogue.document, document_id, asker.reader().audiences, version)
    raw = (
        await asyncio.to_thread(desk.base.originals.get, found.original)
        if found is not None and found.original is not None
        else None
    )
    if found is None or raw is None:
        raise ApiError(404, "not_found", "There is no such document.")
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(found)}"'}
    return Response(raw, media_type="application/octet-stream", headers=headers)


def _file_name(document: Document) -> str:
    """A label for the reader's disk, of letters that mean nothing to any system."""
    suffix = PurePath(document.source.origin.split("?")[0]).suffix.lower()
    stem = re.sub(r"[^A-Za-z0-9]+", "-", document.source.id.removesuffix(suffix)).strip("-")[:80] or "document"
    return f"{stem}-v{document.source.version}{suffix if re.fullmatch(r'[.][a-z0-9]{1,8}', suffix) else ''}"
