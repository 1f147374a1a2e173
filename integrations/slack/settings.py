"""What an operator can set of the Slack desk, from the environment (``MIGDESK_SLACK_*``). Checked once."""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.errors import InvalidSettings

SLACK_API = "https://slack.com/api/"
_PREFIXES = {"bot_token": ("xoxb-", "a bot token"), "app_token": ("xapp-", "an app-level token")}


class SlackSettings(BaseSettings):
    """Socket Mode takes the bot token and the app-level token of one workspace; HTTP takes the signing secret and
    either the bot token or, for several workspaces, client id, client secret and an encryption key."""

    model_config = SettingsConfigDict(
        env_prefix="MIGDESK_SLACK_", frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True
    )

    bot_token: SecretStr | None = None
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    encryption_key: SecretStr | None = None
    # Whose full members are staff where several workspaces install the desk; with a bot token it is that one's.
    home_teams: Annotated[frozenset[str], NoDecode] = frozenset()
    experts_channel: str | None = Field(default=None, pattern=r"^[CG][A-Z0-9]{2,}$")
    api_url: str = SLACK_API

    @field_validator("bot_token", "app_token")
    @classmethod
    def _is_of_its_kind(cls, value: SecretStr | None, info: object) -> SecretStr | None:
        prefix, kind = _PREFIXES[getattr(info, "field_name", "")]
        if value is not None and not value.get_secret_value().startswith(prefix):
            raise ValueError(f"this is not {kind}: those begin with {prefix}")
        return value

    @field_validator("encryption_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                Fernet(value.get_secret_value())
            except ValueError:
                raise ValueError(
                    "this is not a key: make one with `python -c 'from cryptography.fernet import Fernet; "
                    "print(Fernet.generate_key().decode())'`"
                ) from None
        return value

    @field_validator("home_teams", mode="before")
    @classmethod
    def _are_teams(cls, value: str | Iterable[str]) -> frozenset[str]:
        """From the environment: ids with commas between them. A slip would make all of our staff strangers."""
        teams = frozenset(re.split(r"[\s,]+", value.strip(" ,")) if isinstance(value, str) else value)
        if not all(re.fullmatch(r"[TE][A-Z0-9]{2,}", team) for team in teams):
            raise ValueError("give the ids of our workspaces or organisation, such as T012AB3CD,T045EF6GH")
        return teams

    @field_validator("api_url")
    @classmethod
    def _is_slack_or_this_machine(cls, value: str) -> str:
        """Tokens and questions are sent there, so a stray variable must not lead them elsewhere."""
        if value == SLACK_API:
            return value
        parts = urlsplit(value)
        try:
            on_this_machine = parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
        except ValueError:
            on_this_machine = False
        if not on_this_machine:
            raise ValueError(f"only {SLACK_API} and, for tests, an http address on 127.0.0.1 can be used")
        return value if value.endswith("/") else f"{value}/"

    @property
    def is_set(self) -> bool:
        """Whether anything of Slack is configured at all."""
        return any((self.bot_token, self.app_token, self.signing_secret, self.client_id, self.client_secret))

    @property
    def serves_many(self) -> bool:
        """Several workspaces by OAuth, rather than one by its bot token."""
        return self.bot_token is None and self.client_id is not None

    def missing_for_socket(self) -> list[str]:
        """The variables that Socket Mode still needs."""
        return _unset({"MIGDESK_SLACK_BOT_TOKEN": self.bot_token, "MIGDESK_SLACK_APP_TOKEN": self.app_token})

    def missing_for_http(self) -> list[str]:
        """The variables that HTTP still needs."""
        if self.serves_many:
            needed = {
                "MIGDESK_SLACK_SIGNING_SECRET": self.signing_secret,
                "MIGDESK_SLACK_CLIENT_SECRET": self.client_secret,
                "MIGDESK_SLACK_ENCRYPTION_KEY": self.encryption_key,
            }
        else:
            needed = {
                "MIGDESK_SLACK_SIGNING_SECRET": self.signing_secret,
                "MIGDESK_SLACK_BOT_TOKEN": self.bot_token,
            }
        return _unset(needed)


def _unset(values: dict[str, SecretStr | None]) -> list[str]:
    return [name for name, value in values.items() if value is None or not value.get_secret_value().strip()]


@lru_cache(maxsize=1)
def load_slack_settings() -> SlackSettings:
    """Raises InvalidSettings naming each wrong variable, never its value."""
    try:
        return SlackSettings()
    except ValidationError as error:
        wrong = "; ".join(
            f"MIGDESK_SLACK_{'.'.join(map(str, e['loc'])).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_input=False, include_context=False)
        )
        raise InvalidSettings(f"These settings cannot be used: {wrong}.") from None
