"""What an operator can set of the server itself. Everything about answering is in ``assistant.settings``."""

from functools import lru_cache
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import InvalidSettings


def _networks(text: str) -> str:
    for network in text.split(","):
        ip_network(network.strip())
    return text


class ServerSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="MIGDESK_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    # A question costs a core for its embedding and a model call for its answer; more at once only wait in line.
    concurrent_answers: int = Field(default=32, ge=1, le=1000)
    # The address by which people reach the desk, such as https://desk.example.org: it goes into links.
    public_url: str | None = Field(default=None, pattern=r"^https?://[^/\s?#]+(/[^\s?#]*)?$", max_length=300)
    # Whether people who have not signed in may ask; they read public documents only.
    public: bool = True
    # Of one person. A key, or an address that visitors come from, stands for several: integrations/web/allowances.py.
    questions_a_minute: int = Field(default=20, ge=1, le=1_000_000)
    streams_at_once: int = Field(default=5, ge=1, le=1_000_000)
    model_tokens_a_day: int = Field(default=200_000, ge=0)
    # Of all visitors together.
    visitor_tokens_a_day: int = Field(default=10_000_000, ge=0)
    # Questions that may wait in line for one of the concurrent answers.
    waiting_answers: int = Field(default=512, ge=0, le=10_000)
    # Addresses of the proxies in front, with commas between them: who they say has sent a request is believed.
    trusted_proxies: Annotated[str, AfterValidator(_networks)] | None = None


@lru_cache(maxsize=1)
def load_server_settings() -> ServerSettings:
    """Raises InvalidSettings naming each wrong variable."""
    try:
        return ServerSettings()
    except ValidationError as error:
        wrong = "; ".join(
            f"MIGDESK_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors(include_input=False)
        )
        raise InvalidSettings(f"These settings cannot be used: {wrong}.") from error
