"""Installing the desk in further workspaces: to Slack with a state that is good for one use, back with a bot token."""

import asyncio
import hmac
import logging
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from slack_sdk.errors import SlackApiError

from integrations.slack.installations import STATE_SECONDS, Installation
from integrations.slack.manifest import wanted
from integrations.slack.workspaces import code_of

if TYPE_CHECKING:
    from integrations.slack.running import SlackOverHttp

_AUTHORIZE = "https://slack.com/oauth/v2/authorize"
_COOKIE = "__Host-migdesk-slack-state"
_log = logging.getLogger("migdesk.slack")


def oauth_router(slack: "SlackOverHttp") -> APIRouter:
    """``GET /slack/install`` and ``GET /slack/oauth_redirect``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/slack/install")
    async def install() -> Response:
        if (installations := slack.installations) is None:
            return _page(503, "The desk is starting. Please try again in a moment.")
        state = await asyncio.to_thread(installations.new_state)
        query = {"client_id": slack.settings.client_id, "scope": ",".join(sorted(wanted().scopes)), "state": state}
        response = RedirectResponse(f"{_AUTHORIZE}?{urlencode(query)}", 302)
        # The browser that comes back must be the one that went: nobody is led into finishing another's installation.
        response.set_cookie(_COOKIE, state, int(STATE_SECONDS), path="/", secure=True, httponly=True, samesite="lax")
        return response

    @router.get("/slack/oauth_redirect")
    async def redirected(request: Request, code: str = "", state: str = "", error: str = "") -> Response:
        if (installations := slack.installations) is None or (service := slack.service) is None:
            return _page(503, "The desk is starting. Please try again in a moment.")
        expected = request.cookies.get(_COOKIE, "")
        is_same = bool(state) and hmac.compare_digest(expected.encode(), state.encode())
        if not (is_same and await asyncio.to_thread(installations.use_state, state)):
            return _page(401, "This link is not valid any more. Please begin the installation again.")
        if error or not code:
            return _page(400, "The installation was not finished. Please begin it again.")
        client_secret = slack.settings.client_secret
        assert client_secret is not None
        try:
            # In the body: the client's own method uses what its HTTP library is about to drop.
            secrets = {"client_id": slack.settings.client_id, "client_secret": client_secret.get_secret_value()}
            client = service.parts.workspaces.client()
            granted = await client.api_call("oauth.v2.access", data={**secrets, "code": code})
        except SlackApiError as refusal:
            _log.error("an installation was refused: %s", code_of(refusal))
            return _page(502, "Slack did not finish the installation. Please begin it again.")
        token = str(granted.get("access_token") or "")
        installation = _installation(granted.data if isinstance(granted.data, Mapping) else {})
        if granted.get("token_type") != "bot" or not token or not installation.team:
            return _page(502, "Slack gave no bot token. Please check the scopes of the app.")
        await asyncio.to_thread(installations.save, installation, token)
        service.parts.workspaces.renew(installation.team)
        _log.info("the desk was installed in %s", installation.team)
        return _page(200, f"The desk is installed in {installation.name}. You can close this page and write to it.")

    return router


def _installation(granted: Mapping[str, object]) -> Installation:
    team, enterprise = granted.get("team"), granted.get("enterprise")
    place = enterprise if granted.get("is_enterprise_install") else team
    place = place if isinstance(place, Mapping) else {}
    scopes = tuple(str(granted.get("scope") or "").split(","))
    return Installation(str(place.get("id") or ""), str(place.get("name") or "the workspace"), scopes)


def _page(status: int, words: str) -> HTMLResponse:
    body = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Migration Desk</title><p>{escape(words)}</p></html>"
    )
    return HTMLResponse(body, status, headers={"Cache-Control": "no-store"})
