"""An answer of one's own as a note to be taken along."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Literal

from fastapi import APIRouter, Response

from assistant.briefing import briefing_docx, briefing_pdf
from assistant.conversations.types import Kept
from assistant.errors import NoFont
from integrations.web.api.answers import Identifier, whole
from integrations.web.api.failing import reading
from integrations.web.api.own import TheOwn
from integrations.web.errors import ApiError

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PDF = "application/pdf"
# Setting a page costs a core for its time.
_threads = ThreadPoolExecutor(2, thread_name_prefix="briefing")
router = APIRouter(tags=["answers"])


def _file(media_type: str) -> dict[int | str, dict[str, Any]]:
    schema = {"type": "string", "format": "binary"}
    return {200: {"description": "The file, as a download.", "content": {media_type: {"schema": schema}}}}


@router.get(
    "/answers/{answer_id}/briefing.docx",
    response_class=Response,
    responses={**_file(_DOCX), **reading(404, 429)},
    summary="An answer as a note for a word processor",
)
async def docx(answer_id: Identifier, own: TheOwn) -> Response:
    own.pace()
    return await note(await whole(own, answer_id), "docx")


@router.get(
    "/answers/{answer_id}/briefing.pdf",
    response_class=Response,
    responses={**_file(_PDF), **reading(404, 409, 429)},
    summary="An answer as a note to print",
)
async def pdf(answer_id: Identifier, own: TheOwn) -> Response:
    own.pace()
    return await note(await whole(own, answer_id), "pdf")


async def note(kept: Kept, kind: Literal["docx", "pdf"]) -> Response:
    """The file, of an answer that its reader may see. Raises ApiError for writing that no font can set."""
    answer, asked = kept.answer, kept.asked_at.date()
    if answer is None or kept.question is None:
        raise AssertionError("an answer that may be shown has words")
    as_of = date.fromisoformat(answer.as_of) if answer.as_of else asked
    make = briefing_docx if kind == "docx" else briefing_pdf
    made = datetime.now(UTC).replace(microsecond=0)
    making = partial(make, kept.question, answer, as_of=as_of, made=made)
    try:
        file = await asyncio.get_running_loop().run_in_executor(_threads, making)
    except NoFont as error:
        raise ApiError(409, "no_font", str(error)) from error
    headers = {"Content-Disposition": f'attachment; filename="briefing-{asked.isoformat()}.{kind}"'}
    return Response(file, media_type=_DOCX if kind == "docx" else _PDF, headers=headers)
