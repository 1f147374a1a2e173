"""The front matter of a library brief: what it must say of itself, checked when it is loaded."""

import datetime
import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from knowledge.audiences import PUBLIC, parse_audience
from knowledge.errors import UnknownAudience, UnreadableDocument
from knowledge.jurisdictions import JURISDICTIONS
from knowledge.topics import THEMES
from knowledge.types import Disagreement, Position, Reference, Subject

# Markers in a brief's text that name no source.
DISAGREE = "disagree:"
MAY_CHANGE = "may-change"
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


def _checked_theme(value: str) -> str:
    if value not in THEMES:
        raise ValueError(f"'{value}' is no theme; use {', '.join(THEMES)}")
    return value


def _checked_jurisdiction(value: str) -> str:
    if value not in JURISDICTIONS:
        raise ValueError(f"'{value}' is no code of knowledge/jurisdictions.py (AL, BA, XK, ME, MK, RS, EU …)")
    return value


_ID = r"^[A-Za-z0-9._-]+$"


class BriefSource(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern=_ID)
    title: str = Field(min_length=1)
    publisher: str | None = None
    published: Date | None = None
    url: str | None = Field(default=None, pattern=r"^https?://\S+$")


class BriefPosition(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    says: str = Field(min_length=1)
    sources: list[str] = Field(min_length=1)


class BriefDisagreement(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern=_ID)
    about: str = Field(min_length=1)
    positions: list[BriefPosition] = Field(min_length=2)


class Brief(BaseModel):
    """Unknown keys are refused, so that a typo fails when the brief is loaded and not when it is missed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    topic: str = Field(min_length=1)
    theme: Annotated[str, AfterValidator(_checked_theme)]
    jurisdictions: list[Annotated[str, AfterValidator(_checked_jurisdiction)]] = []
    keywords: list[Annotated[str, BeforeValidator(_as_text)]] = []
    abbreviations: dict[str, str] = {}
    language: str = "en"
    as_of: Date
    review_by: Date | None = None
    audience: Annotated[str, AfterValidator(_checked_audience)] = PUBLIC
    sources: list[BriefSource] = Field(min_length=1)
    disagreements: list[BriefDisagreement] = []

    @model_validator(mode="after")
    def _names_what_is_there(self) -> Self:
        given = [source.id for source in self.sources]
        for identifier in given:
            if given.count(identifier) > 1:
                raise ValueError(f"sources: the id '{identifier}' is given twice")
        if MAY_CHANGE in given:
            raise ValueError(f"sources: '{MAY_CHANGE}' is a marker of its own and cannot be the id of a source")
        told = [disagreement.id for disagreement in self.disagreements]
        for disagreement in self.disagreements:
            if told.count(disagreement.id) > 1:
                raise ValueError(f"disagreements: the id '{disagreement.id}' is given twice")
            for position in disagreement.positions:
                for unknown in set(position.sources) - set(given):
                    raise ValueError(f"disagreements: '{disagreement.id}' names '{unknown}', which is no source")
        return self

    def markers(self) -> frozenset[str]:
        """Every marker that the text may hold."""
        disagreements = {DISAGREE + disagreement.id for disagreement in self.disagreements}
        return frozenset({MAY_CHANGE, *disagreements, *(source.id for source in self.sources)})

    def subject(self) -> Subject:
        return Subject(
            self.topic,
            self.theme,
            tuple(self.jurisdictions),
            tuple(self.keywords),
            tuple(self.abbreviations.items()),
        )

    def disagreements_named(self) -> tuple[Disagreement, ...]:
        return tuple(
            Disagreement(d.id, d.about, tuple(Position(p.says, tuple(p.sources)) for p in d.positions))
            for d in self.disagreements
        )

    def references(self) -> tuple[Reference, ...]:
        return tuple(Reference(s.id, s.title, s.publisher, s.published, s.url) for s in self.sources)


def parse_brief(front: dict[str, object]) -> Brief:
    """The brief's front matter, checked. Raises UnreadableDocument naming each wrong key."""
    try:
        return Brief.model_validate(front)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors())
        raise UnreadableDocument(f"front matter: {wrong}") from error
