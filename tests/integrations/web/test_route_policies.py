"""Who may come in where: every address has a policy, and everybody gets at every address what it says.

Whoever adds an address adds a line to POLICIES.
"""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route

from assistant.conversations.store import open_conversations
from integrations.accounts.store import Accounts
from integrations.server import create_app
from integrations.slack.running import SlackOverHttp
from integrations.slack.settings import SlackSettings
from integrations.web.entry.provider import Provider
from integrations.web.entry.settings import SignInSettings
from integrations.web.identity import anyone_of, asker_of, operator_of
from tests.integrations.conftest import DeskOn
from tests.integrations.servers import unhurried
from tests.integrations.web.askers import TERMINAL, Headers, account, with_key, with_session, with_visit

# Nobody has to be known: whether the desk lives, the page's own files.
OPEN = "open"
# Slack signs what it sends: tests/integrations/slack holds that.
SIGNED_BY_SLACK = "signed by Slack"
# Whoever it is may come, and is known where they are: signing in, reading what is kept of one.
ANYONE = "anyone"
# Somebody who may ask, or read.
ASKER = "asker"
# For everybody else there is nothing here.
OPERATOR = "operator"

POLICIES: dict[str, str] = {
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /favicon.ico": OPEN,
    "mounted /static": OPEN,
    "POST /slack/events": SIGNED_BY_SLACK,
    "GET /slack/install": OPEN,
    "GET /slack/oauth_redirect": OPEN,
    "GET /openapi.json": ASKER,
    "GET /": ASKER,
    "GET /library": ASKER,
    "GET /library/{document_id:path}": ASKER,
    "GET /conversations/{conversation_id}": ASKER,
    "GET /conversations/{conversation_id}/erase": ASKER,
    "GET /history": ASKER,
    "GET /history/erase": ASKER,
    "GET /shared/{secret}": ASKER,
    "GET /shared/{secret}/briefing.docx": ASKER,
    "GET /shared/{secret}/briefing.pdf": ASKER,
    "POST /answers/{answer_id}/feedback": ASKER,
    "POST /answers/{answer_id}/person": ASKER,
    "POST /answers/{answer_id}/share": ASKER,
    "POST /answers/{answer_id}/unshare": ASKER,
    "GET /ask": ASKER,
    "POST /ask": ASKER,
    "POST /conversations/{conversation_id}/erase": ASKER,
    "POST /history/erase": ASKER,
    "GET /sign-in": ANYONE,
    "POST /sign-in": ANYONE,
    "GET /sign-in/oidc": ANYONE,
    "GET /sign-in/oidc/return": ANYONE,
    "GET /invitation/{secret}": ANYONE,
    "POST /invitation/{secret}": ANYONE,
    "POST /sign-out": ANYONE,
    "GET /privacy": ANYONE,
    "POST /privacy/erase": ASKER,
    "POST /api/v1/chat": ASKER,
    "POST /api/v1/ask": ASKER,
    "GET /api/v1/me": ASKER,
    "DELETE /api/v1/me/questions": ASKER,
    "GET /api/v1/conversations": ASKER,
    "GET /api/v1/conversations/{conversation_id}": ASKER,
    "DELETE /api/v1/conversations/{conversation_id}": ASKER,
    "GET /api/v1/answers/{answer_id}": ASKER,
    "GET /api/v1/answers/{answer_id}/briefing.docx": ASKER,
    "GET /api/v1/answers/{answer_id}/briefing.pdf": ASKER,
    "PUT /api/v1/answers/{answer_id}/feedback": ASKER,
    "POST /api/v1/answers/{answer_id}/escalation": ASKER,
    "GET /api/v1/answers/{answer_id}/escalation": ASKER,
    "POST /api/v1/answers/{answer_id}/share": ASKER,
    "DELETE /api/v1/answers/{answer_id}/share": ASKER,
    "POST /api/v1/answers/{answer_id}/translation": ASKER,
    "GET /api/v1/documents/{document_id:path}": ASKER,
    "GET /api/v1/originals/{document_id:path}": ASKER,
    "GET /api/v1/library": ASKER,
    "POST /api/chat": ASKER,
    "POST /api/ask": ASKER,
    "GET /api/documents/{document_id:path}": ASKER,
    "GET /api/originals/{document_id:path}": ASKER,
    "GET /api/library": ASKER,
    "GET /v1/models": ASKER,
    "GET /v1/models/{model}": ASKER,
    "POST /v1/chat/completions": ASKER,
    "GET /admin": OPERATOR,
    "GET /admin/audit": OPERATOR,
    "GET /admin/document": OPERATOR,
    "GET /admin/document/original": OPERATOR,
    "GET /admin/documents": OPERATOR,
    "GET /admin/documents/upload": OPERATOR,
    "GET /admin/escalations": OPERATOR,
    "GET /admin/feedback": OPERATOR,
    "GET /admin/gaps": OPERATOR,
    "GET /admin/keys": OPERATOR,
    "GET /admin/people": OPERATOR,
    "GET /admin/switch": OPERATOR,
    "POST /admin/document/date": OPERATOR,
    "POST /admin/document/reinstate": OPERATOR,
    "POST /admin/document/relabel": OPERATOR,
    "POST /admin/document/supersede": OPERATOR,
    "POST /admin/document/withdraw": OPERATOR,
    "POST /admin/documents/upload": OPERATOR,
    "POST /admin/escalations/claim": OPERATOR,
    "POST /admin/escalations/reply": OPERATOR,
    "POST /admin/feedback/draft": OPERATOR,
    "POST /admin/feedback/handled": OPERATOR,
    "POST /admin/feedback/open": OPERATOR,
    "POST /admin/gaps/again": OPERATOR,
    "POST /admin/gaps/aside": OPERATOR,
    "POST /admin/gaps/unwatch": OPERATOR,
    "POST /admin/gaps/watch": OPERATOR,
    "POST /admin/keys": OPERATOR,
    "POST /admin/keys/revoke": OPERATOR,
    "POST /admin/people/delegations": OPERATOR,
    "POST /admin/people/delegations/close": OPERATOR,
    "POST /admin/people/delegations/reopen": OPERATOR,
    "POST /admin/people/disable": OPERATOR,
    "POST /admin/people/enable": OPERATOR,
    "POST /admin/people/erase": OPERATOR,
    "POST /admin/people/invitations": OPERATOR,
    "POST /admin/people/invitations/withdraw": OPERATOR,
    "POST /admin/people/link": OPERATOR,
    "POST /admin/people/remove": OPERATOR,
    "POST /admin/people/sign-out": OPERATOR,
    "POST /admin/switch/close": OPERATOR,
    "POST /admin/switch/open": OPERATOR,
    "POST /admin/texts/hide": OPERATOR,
    "POST /admin/texts/show": OPERATOR,
}
# Which dependency makes a policy true; OPEN has none of them.
KEPT_BY = {ANYONE: anyone_of, ASKER: asker_of, OPERATOR: operator_of}
SITE = "http://desk"
ON_SLACK: dict[str, Any] = {
    "signing_secret": "s" * 32,
    "client_id": "1.2",
    "client_secret": "c" * 32,
    "encryption_key": Fernet.generate_key().decode(),
}
IN, SIGN_IN, NO_SCOPE, NOTHING = "in", "sign in", "scope", "nothing here"


def routes(application: FastAPI) -> Iterator[tuple[str, Any]]:
    """Each address as ``METHOD path`` with its route; what is no plain route stands for itself, so that nothing slips
    by."""
    pending: list[tuple[str, BaseRoute]] = [("", route) for route in application.routes]
    while pending:
        prefix, route = pending.pop()
        if hasattr(route, "original_router"):  # FastAPI keeps an included router as it is
            inner: Any = route
            pending += [(prefix + inner.include_context.prefix, each) for each in inner.original_router.routes]
        elif isinstance(route, Mount):
            yield f"mounted {prefix}{route.path}", route
        elif isinstance(route, Route):
            yield from ((f"{method} {prefix}{route.path}", route) for method in route.methods or () if method != "HEAD")
        else:
            yield repr(route), route


def dependencies(dependant: Any) -> Iterator[object]:
    for each in dependant.dependencies:
        yield each.call
        yield from dependencies(each)


def expected(policy: str, asker: str, method: str, *, is_public: bool) -> str:
    """What one of ASKERS gets where the policy holds."""
    is_safe = method == "GET"
    if policy in (OPEN, ANYONE):
        return IN
    if policy == SIGNED_BY_SLACK:
        return SIGN_IN
    if policy == OPERATOR:
        return IN if asker == "operator" or (asker == "key: admin" and is_safe) else NOTHING
    if asker in ("nobody", "visitor"):
        return IN if is_public else SIGN_IN
    if asker in GONE:
        return SIGN_IN
    return NO_SCOPE if asker in ("key: read", "key: admin") and not is_safe else IN


GONE = ("signed out", "disabled", "delegation closed", "removed", "key: revoked", "key: delegation closed", "key: none")
ASKERS = (
    *("nobody", "visitor", "partner of Nepal", "partner of Ghana", "staff", "operator"),
    *("key: ask", "key: read", "key: admin"),
    *GONE,
)


def headers_of(accounts: Accounts) -> dict[str, Headers]:
    """What each of ASKERS sends."""
    signed_out = accounts.open_session(account(accounts, "staff").id)
    accounts.end_session(signed_out)
    gone = {name: account(accounts, f"partner:{name[:3]}") for name in ("disabled", "closed", "removed")}
    sessions = {name: accounts.open_session(one.id) for name, one in gone.items()}
    keys = {scope: accounts.make_key("A program", "staff", [scope], TERMINAL)[1] for scope in ("ask", "read", "admin")}
    revoked, no_longer = accounts.make_key("A program", "staff", ["ask", "read"], TERMINAL)
    _, of_closed = accounts.make_key("A program", "partner:clo", ["ask", "read"], TERMINAL)
    accounts.revoke_key(revoked.id, TERMINAL)
    accounts.disable(gone["disabled"].id, TERMINAL)
    accounts.remove(gone["removed"].id, TERMINAL)
    accounts.close_delegation("clo", TERMINAL)

    def of(audience: str, *, is_operator: bool = False) -> Headers:
        secret = accounts.open_session(account(accounts, audience, is_operator=is_operator).id)
        return with_session(secret, SITE)

    return {
        "nobody": {},
        "visitor": with_visit("v" * 43, SITE),
        "partner of Nepal": of("partner:nepal"),
        "partner of Ghana": of("partner:ghana"),
        "staff": of("staff"),
        "operator": of("staff", is_operator=True),
        **{f"key: {scope}": with_key(secret) for scope, secret in keys.items()},
        "signed out": with_session(signed_out, SITE),
        "disabled": with_session(sessions["disabled"], SITE),
        "delegation closed": with_session(sessions["closed"], SITE),
        "removed": with_session(sessions["removed"], SITE),
        "key: revoked": with_key(no_longer),
        "key: delegation closed": with_key(of_closed),
        "key: none": with_key("key_" + "x" * 43),
    }


def verdict(response: httpx.Response, nothing: httpx.Response) -> str:
    location = response.headers.get("location", "")
    if response.status_code == 401 or (response.status_code == 303 and re.match(r"/sign-in($|\?)", location)):
        return SIGN_IN if "out=1" not in location else IN
    if response.status_code == 403 and b'"scope"' in response.content:
        return NO_SCOPE
    return NOTHING if told(response) == told(nothing) else IN


def told(response: httpx.Response) -> tuple[int, bytes, list[str]]:
    return response.status_code, response.content, sorted(response.headers)


@pytest.fixture
def application(small_copy: Path, desk_on: DeskOn, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    """The whole of it, with everything that can be switched on."""
    issuer = SignInSettings(issuer="http://127.0.0.1:9", client_id="desk", client_secret="secret", staff_domains="a.b")  # type: ignore[arg-type]
    desk, conversations = desk_on(small_copy), open_conversations(tmp_path)
    slack = SlackOverHttp(desk, conversations, SlackSettings(**ON_SLACK))
    yield create_app(desk, unhurried(public=request.param), conversations, slack, Provider(issuer, SITE))
    conversations.close()
    desk.base.close()


@pytest.mark.parametrize("application", [True], indirect=True)
def test_every_address_has_a_policy_and_the_dependency_that_keeps_it(application: FastAPI) -> None:
    found = dict(routes(application))
    new, gone = sorted(set(found) - set(POLICIES)), sorted(set(POLICIES) - set(found))
    assert not new, "add a line to POLICIES for each of\n" + "\n".join(new)
    assert not gone, "take out of POLICIES the lines of\n" + "\n".join(gone)
    for address, policy in POLICIES.items():
        if address.startswith("mounted "):
            continue
        used = set(dependencies(found[address].dependant))
        kept_by = KEPT_BY.get(policy)
        assert kept_by is None or kept_by in used, f"{address}: {policy}"
        assert kept_by is not None or not used & set(KEPT_BY.values()), f"{address} is not {policy}"
        if policy == OPERATOR:
            # Who is no operator is told so before anything else is looked at.
            order = [call for call in dependencies(found[address].dependant) if call in (asker_of, operator_of)]
            assert order[0] is operator_of, address


@pytest.mark.parametrize("application", [True, False], indirect=True, ids=["public", "not public"])
async def test_everybody_gets_at_every_address_what_its_policy_says(application: FastAPI) -> None:
    is_public = application.state.settings.public
    accounts: Accounts = application.state.accounts
    wrong: list[str] = []
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url=SITE, timeout=30) as client:
        askers = await asyncio.to_thread(headers_of, accounts)
        assert set(askers) == set(ASKERS)
        for address, policy in POLICIES.items():
            method, _, path = address.partition(" ")
            if method == "mounted":
                method, path = "GET", f"{path}/style.css"
            filled = re.sub(r"\{[^}]+\}", "0" * 32, path)
            for asker, headers in askers.items():
                if address in ENDS_SESSIONS and asker not in ("nobody", "visitor"):
                    continue
                nothing = await client.request(method, f"/{'x' * len(filled)}", headers=headers)
                response = await client.request(method, filled, headers=headers)
                got, wanted = verdict(response, nothing), expected(policy, asker, method, is_public=is_public)
                # Of what is named in the address there is none: for who may come in that looks like nothing.
                is_none_of_it = got == NOTHING and wanted == IN and "{" in path
                if got != wanted and not is_none_of_it:
                    wrong.append(f"{address}: {asker} gets {got} ({response.status_code}), not {wanted}")
    assert not wrong, "\n".join(wrong)


ENDS_SESSIONS = {"POST /sign-out"}


@pytest.mark.parametrize("application", [True], indirect=True)
async def test_no_other_site_changes_anything_for_anybody(application: FastAPI) -> None:
    """Not with a session, nor with a visitor's cookie; and no form of theirs signs anybody in."""
    accounts: Accounts = application.state.accounts
    transport = httpx.ASGITransport(application)
    unsafe = [address.split(" ") for address in POLICIES if not address.startswith(("GET ", "mounted "))]
    assert len(unsafe) > 20
    async with httpx.AsyncClient(transport=transport, base_url=SITE, timeout=30) as client:
        askers = await asyncio.to_thread(headers_of, accounts)
        for method, path in unsafe:
            for asker in ("visitor", "partner of Nepal", "operator", "nobody"):
                if asker == "nobody" and path.startswith(("/api/", "/v1/", "/slack/")):
                    continue  # no cookie, and no form of a page can send what is taken there
                for forged in ({"Origin": "https://elsewhere"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
                    response = await client.request(method, path, headers={**askers[asker], **forged})
                    assert response.status_code == 403, f"{method} {path} by {asker}, {forged}"
                    assert response.json()["error"]["code"] == "other_site"
