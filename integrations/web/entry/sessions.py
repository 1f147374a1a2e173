"""What a browser is given when somebody signs in, and what is taken from it when they sign out."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from integrations.accounts.store import Accounts
from integrations.web.identity import (
    SESSION_COOKIE,
    SESSION_DAYS,
    VISITOR_COOKIE,
    drop_cookie,
    looked_up,
    set_cookie,
)


async def begin(request: Request, accounts: Accounts, secret: str, address: str, days: int = SESSION_DAYS) -> Response:
    """To the address, signed in. The session of before, if there is one, has ended: what somebody put into this
    browser earlier is worth nothing now."""
    await _end(request, accounts)
    response = RedirectResponse(_root(request) + address, 303)
    set_cookie(response, SESSION_COOKIE, secret, days)
    return response


async def end(request: Request, accounts: Accounts, address: str) -> Response:
    """To the address, signed out. Nothing of theirs stays in a browser that others may use."""
    await _end(request, accounts)
    response = RedirectResponse(_root(request) + address, 303)
    for name in (SESSION_COOKIE, VISITOR_COOKIE):
        drop_cookie(response, name)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


async def _end(request: Request, accounts: Accounts) -> None:
    if (shown := request.cookies.get(SESSION_COOKIE)) is not None:
        await looked_up(accounts.end_session, shown)


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")
