"""The ASGI application: the web surface over one desk."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext

from fastapi import FastAPI

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from integrations.accounts.store import open_accounts
from integrations.asking.answering import Asking
from integrations.erasing import erasing_daily
from integrations.openai_api import routes as openai_api
from integrations.operators.store import open_operators
from integrations.settings import ServerSettings
from integrations.slack.http import events_router
from integrations.slack.oauth import oauth_router
from integrations.slack.running import SlackOverHttp
from integrations.watching import Watcher, watching
from integrations.web import description, errors, health
from integrations.web.admin import routes as admin
from integrations.web.admin.hiding import Hidden
from integrations.web.admin.meanings import Meanings
from integrations.web.admin.uploading import MOST_SENT, PATH
from integrations.web.allowances import Allowances
from integrations.web.answers import routes as answers
from integrations.web.api import routes as api
from integrations.web.desk import routes as desk_page
from integrations.web.entry import routes as entry
from integrations.web.entry.failures import error_page
from integrations.web.entry.provider import Provider
from integrations.web.gate import Gate
from integrations.web.headers import SecurityHeaders
from integrations.web.heads import Heads
from integrations.web.library import routes as library
from integrations.web.origins import SameOrigin

_MAX_BODY = 256 * 1024


def create_app(
    desk: Desk,
    settings: ServerSettings,
    conversations: Conversations,
    slack: SlackOverHttp | None = None,
    provider: Provider | None = None,
) -> FastAPI:
    """An application that answers with this desk and remembers in ``conversations``, on Slack too where that is given;
    ``provider`` signs staff in. It closes desk and conversations when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        await asyncio.to_thread(desk.warm_up)
        app.state.ready = True
        try:
            on_slack = slack.running() if slack is not None else nullcontext()
            async with erasing_daily(conversations), watching(watcher), on_slack:
                yield
        finally:
            app.state.asking.close()
            conversations.close()
            desk.base.close()

    app = FastAPI(
        title="Migration Desk",
        version="1",
        summary="Answers about regional migration policy in the Western Balkans, only from documents, with citations.",
        lifespan=lifespan,
        # The interactive pages load their scripts from elsewhere; the description itself has an address of ours.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.desk, app.state.conversations, app.state.settings = desk, conversations, settings
    app.state.accounts, app.state.ready = open_accounts(conversations.engine), False
    app.state.asking = Asking(desk, conversations)
    app.state.gate = Gate(settings.concurrent_answers, settings.waiting_answers)
    app.state.allowances, app.state.provider = Allowances(settings), provider
    operators = app.state.operators = open_operators(conversations.engine)
    watches = app.state.watches = operators.watches
    watcher = app.state.watcher = Watcher(desk, conversations, app.state.accounts, watches, settings.public)
    app.state.meanings = Meanings(desk.base.embedder)
    errors.install(app, error_page)
    app.add_middleware(Hidden, most=_MAX_BODY)
    app.add_middleware(SameOrigin, public_url=settings.public_url)
    app.add_middleware(errors.LastResort, most=_MAX_BODY, longer={PATH: MOST_SENT})
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Heads)
    app.include_router(api.router, prefix="/api/v1")
    app.include_router(openai_api.router, prefix="/v1")
    # The addresses of before there were versions.
    app.include_router(api.unversioned, prefix="/api", include_in_schema=False)
    for part in (health, description, entry, desk_page, answers, library, admin):
        app.include_router(part.router)
    if slack is not None:
        app.include_router(events_router(slack))
        if slack.settings.serves_many:
            app.include_router(oauth_router(slack))
    app.mount("/static", desk_page.static_files(), name="static")
    return app
