"""What the API says of itself, for those who may use it: whom the desk does not know learns nothing of its doors."""

from typing import Any

from fastapi import APIRouter, Request

from integrations.web.api.describing import described
from integrations.web.identity import TheAsker

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
async def description(request: Request, asker: TheAsker) -> dict[str, Any]:
    return described(request.app)
