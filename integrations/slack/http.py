"""Slack over HTTP: the addresses that the application serves for it, behind a check of Slack's signature.

Nothing of a request is read before its signature is: size first, then the signature over the bytes as they came.
"""

import json
import logging
from typing import Any, Protocol
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from assistant.errors import InvalidSettings
from integrations.slack.settings import SlackSettings

MOST_BYTES = 256 * 1024
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_log = logging.getLogger("migdesk.slack")


class Listening(Protocol):
    """What answers once a request is known to be Slack's; None while the application starts or ends."""

    settings: SlackSettings
    bolt: AsyncApp | None


def events_router(listening: Listening) -> APIRouter:
    """``POST /slack/events``: events, commands, buttons and windows alike. Raises InvalidSettings where a setting that
    HTTP needs is missing: without a signing secret nothing could be told from a forgery."""
    missing = listening.settings.missing_for_http()
    secret = listening.settings.signing_secret
    if missing or secret is None:
        raise InvalidSettings(f"Slack over HTTP also needs {' and '.join(missing)}. Set it, or unset the others.")
    verifier = SignatureVerifier(secret.get_secret_value())
    router = APIRouter(include_in_schema=False)

    @router.post("/slack/events")
    async def events(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        if not is_from_slack(verifier, body, request):
            _log.warning("a request to /slack/events was not signed by Slack, or too long ago")
            return Response(status_code=401)
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind not in (_JSON, _FORM):
            return Response(status_code=415)
        if (payload := payload_of(body, kind)) is None:
            # Signed, and yet nothing that could be understood.
            return Response(status_code=400)
        bolt = listening.bolt
        if bolt is None:
            return Response(status_code=503, headers={"Retry-After": "2"})
        # As from a socket: parsed already, and its signature checked.
        try:
            asked = AsyncBoltRequest(body=payload, mode="socket_mode")
        except (AttributeError, TypeError, ValueError):
            return Response(status_code=400)
        answer = await bolt.async_dispatch(asked)
        return Response(answer.body or "", answer.status, media_type=answer.first_headers().get("content-type"))

    return router


def is_from_slack(verifier: SignatureVerifier, body: bytes, request: Request) -> bool:
    """Whether Slack signed these bytes within the last five minutes."""
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    # Only ASCII digits: int() would take more, and compare_digest no other than ASCII.
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12 and signature.isascii()):
        return False
    try:
        return verifier.is_valid(body=body, timestamp=timestamp, signature=signature)
    except UnicodeDecodeError:
        return False


def payload_of(body: bytes, kind: str) -> dict[str, Any] | None:
    """What Slack says: JSON, or a form, or JSON in a form. None for anything else."""
    try:
        text = body.decode("utf-8")
        if kind == _JSON:
            payload = json.loads(text)
        else:
            fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
            payload = json.loads(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


async def _body(request: Request) -> bytes | None:
    """The bytes, or None where there are more than Slack sends."""
    whole = bytearray()
    async for chunk in request.stream():
        whole += chunk
        if len(whole) > MOST_BYTES:
            return None
    return bytes(whole)
