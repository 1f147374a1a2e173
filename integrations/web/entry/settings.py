"""Who signs staff in, from the environment (``MIGDESK_OIDC_*``). Unset means: by link only."""

from functools import lru_cache
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import InvalidSettings


def is_safe_address(address: str) -> bool:
    """Whether nobody on the way can read what is sent there, or answer in its place: TLS, or this machine itself."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    if not parts.hostname or "@" in parts.netloc or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(parts.hostname))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"


def _issuer(address: str) -> str:
    if not is_safe_address(address) or urlsplit(address).query:
        raise ValueError("must begin with https:// (http:// only on this machine) and name the issuer alone")
    return address


class SignInSettings(BaseSettings):
    """``staff_domains``, ``staff_groups`` and ``operators`` are lists with commas. Whoever has an address that the
    provider has verified in one of the domains, or is in one of the groups (claim ``groups_claim``), is staff.
    ``operators`` are verified addresses or subjects of staff who run the desk."""

    model_config = SettingsConfigDict(
        env_prefix="MIGDESK_OIDC_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    issuer: Annotated[str, AfterValidator(_issuer)] | None = None
    client_id: str | None = Field(default=None, min_length=1, max_length=500)
    client_secret: SecretStr | None = None
    staff_domains: str = ""
    staff_groups: str = ""
    groups_claim: str = "groups"
    operators: str = ""

    @property
    def is_on(self) -> bool:
        return self.issuer is not None

    def missing(self, public_url: str | None) -> list[str]:
        """What else has to be set for anybody to sign in."""
        needed = {
            "MIGDESK_OIDC_CLIENT_ID": self.client_id,
            "MIGDESK_OIDC_CLIENT_SECRET": self.client_secret,
            "MIGDESK_OIDC_STAFF_DOMAINS or MIGDESK_OIDC_STAFF_GROUPS": self.staff_domains or self.staff_groups,
            "MIGDESK_PUBLIC_URL": public_url,
        }
        return [name for name, value in needed.items() if not value] if self.is_on else []


@lru_cache(maxsize=1)
def load_sign_in_settings() -> SignInSettings:
    """Raises InvalidSettings naming each wrong variable, never its value."""
    try:
        return SignInSettings()
    except ValidationError as error:
        wrong = "; ".join(
            f"MIGDESK_OIDC_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}"
            for e in error.errors(include_input=False)
        )
        raise InvalidSettings(f"These settings cannot be used: {wrong}.") from error
