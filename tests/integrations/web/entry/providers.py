"""Providers that sign people in: one by somebody else, as it is, and one of ours that checks what a careful provider
checks and lies where a test tells it to."""

import base64
import hashlib
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import JWSRegistry

from integrations.web.entry.settings import SignInSettings
from tests.integrations.servers import serving

CLIENT, SECRET = "desk", "a secret of the desk"
# A process of its own: what it warns of is not ours to mend.
_ELSEWHERE = """
import os, sys
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
from oidc_provider_mock import User, run_server_in_thread
users = [User(sub="asha", claims={"email": "asha@iom.example", "email_verified": True, "name": "Asha"}),
         User(sub="stranger", claims={"email": "asha@elsewhere.example", "email_verified": True})]
with run_server_in_thread(user_claims=users) as server:
    print(server.server_port, flush=True)
    sys.stdin.read()
"""


@contextmanager
def their_provider() -> Iterator[str]:
    """The issuer. People there are ``asha`` of iom.example and a ``stranger``."""
    command = [sys.executable, "-W", "ignore", "-c", _ELSEWHERE]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:
        assert process.stdout is not None and process.stdin is not None
        port = process.stdout.readline().strip()
        assert port.isdecimal(), "the provider did not start"
        try:
            yield f"http://localhost:{port}"
        finally:
            process.stdin.close()


@dataclass
class OurProvider:
    """``person`` is who signs in; the others say where it lies."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "1"})
    only_in_userinfo: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False))
    shown_key: RSAKey | None = None
    token: dict[str, Any] = field(default_factory=dict)
    sent_back: dict[str, str] = field(default_factory=dict)
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def application(self) -> FastAPI:
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        async def discovery() -> dict[str, Any]:
            self.asked.append("discovery")
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                **self.metadata,
            }

        @app.get("/keys")
        async def keys() -> dict[str, Any]:
            self.asked.append("keys")
            return {"keys": [(self.shown_key or self.key).as_dict(private=False)]}

        @app.get("/authorize")
        async def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            assert asked["client_id"] == CLIENT and asked["response_type"] == "code"
            assert "openid" in asked["scope"].split() and asked["code_challenge_method"] == "S256"
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            query = {"code": code, "state": asked["state"], **self.sent_back}
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(query)}", 303)

        @app.post("/token")
        async def token(request: Request) -> Response:
            shown = request.headers["authorization"].partition(" ")[2]
            assert base64.b64decode(shown).decode() == f"{CLIENT}:{SECRET}"
            form = dict(parse_qsl((await request.body()).decode()))
            asked = self.codes.pop(form["code"], None)
            challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if (
                asked is None
                or asked["redirect_uri"] != form["redirect_uri"]
                or asked["code_challenge"] != base64.urlsafe_b64encode(challenge).decode().rstrip("=")
            ):
                return JSONResponse({"error": "invalid_grant"}, 400)
            issued = {"access_token": "opens userinfo", "token_type": "Bearer", "id_token": self._signed(asked)}
            return JSONResponse({name: value for name, value in {**issued, **self.token}.items() if value})

        @app.get("/userinfo")
        async def userinfo(request: Request) -> dict[str, Any]:
            assert request.headers["authorization"] == "Bearer opens userinfo"
            return {**self.person, **self.only_in_userinfo}

        return app

    def _signed(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in {**said, **self.person, **self.claims}.items() if value is not None}
        header = {"alg": self.algorithm, "kid": str(self.key.kid)}
        if self.algorithm == "none":
            parts = (json.dumps(part).encode() for part in (header, claims))
            return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
        key = OctKey.import_key(SECRET) if self.algorithm == "HS256" else self.key
        return jwt.encode(header, claims, key, registry=JWSRegistry(algorithms=[self.algorithm]))


@contextmanager
def our_provider(**lies: Any) -> Iterator[OurProvider]:
    provider = OurProvider(**lies)
    with serving(provider.application()) as address:
        provider.issuer = address
        yield provider


def settings_for(issuer: str, **more: Any) -> SignInSettings:
    given: dict[str, Any] = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "staff_domains": "iom.example, unhcr.example",
    }
    return SignInSettings(issuer=issuer, **{**given, **more})
