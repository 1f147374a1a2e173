"""The ASGI application: the web surface over one desk."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext

from fastapi import FastAPI

from assistant.desk import Desk
from assistant.language import language_of
from integrations.settings import ServerSettings
from integrations.slack.http import events_router
from integrations.slack.oauth import oauth_router
from integrations.slack.running import SlackOverHttp
from integrations.web import documents, errors, library
from integrations.web.headers import SecurityHeaders
from integrations.web.routes import Gate, router, static_files
from knowledge.audiences import PUBLIC
from knowledge.types import Scope

_MAX_BODY = 256 * 1024


def create_app(desk: Desk, settings: ServerSettings, slack: SlackOverHttp | None = None) -> FastAPI:
    """An application that answers with this desk, on Slack too where that is given, and closes it when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        await asyncio.to_thread(_warm, desk)
        app.state.ready = True
        try:
            async with slack.running() if slack is not None else nullcontext():
                yield
        finally:
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
    app.state.desk, app.state.gate, app.state.ready = desk, Gate(settings.concurrent_answers), False
    errors.install(app)
    app.add_middleware(errors.LastResort, most=_MAX_BODY)
    app.add_middleware(SecurityHeaders)
    app.include_router(router)
    app.include_router(documents.router)
    app.include_router(library.router)
    if slack is not None:
        app.include_router(events_router(slack))
        if slack.settings.serves_many:
            app.include_router(oauth_router(slack))
    app.mount("/static", static_files(), name="static")
    return app


def _warm(desk: Desk) -> None:
    """Loads embedder, index and language identification, so that the first reader does not wait for them."""
    desk.base.searcher.search("readmission", Scope(frozenset({PUBLIC})), 1)
    language_of("upitnik o readmisiji")
