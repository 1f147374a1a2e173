"""What questions can be answered from."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from integrations.web.api.failing import reading
from integrations.web.identity import TheAsker
from integrations.web.state import TheDesk
from integrations.wire import TopicOut

router = APIRouter(tags=["documents"])


@router.get(
    "/library",
    summary="The topics that questions can be answered from",
    responses=reading(),
)
async def topics(
    desk: TheDesk,
    asker: TheAsker,
    country: Annotated[str | None, Query(pattern="^[A-Z]{2}$", description="Only topics that speak of it.")] = None,
) -> list[TopicOut]:
    today = datetime.now(UTC).date()
    sources = await asyncio.to_thread(desk.base.catalogue.sources, asker.reader().audiences)
    listed = [TopicOut.of(source, today) for source in sources]
    return [topic for topic in listed if country is None or country in topic.jurisdictions]
