"""sources.toml: the pages that an operator wants in the knowledge base, checked when it is read.

A typo that is skipped is a page that silently never comes: every mistake is an error that names file, entry and key,
and all of them are told at once.
"""

import re
import tomllib
from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from knowledge.audiences import PUBLIC, parse_audience
from knowledge.errors import UnknownAudience
from knowledge.sources.addresses import Policy, Target, parse_url
from knowledge.sources.errors import RegistryError, UnsafeAddress

FILE = "sources.toml"
# The official pages behind the starter library, all switched off until an operator wants them.
SHIPPED: Traversable = resources.files("knowledge.sources") / FILE
_LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_MOST_SAID = 20


def _checked_url(value: str) -> str:
    try:
        parse_url(value)
    except UnsafeAddress as error:
        raise ValueError(str(error)) from error
    if "#" in value:
        raise ValueError("leave out the part from # on; it is never sent")
    return value


def _checked_audience(value: str) -> str:
    try:
        return parse_audience(value)
    except UnknownAudience as error:
        raise ValueError(str(error)) from error


def _one_line(value: str) -> str:
    if not value.isprintable() or not value.strip():
        raise ValueError("has to be text on one line")
    return value.strip()


Line = Annotated[str, Field(max_length=500), AfterValidator(_one_line)]


class Entry(BaseModel):
    """A page, and what its operator says of it. ``audience`` is the widest it may be shown to."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")
    url: Annotated[str, AfterValidator(_checked_url)]
    title: Line | None = None
    publisher: Line
    audience: Annotated[str, AfterValidator(_checked_audience)] = PUBLIC
    language: str | None = Field(default=None, pattern=_LANGUAGE)
    review_days: int = Field(ge=1, le=3650)
    enabled: bool = True

    @property
    def target(self) -> Target:
        return parse_url(self.url)


class Registry(BaseModel):
    """All entries. ``contact`` is a mail address or a page, told to every host that is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    contact: Annotated[str, Field(pattern=r"^[\x21-\x7e]{3,200}$")] | None = None
    source: tuple[Entry, ...] = Field(default=(), strict=False)


def load_registry(path: Path | Traversable, policy: Policy | None = None) -> Registry:
    """Raises RegistryError."""
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise RegistryError(
            f"There is no {path}. `migdesk sources add --library` writes the list that comes with the desk, "
            "`migdesk sources add URL --publisher NAME` begins one of your own."
        ) from error
    except OSError as error:
        raise RegistryError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise RegistryError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    return parse_registry(text, str(path), policy)


def parse_registry(text: str, name: str, policy: Policy | None = None) -> Registry:
    """The same from a text; ``name`` is the file that messages speak of."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RegistryError(f"{name} is not valid TOML: {error}.") from error
    try:
        registry = Registry.model_validate(document)
    except ValidationError as error:
        raise _error(name, [_said(e["loc"], e["type"], e["msg"], document) for e in error.errors()]) from error
    wrong = [*_twice(registry.source, "id"), *_twice(registry.source, "url"), *_ports(registry.source, policy)]
    if wrong:
        raise _error(name, wrong)
    return registry


def _twice(entries: Sequence[Entry], key: str) -> list[str]:
    """An id or a page that two entries have. Two spellings of one URL are one page."""
    first: dict[str, int] = {}
    wrong = []
    for number, entry in enumerate(entries, start=1):
        value = entry.target.url if key == "url" else entry.id
        if value in first:
            wrong.append(f'entry {number} ("{entry.id}"), {key}: entry {first[value]} has the same')
        first.setdefault(value, number)
    return wrong


def _ports(entries: Sequence[Entry], policy: Policy | None) -> list[str]:
    wrong = []
    for number, entry in enumerate(entries, start=1):
        try:
            (policy or Policy()).check_port(entry.target)
        except UnsafeAddress as error:
            wrong.append(f'entry {number} ("{entry.id}"), url: {error}')
    return wrong


def _said(location: tuple[int | str, ...], kind: str, message: str, document: dict[str, Any]) -> str:
    message = message.removeprefix("Value error, ")
    if kind == "extra_forbidden":
        known = Entry if len(location) > 2 else Registry
        message = f"no such key; there are {', '.join(known.model_fields)}"
    elif kind == "missing":
        message = "is missing"
    match location:
        case ("source", int(index), *key):
            entry = document["source"][index]
            identifier = entry.get("id") if isinstance(entry, dict) else None
            named = f' ("{identifier[:80]}")' if isinstance(identifier, str) and identifier.isprintable() else ""
            return f"entry {index + 1}{named}{''.join(f', {part}' for part in key)}: {message}"
        case _:
            return f"{_printable(location)}: {message}"


def _printable(location: tuple[int | str, ...]) -> str:
    return re.sub(r"[^\x20-\x7e]", "?", ".".join(str(part) for part in location))[:80]


def _error(name: str, wrong: list[str]) -> RegistryError:
    more = f"\n  and {len(wrong) - _MOST_SAID} more" if len(wrong) > _MOST_SAID else ""
    return RegistryError(f"{name} cannot be used:\n  " + "\n  ".join(wrong[:_MOST_SAID]) + more)
