"""Who asks: the one place that reads what a browser or a program shows of itself."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Request, Response

from assistant.types import Reader

Scope = Literal["ask", "read", "admin"]
VISITOR_COOKIE = "__Host-visitor"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_VISITOR_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Asker:
    """One who asks, with the rights of this request. ``person`` is the name under which the desk remembers them."""

    person: str
    audience: str = "public"
    name: str = ""
    account_id: str | None = None
    scopes: frozenset[Scope] = frozenset({"ask", "read"})
    is_operator: bool = False
    new_token: str | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    def reader(self, language: str | None = None) -> Reader:
        return Reader.of(self.audience, language)

    def remember_on(self, response: Response) -> None:
        """Sends a new visitor the token by which what is kept for them is theirs."""
        if self.new_token is not None:
            response.set_cookie(
                VISITOR_COOKIE,
                self.new_token,
                max_age=_VISITOR_SECONDS,
                secure=True,
                httponly=True,
                samesite="lax",
            )


async def asker_of(request: Request) -> Asker:
    """The visitor of this browser, a new one where it shows no token."""
    token = request.cookies.get(VISITOR_COOKIE, "")
    if _TOKEN.fullmatch(token):
        return Asker(_visitor(token))
    made = secrets.token_urlsafe(32)
    return Asker(_visitor(made), new_token=made)


TheAsker = Annotated[Asker, Depends(asker_of)]


def _visitor(token: str) -> str:
    return f"visitor:{hashlib.sha256(token.encode()).hexdigest()[:32]}"
