"""The ASGI application: the web surface over one desk."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext

from fastapi import FastAPI

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from assistant.language import language_of
from integrations.erasing import erasing_daily
from integrations.settings import ServerSettings
from integrations.slack.http import events_router
from integrations.slack.oauth import oauth_router
from integrations.slack.running import SlackOverHttp
from integrations.web import errors, health
from integrations.web.api import asking, documents, topics
from integrations.web.desk import routes as desk_page
from integrations.web.headers import SecurityHeaders
from integrations.web.library import routes as library
from integrations.web.limits import Gate
from knowledge.audiences import PUBLIC
from knowledge.types import Scope

_MAX_BODY = 256 * 1024


def create_app(
    desk: Desk, settings: ServerSettings, conversations: Conversations, slack: SlackOverHttp | None = None
) -> FastAPI:
    """An application that answers with this desk and remembers in ``conversations``, on Slack too where that is given.
    It closes both when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        await asyncio.to_thread(_warm, desk)
        app.state.ready = True
        try:
            async with erasing_daily(conversations), slack.running() if slack is not None else nullcontext():
                yield
        finally:
            conversations.close()
            desk.base.close()

    app = FastAPI(
        title="Migration Desk",
        version="1",
        summary="Answers about regional migration policy in the Western Balkans, only from documents, with citations.",
        lifespan=lifespan,
        # The interactive pages load their scripts from elsewhere; the description itself stays.
        docs_url=None,
        redoc_url=None,
    )
    app.state.desk, app.state.conversations, app.state.settings = desk, conversations, settings
    app.state.gate, app.state.ready = Gate(settings.concurrent_answers), False
    errors.install(app)
    app.add_middleware(errors.LastResort, most=_MAX_BODY)
    app.add_middleware(SecurityHeaders)
    for router in (asking.router, documents.router, topics.router):
        app.include_router(router, prefix="/api/v1")
        # The addresses of before there were versions.
        app.include_router(router, prefix="/api", include_in_schema=False)
    for router in (health.router, desk_page.router, library.router):
        app.include_router(router)
    if slack is not None:
        app.include_router(events_router(slack))
        if slack.settings.serves_many:
            app.include_router(oauth_router(slack))
    app.mount("/static", desk_page.static_files(), name="static")
    return app


def _warm(desk: Desk) -> None:
    """Loads embedder, index and language identification, so that the first reader does not wait for them."""
    desk.base.searcher.search("readmission", Scope(frozenset({PUBLIC})), 1)
    language_of("upitnik o readmisiji")
