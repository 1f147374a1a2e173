"""Which of those whom the provider knows are staff, and which of these run the desk. Pure; whoever is not named is
neither."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.web.entry.errors import NotStaff
from integrations.web.entry.settings import SignInSettings


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as the provider describes them. ``subject`` is the provider's own name for them."""

    issuer: str
    subject: str
    name: str
    is_operator: bool


def colleague_from(claims: Mapping[str, Any], settings: SignInSettings) -> Colleague:
    """Raises NotStaff. An address counts only where the provider says that it has verified it: elsewhere people can
    give themselves any."""
    subject = str(claims["sub"])
    address = _verified_address(claims)
    domain = address.rpartition("@")[2]
    groups = claims.get(settings.groups_claim)
    theirs = {group for group in groups if isinstance(group, str)} if isinstance(groups, list) else set[str]()
    is_staff = bool(domain and domain in _listed(settings.staff_domains.lower()))
    if not is_staff and not theirs & _listed(settings.staff_groups):
        raise NotStaff("signed in at the provider, but in no domain or group of staff")
    operators = _listed(settings.operators)
    is_operator = subject in operators or bool(address and address in {name.lower() for name in operators})
    return Colleague(str(claims["iss"]), subject, _name(claims, address), is_operator)


def _verified_address(claims: Mapping[str, Any]) -> str:
    address = claims.get("email")
    is_address = isinstance(address, str) and address.count("@") == 1
    return str(address).strip().lower() if is_address and claims.get("email_verified") is True else ""


def _name(claims: Mapping[str, Any], address: str) -> str:
    for known in (claims.get("name"), claims.get("preferred_username"), address.partition("@")[0]):
        if isinstance(known, str) and known.strip():
            return known
    return ""


def _listed(text: str) -> frozenset[str]:
    return frozenset(entry.strip() for entry in text.split(",") if entry.strip())
