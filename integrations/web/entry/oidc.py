"""Signing in at the organisation's own provider: the way there, and the way back."""

import hashlib
import hmac
import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from integrations.accounts.errors import AccountsError
from integrations.accounts.store import Accounts
from integrations.web.entry import sessions
from integrations.web.entry.errors import NotConfirmed, NotStaff, ProviderUnavailable, SignInFailed
from integrations.web.entry.provider import Provider, new_proofs
from integrations.web.entry.returning import way_back
from integrations.web.entry.sign_in import Next, sign_in_page
from integrations.web.entry.staff import Colleague
from integrations.web.entry.words import EntryShell, notice, words
from integrations.web.errors import ApiError
from integrations.web.identity import drop_cookie, looked_up, set_cookie
from integrations.web.limits import knocked
from integrations.web.shell import Shell
from integrations.web.state import TheAccounts, TheSettings

router = APIRouter(include_in_schema=False)
_PURPOSE = "oidc"
_COOKIE = "__Host-sign-in"
# Whoever has left the organisation is out by the next day; the others hardly notice.
_DAYS = 1
_TOLD = {
    NotStaff: "sign_in.not_staff",
    NotConfirmed: "sign_in.not_confirmed",
    ProviderUnavailable: "sign_in.no_provider",
}
_log = logging.getLogger("migdesk.entry")
Text = Annotated[str, Query(max_length=4000)]


@router.get("/sign-in/oidc", dependencies=[Depends(knocked)])
async def leave(
    request: Request, shell: EntryShell, accounts: TheAccounts, settings: TheSettings, back: Next = None
) -> Response:
    """To the provider. What is kept of it lets nobody in and is gone in minutes."""
    provider = _provider(request)
    nonce, verifier = new_proofs()
    kept = {"nonce": nonce, "verifier": verifier, "next": way_back(back)}
    state = await looked_up(accounts.put_state, _PURPOSE, kept)
    try:
        address = await provider.depart(state, nonce, verifier)
    except SignInFailed as error:
        return _failed(shell, request, error, is_public=settings.public)
    response = RedirectResponse(address, 303)
    # The browser that comes back must be the one that went: nobody is led into somebody else's sign-in.
    set_cookie(response, _COOKIE, _mark(state), 1)
    return response


@router.get("/sign-in/oidc/return", dependencies=[Depends(knocked)])
async def arrive(
    request: Request,
    shell: EntryShell,
    accounts: TheAccounts,
    settings: TheSettings,
    code: Text = "",
    state: Text = "",
    iss: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    provider = _provider(request)
    try:
        kept = await _taken(request, accounts, state)
        if not code:
            raise NotConfirmed("the provider sent no code")
        colleague = await provider.arrived(code, kept["nonce"], kept["verifier"], iss)
        secret = await looked_up(_let_in, accounts, colleague)
        response = await sessions.begin(request, accounts, secret, kept["next"], _DAYS)
    except SignInFailed as error:
        response = _failed(shell, request, error, is_public=settings.public)
    drop_cookie(response, _COOKIE)
    return response


async def _taken(request: Request, accounts: Accounts, state: str) -> dict[str, str]:
    """What was kept when this browser went; it is used up by this."""
    shown = request.cookies.get(_COOKIE, "")
    if not state or not hmac.compare_digest(shown.encode(), _mark(state).encode()):
        raise NotConfirmed("another browser comes back than the one that went")
    kept = await looked_up(accounts.take_state, _PURPOSE, state)
    if kept is None:
        raise NotConfirmed("the state is too old, or was used before")
    return kept


def _let_in(accounts: Accounts, colleague: Colleague) -> str:
    """The secret of a session of theirs."""
    try:
        account = accounts.account_for(
            colleague.issuer,
            colleague.subject,
            name=colleague.name,
            audience="staff",
            is_operator=colleague.is_operator,
        )
        return accounts.open_session(account.id, days=_DAYS)
    except AccountsError as error:
        raise NotStaff(f"the account may not be used: {type(error).__name__}") from error


def _failed(shell: Shell, request: Request, error: SignInFailed, *, is_public: bool) -> Response:
    # The message is ours and names nobody.
    _log.warning("a sign-in failed: %s: %s", type(error).__name__, error)
    told = [notice("warn", words(shell, _TOLD[type(error)]))]
    status = 503 if isinstance(error, ProviderUnavailable) else 403
    return sign_in_page(shell, request, None, told, is_public=is_public, status=status)


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise ApiError(404, "http_404", "There is nothing at this address.")
    return provider


def _mark(state: str) -> str:
    """Not the state itself, which stands in an address."""
    return hashlib.sha256(state.encode()).hexdigest()
