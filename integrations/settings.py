"""What an operator can set of the server itself. Everything about answering is in ``assistant.settings``."""

from functools import lru_cache

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import InvalidSettings


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
