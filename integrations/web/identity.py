"""Who asks: the one place that reads what a browser or a program shows of itself.

A browser shows a session or, where everybody may ask, a visitor's token, each in a cookie; a program shows a key in
Authorization. All are looked up at every request, so that what was taken away is gone at the next one.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, ParamSpec, TypeVar

from fastapi import Depends, HTTPException, Request, Response

from assistant.types import Reader
from integrations.accounts.store import Accounts
from integrations.accounts.types import SCOPES, Account, Key, Scope
from integrations.web.errors import ApiError, SignInNeeded

SESSION_COOKIE = "__Host-session"
VISITOR_COOKIE = "__Host-visitor"
SESSION_DAYS = 14
_VISITOR_DAYS = 30
_DAY_SECONDS = 24 * 3600
_VISITOR_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_ASKING: frozenset[Scope] = frozenset({"ask", "read"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Of its own: in the threads that search for answers, a look-up would wait behind them.
_threads = ThreadPoolExecutor(4, thread_name_prefix="identity")
_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Asker:
    """One who asks, with the rights of this request. ``person`` is the name under which the desk remembers them, empty
    where nobody is known. ``scopes`` is what they may do: ``ask`` includes ``read``. ``session`` marks the session that
    was shown, for what ends with it, and proves nothing."""

    person: str
    audience: str = "public"
    name: str = ""
    account_id: str | None = None
    scopes: frozenset[Scope] = _ASKING
    is_operator: bool = False
    new_token: str | None = None
    key_id: str | None = None
    session: str = ""

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def is_new_visitor(self) -> bool:
        return self.new_token is not None

    @property
    def by(self) -> str:
        """As accounts and the audit name who did something."""
        return self.person

    def reader(self, language: str | None = None) -> Reader:
        return Reader.of(self.audience, language)

    def remember_on(self, response: Response) -> None:
        """Sends a new visitor the token by which what is kept for them is theirs."""
        if self.new_token is not None:
            set_cookie(response, VISITOR_COOKIE, self.new_token, _VISITOR_DAYS)


NOBODY = Asker("", scopes=frozenset())


async def looked_up(look_up: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
    """What a short call to the accounts returns, made off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads, lambda: look_up(*arguments, **named))


def set_cookie(response: Response, name: str, value: str, days: int) -> None:
    """A cookie that no script reads, no other host sets and no other site's form sends."""
    response.set_cookie(name, value, max_age=days * _DAY_SECONDS, path="/", secure=True, httponly=True, samesite="lax")


def drop_cookie(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")


async def anyone_of(request: Request) -> Asker:
    """Whoever it is; NOBODY where that is not known. For pages for which nobody has to be known."""
    try:
        return await _identified(request)
    except SignInNeeded:
        return NOBODY


async def asker_of(request: Request) -> Asker:
    """One who may do what is asked for here. Raises SignInNeeded, and ApiError for a key without the scope."""
    asker = await _identified(request)
    if request.method in _SAFE:
        # Whoever may do more may read.
        if not asker.scopes:
            raise _without_scope("read")
    elif "ask" not in asker.scopes:
        raise _without_scope("ask")
    return asker


async def operator_of(request: Request) -> Asker:
    """An operator; for everybody else there is nothing at this address. A key with the scope ``admin`` sees what
    operators see, and changes nothing: what is changed there is answered for by a person."""
    try:
        asker = await _identified(request)
    except (SignInNeeded, ApiError):
        raise HTTPException(404) from None
    is_reading_key = asker.key_id is not None and "admin" in asker.scopes and request.method in _SAFE
    if not (asker.is_operator or is_reading_key):
        raise HTTPException(404)
    return asker


TheAsker = Annotated[Asker, Depends(asker_of)]
TheAnyone = Annotated[Asker, Depends(anyone_of)]
TheOperator = Annotated[Asker, Depends(operator_of)]


async def _identified(request: Request) -> Asker:
    """Found once a request."""
    if (known := getattr(request.state, "asker", None)) is None:
        known = request.state.asker = await _read(request)
    found: Asker = known
    return found


async def _read(request: Request) -> Asker:
    shown = request.headers.getlist("authorization")
    session = request.cookies.get(SESSION_COOKIE)
    visitor = request.cookies.get(VISITOR_COOKIE)
    if len(shown) > 1 or (shown and (session is not None or visitor is not None)):
        raise ApiError(400, "two_credentials", "Send a key or a cookie, not both, and one of it.")
    accounts: Accounts = request.app.state.accounts
    if shown:
        return await _program(accounts, shown[0])
    if session is not None:
        account = await looked_up(accounts.session, session)
        if account is None:
            # Not a visitor without a word: they would not know why what is theirs is gone.
            raise SignInNeeded("Your sign-in has ended. Please sign in again.", has_ended=True)
        return _of_account(account, session)
    if not request.app.state.settings.public:
        raise SignInNeeded("Please sign in first.")
    if visitor is not None and _VISITOR_TOKEN.fullmatch(visitor):
        return Asker(_visitor(visitor))
    made = secrets.token_urlsafe(32)
    return Asker(_visitor(made), new_token=made)


async def _program(accounts: Accounts, shown: str) -> Asker:
    scheme, _, secret = shown.partition(" ")
    if scheme.lower() != "bearer":
        raise SignInNeeded("Send the key as 'Authorization: Bearer key_…'.")
    key = await looked_up(accounts.key, secret.strip())
    if key is None:
        raise SignInNeeded("This key is not good, or no longer. Ask an operator for another.")
    return _of_key(key)


def _of_account(account: Account, session: str) -> Asker:
    scopes = frozenset(SCOPES) if account.is_operator else _ASKING
    mark = hashlib.sha256(f"mark {session}".encode()).hexdigest()
    return Asker(account.person, account.audience, account.name, account.id, scopes, account.is_operator, session=mark)


def _of_key(key: Key) -> Asker:
    return Asker(f"key:{key.id}", key.audience, key.name, scopes=key.scopes, key_id=key.id)


def _visitor(token: str) -> str:
    return f"visitor:{hashlib.sha256(token.encode()).hexdigest()[:32]}"


def _without_scope(scope: Scope) -> ApiError:
    return ApiError(403, "scope", f"This key may not do that: it lacks the scope '{scope}'.")
