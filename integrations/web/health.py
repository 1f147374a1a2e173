"""Whether the desk is alive, and whether it can answer."""

import asyncio

from fastapi import APIRouter, Request

from integrations.web.errors import ApiError
from integrations.web.state import TheDesk
from integrations.wire import ErrorOut

router = APIRouter()


@router.get("/healthz", summary="The process answers")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="Questions can be answered", responses={503: {"model": ErrorOut}})
async def readyz(request: Request, desk: TheDesk) -> dict[str, str]:
    if not request.app.state.ready:
        raise ApiError(503, "starting", "The desk is starting.", retry=2)
    await asyncio.to_thread(desk.base.catalogue.setting, "fingerprint")
    return {"status": "ready"}
