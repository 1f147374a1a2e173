"""The provider that signs staff in, by OpenID Connect: where to send them, and who came back.

Authorization code with PKCE (S256), state and nonce. What the provider says of itself is believed only of the issuer
that the operator named, over TLS; what it says of a person only where its key signed it, for us, for this sign-in, now.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx2
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from integrations.web.entry.errors import NotConfirmed, ProviderUnavailable
from integrations.web.entry.settings import SignInSettings, is_safe_address
from integrations.web.entry.staff import Colleague, colleague_from

RETURN_PATH = "/sign-in/oidc/return"
_SCOPES = "openid email profile"
# With public keys only: none that a shared secret makes, and not "none".
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
_SECONDS = 10.0
_KNOWN_SECONDS = 3600.0
_ASK_AGAIN_SECONDS = 60.0
_MOST_BYTES = 1_000_000
# Clocks differ.
_LEEWAY_SECONDS = 60


@dataclass(slots=True)
class _Known:
    """What the provider said of itself, and when."""

    metadata: dict[str, Any]
    keys: dict[str, Any]
    at: float


class Provider:
    """One for an application. ``public_url`` is where people reach the desk; all settings that ``missing`` names are
    set."""

    def __init__(self, settings: SignInSettings, public_url: str) -> None:
        assert settings.issuer is not None and settings.client_id is not None and settings.client_secret is not None
        self._settings = settings
        self._issuer, self._client_id = settings.issuer, settings.client_id
        self._secret = settings.client_secret.get_secret_value()
        self._redirect = public_url.rstrip("/") + RETURN_PATH
        self._known: _Known | None = None
        self._asking = asyncio.Lock()

    async def depart(self, state: str, nonce: str, verifier: str) -> str:
        """Where to send a browser that is to come back with ``state``. Raises ProviderUnavailable."""
        known = await self._about()
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect,
            "scope": _SCOPES,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        address: str = known.metadata["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    async def arrived(self, code: str, nonce: str, verifier: str, issuer: str | None) -> Colleague:
        """Who came back with this code; ``issuer`` is who says to have sent them, where that is said. Raises
        ProviderUnavailable, NotConfirmed, NotStaff."""
        known = await self._about()
        is_said = known.metadata.get("authorization_response_iss_parameter_supported") is True
        if issuer != self._issuer and (issuer is not None or is_said):
            raise NotConfirmed("another issuer sent the browser back")
        async with self._client(known.metadata) as client:
            try:
                token = await client.fetch_token(
                    known.metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                )
            except OAuthError as error:
                raise NotConfirmed("the provider did not take the code") from error
            except (httpx2.HTTPError, ValueError, KeyError) as error:
                raise ProviderUnavailable(f"no token came: {type(error).__name__}") from error
            claims = await self._confirmed(token, nonce)
            return colleague_from(await self._completed(client, known.metadata, claims), self._settings)

    async def _confirmed(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """What the ID token says, once everything about it was verified."""
        written = token.get("id_token")
        if not isinstance(written, str):
            raise NotConfirmed("there is no ID token")
        known = await self._about()
        try:
            try:
                decoded = _decoded(written, known)
            except InvalidKeyIdError:
                # The provider has a new key since.
                decoded = _decoded(written, await self._about(since=known.at + _ASK_AGAIN_SECONDS))
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "sub": {"essential": True},
                },
                {"nonce": nonce, "client_id": self._client_id, "access_token": token.get("access_token")},
            )
            claims.validate(leeway=_LEEWAY_SECONDS)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotConfirmed(f"the ID token does not hold: {type(error).__name__}") from error
        return dict(claims)

    async def _completed(
        self, client: AsyncOAuth2Client, metadata: Mapping[str, Any], claims: dict[str, Any]
    ) -> dict[str, Any]:
        """With what some providers say only when asked for it."""
        address = metadata.get("userinfo_endpoint")
        is_whole = "email" in claims and (not self._settings.staff_groups or self._settings.groups_claim in claims)
        if is_whole or not isinstance(address, str):
            return claims
        said = await _read(client, address, withhold_token=False)
        if said.get("sub") != claims["sub"]:
            raise NotConfirmed("the provider speaks of somebody else")
        return {**said, **claims}

    def _client(self, metadata: Mapping[str, Any]) -> AsyncOAuth2Client:
        """Follows no redirect and asks the environment for nothing."""
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return AsyncOAuth2Client(
            client_id=self._client_id,
            client_secret=self._secret,
            redirect_uri=self._redirect,
            token_endpoint_auth_method=(
                "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
            ),
            follow_redirects=False,
            trust_env=False,
            timeout=_SECONDS,
        )

    async def _about(self, since: float | None = None) -> _Known:
        """What the provider says of itself, asked for anew after an hour; with ``since`` (seconds of the monotonic
        clock), where that moment has come."""
        async with self._asking:
            now = time.monotonic()
            if self._known is not None:
                again = self._known.at + _KNOWN_SECONDS if since is None else since
                if now < again:
                    return self._known
            metadata = await self._asked(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
            if metadata.get("issuer") != self._issuer:
                raise ProviderUnavailable("the provider says that it is another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
                self._check(name, metadata.get(name))
            self._known = _Known(metadata, await self._asked(metadata["jwks_uri"]), now)
            return self._known

    def _check(self, name: str, address: object) -> None:
        if address is None and name == "userinfo_endpoint":
            return
        is_safe = isinstance(address, str) and is_safe_address(address)
        # What is reached over TLS does not send us to this machine.
        if not is_safe or (self._issuer.startswith("https:") and not str(address).startswith("https:")):
            raise ProviderUnavailable(f"the provider names no safe address as {name}")

    async def _asked(self, address: str) -> dict[str, Any]:
        async with httpx2.AsyncClient(follow_redirects=False, trust_env=False, timeout=_SECONDS) as client:
            return await _read(client, address)


def new_proofs() -> tuple[str, str]:
    """A nonce and a verifier, for one sign-in."""
    return generate_token(43), generate_token(64)


def _decoded(written: str, known: _Known) -> jwt.Token:
    """Raises JoseError."""
    offered = known.metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    registry = JWSRegistry(algorithms=sorted(_ALGORITHMS & set(offered)), strict_check_header=False)
    return jwt.decode(written, key=KeySet.import_key_set(known.keys), registry=registry)  # type: ignore[arg-type]


async def _read(client: httpx2.AsyncClient, address: str, **more: Any) -> dict[str, Any]:
    """A JSON object, of a size that one has. Raises ProviderUnavailable."""
    body = b""
    try:
        async with client.stream("GET", address, headers={"Accept": "application/json"}, **more) as response:
            response.raise_for_status()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _MOST_BYTES:
                    raise ProviderUnavailable("the provider's answer is too long")
        said = json.loads(body)
    except (httpx2.HTTPError, OAuthError, ValueError) as error:
        raise ProviderUnavailable(f"the provider gives no answer: {type(error).__name__}") from error
    if not isinstance(said, dict):
        raise ProviderUnavailable("the provider's answer has another shape")
    return said
