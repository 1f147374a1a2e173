"""The page on which questions are asked, and the files that all pages are made of."""

import asyncio
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

from integrations.web.desk import live
from integrations.web.desk.start import start_page
from integrations.web.shell import TheShell, page
from integrations.web.state import TheDesk

STATIC = Path(__file__).parents[1] / "static"
router = APIRouter()


@router.get("/", include_in_schema=False)
async def start(shell: TheShell, desk: TheDesk) -> HTMLResponse:
    library = await asyncio.to_thread(desk.base.catalogue.sources, shell.asker.reader().audiences)
    return page(
        shell,
        title=shell.text("page.name"),
        body=start_page(shell, library),
        scripts=live.SCRIPTS,
        styles=live.STYLES,
        data=live.data(shell, translates=desk.model_name is not None),
    )


@router.get("/favicon.ico", include_in_schema=False, status_code=204)
async def favicon() -> None:
    """There is none; a 404 would stand in every reader's console."""


def static_files() -> GZipMiddleware:
    """Compressed where the browser takes that: they hold no secret. Pages and streams are not."""
    return GZipMiddleware(StaticFiles(directory=STATIC), minimum_size=500)
