"""What an operator can set, from the environment (``MIGDESK_*``, ``OPENAI_*``) or given by a surface. Checked once."""

import re
from functools import lru_cache
from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from assistant.conversations.address import checked_address
from assistant.errors import InvalidSettings


class Limits(BaseModel):
    """Per request, in seconds and model calls."""

    model_config = ConfigDict(frozen=True)
    first_token_seconds: float = 20
    idle_seconds: float = 15
    total_seconds: float = 90
    calls: int = 3


class ModelSettings(BaseModel):
    model_config = ConfigDict(frozen=True)
    model: str
    api_key: str | None = Field(default=None, repr=False)
    base_url: str | None = None


class Settings(BaseSettings):
    """Unset means: local embedder, no language model, data in ``.migdesk`` of the current directory."""

    model_config = SettingsConfigDict(
        env_prefix="MIGDESK_", frozen=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True
    )

    data: Path = Path(".migdesk")
    model: str | None = None
    embedder: str = "local"
    embedding_dimensions: int = Field(default=1536, ge=8, le=16384)
    chroma_url: str | None = Field(default=None, pattern=r"^https?://")
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key")
    )
    openai_base_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        validation_alias=AliasChoices("OPENAI_BASE_URL", "openai_base_url"),
    )
    limits: Limits = Limits()
    # Of questions, answers and feedback; a file in the data directory where it is not set.
    database_url: SecretStr | None = None
    keep_days: int = Field(default=30, ge=1, le=3650)
    # A line on where a person can ask, shown where the documents do not answer.
    contact: str | None = Field(default=None, min_length=1, max_length=300, pattern=r"^[^\r\n]*$")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        """With the driver named. The error does not show the value."""
        return value if value is None else SecretStr(checked_address(value.get_secret_value()))

    def model_settings(self, override: str | None = None) -> ModelSettings | None:
        """The language model to use, or None for quotes only. A model without key and endpoint is a mistake, said
        so."""
        name = override or self.model
        if not name:
            return None
        key = self.openai_api_key.get_secret_value() if self.openai_api_key else None
        if not key and not self.openai_base_url:
            raise InvalidSettings(
                f"The model {name} needs OPENAI_API_KEY, or OPENAI_BASE_URL of an endpoint that takes no key. "
                "Set one, or ask with --no-model."
            )
        return ModelSettings(model=name, api_key=key, base_url=self.openai_base_url)


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """Raises InvalidSettings naming each wrong variable, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{_variable(e['loc'])}: {e['msg']}" for e in error.errors(include_input=False))
        raise InvalidSettings(f"These settings cannot be used: {wrong}.") from error
    except SettingsError as error:
        named = re.search(r'field "(\w+)"', str(error))
        variable = _variable((named.group(1),)) if named else "a variable"
        raise InvalidSettings(f"These settings cannot be used: {variable}: not valid JSON.") from None


def _variable(location: tuple[int | str, ...]) -> str:
    name = ".".join(str(part) for part in location)
    return name if name.startswith("OPENAI_") else f"MIGDESK_{name.upper()}"
