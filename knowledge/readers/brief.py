"""The front matter of a library brief: what it must say of itself, checked when it is loaded."""

import datetime
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from knowledge.audiences import PUBLIC, parse_audience
from knowledge.errors import UnknownAudience, UnreadableDocument
from knowledge.types import Reference

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def _as_text(value: object) -> object:
    """YAML reads 2024-06-05 as a date and 2024 as a number; both are meant as written."""
    return str(value) if isinstance(value, int | datetime.date) else value


def _checked_date(value: str) -> str:
    if not _DATE.fullmatch(value):
        raise ValueError("write the date as YYYY, YYYY-MM or YYYY-MM-DD")
    return value


def _checked_audience(value: str) -> str:
    try:
        return parse_audience(value)
    except UnknownAudience as error:
        raise ValueError(str(error)) from error


Date = Annotated[str, BeforeValidator(_as_text), AfterValidator(_checked_date)]


class BriefSource(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    title: str = Field(min_length=1)
    publisher: str | None = None
    published: Date | None = None
    url: str | None = Field(default=None, pattern=r"^https?://\S+$")


class Brief(BaseModel):
    """Unknown keys are refused, so that a typo fails when the brief is loaded and not when it is missed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    topic: str = Field(min_length=1)
    jurisdictions: list[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]] = []
    keywords: list[Annotated[str, BeforeValidator(_as_text)]] = []
    abbreviations: dict[str, str] = {}
    language: str = "en"
    as_of: Date
    review_by: Date | None = None
    audience: Annotated[str, AfterValidator(_checked_audience)] = PUBLIC
    sources: list[BriefSource] = Field(min_length=1)

    def references(self) -> tuple[Reference, ...]:
        return tuple(Reference(s.id, s.title, s.publisher, s.published, s.url) for s in self.sources)


def parse_brief(front: dict[str, object]) -> Brief:
    """The brief's front matter, checked. Raises UnreadableDocument naming each wrong key."""
    try:
        return Brief.model_validate(front)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors())
        raise UnreadableDocument(f"front matter: {wrong}") from error
