"""The page itself, and the files it is made of."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

STATIC = Path(__file__).parents[1] / "static"
router = APIRouter()


@router.get("/", include_in_schema=False)
async def page() -> FileResponse:
    return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


@router.get("/favicon.ico", include_in_schema=False, status_code=204)
async def favicon() -> None:
    """There is none; a 404 would stand in every reader's console."""


def static_files() -> StaticFiles:
    return StaticFiles(directory=STATIC)
