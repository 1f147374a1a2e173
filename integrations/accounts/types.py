"""Who may ask, and what they prove it with. Pure and frozen; every time is aware and in UTC; nothing here is secret."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Scope = Literal["ask", "read", "admin"]
SCOPES: tuple[Scope, ...] = ("ask", "read", "admin")
STAFF = "staff"
_OF_DELEGATION = "partner:"
_PERSON = "web:"
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Account:
    """A person who was let in. ``audience`` is the label they read with; an operator is staff who may run the desk.
    ``last_seen_at`` is right to the hour. An ``id`` is no secret and proves nothing."""

    id: str
    name: str
    audience: str
    is_operator: bool
    created_at: datetime
    last_seen_at: datetime | None = None
    disabled_at: datetime | None = None

    @property
    def delegation(self) -> str | None:
        """The short name of the delegation they belong to."""
        return delegation_of(self.audience)

    @property
    def person(self) -> str:
        """As the desk's memory of conversations names them."""
        return f"{_PERSON}{self.id}"


@dataclass(frozen=True, slots=True)
class Delegation:
    """``slug`` is its short name, such as nepal; its members read as ``partner:<slug>``, and not while it is closed."""

    slug: str
    name: str
    created_at: datetime
    closed_at: datetime | None = None

    @property
    def audience(self) -> str:
        return audience_of(self.slug)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link for one use. ``account_id`` is whose account it opened, or is to open again."""

    id: str
    audience: str
    name: str
    is_operator: bool
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    by: str
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """What a program shows. ``last_used_at`` is right to the hour."""

    id: str
    name: str
    audience: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """Why nobody can ask at present, in words for readers."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to what. ``digest`` is of this entry and of all before it."""

    at: datetime
    by: str
    action: str
    about: str
    digest: str


def audience_of(slug: str) -> str:
    return f"{_OF_DELEGATION}{slug}"


def delegation_of(audience: str) -> str | None:
    """The short name in a label such as ``partner:nepal``; None for a label of no delegation."""
    slug = audience.removeprefix(_OF_DELEGATION)
    return slug if slug != audience else None


def account_behind(by: str) -> str | None:
    """The id of the account that ``by`` names, with or without ``web:``; None where it is no account."""
    identifier = by.removeprefix(_PERSON)
    return identifier if is_id(identifier) else None


def is_id(text: str) -> bool:
    """Whether it has the form of an id of an account, an invitation or a key. Anything else is asked of no database."""
    return _ID.fullmatch(text) is not None
