"""Adds entries to sources.toml without touching what its operator wrote there: at its end, and only when the whole is
right afterwards."""

import json
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from knowledge.sources.addresses import Policy, Target
from knowledge.sources.errors import RegistryError
from knowledge.sources.registry import SHIPPED, Entry, Registry, load_registry, parse_registry
from knowledge.sources.state import write_whole

_HEAD = """\
# Pages that `migdesk sources refresh` keeps the knowledge base in step with. One [[source]] a page:
#   id           short name, a-z 0-9 . _ -; the document gets it
#   url          http or https, as the browser shows it
#   title        optional; else the page's own
#   publisher    who says it, as a citation names it
#   audience     public (default), partner, partner:<delegation> or staff
#   language     optional, such as en or sr-Latn; else what the page declares
#   review_days  look again after so many days
#   enabled      false: listed, not fetched
# contact = "name@example.org"   # told to every host that is asked, so that they can write to you
"""
_LONGEST_ID = 60


def shipped() -> Registry:
    """The official pages behind the starter library, all switched off."""
    return load_registry(SHIPPED)


def add_entries(path: Path, entries: Sequence[Entry], policy: Policy | None = None) -> None:
    """Begins the file where there is none. Raises RegistryError, with the file as it was."""
    try:
        text = path.read_bytes().decode("utf-8") if path.exists() else _HEAD
        parse_registry(text, str(path), policy)
        text = text.rstrip("\n") + "\n" + "".join(f"\n{as_toml(entry)}" for entry in entries)
        parse_registry(text, str(path), policy)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except UnicodeDecodeError as error:
        raise RegistryError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except OSError as error:
        raise RegistryError(f"{path} cannot be written: {error.strerror or error}.") from error


def as_toml(entry: Entry) -> str:
    """One ``[[source]]``, as a person would write it."""
    values = entry.model_dump(exclude_none=True)
    # Lines of printable characters, so that a JSON string is a TOML string.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items()]
    return "[[source]]\n" + "".join(lines)


def identifier_for(target: Target, taken: Collection[str]) -> str:
    """A name for a page that a person can tell it by: its host, and the last words of its path."""
    host = target.host.removeprefix("www.")
    last = next((part for part in reversed(target.path.split("/")) if part), "")
    words = re.sub(r"[^a-z0-9]+", "-", f"{host} {last.rpartition('.')[0] or last}".lower()).strip("-")
    name = words[:_LONGEST_ID].rstrip("-")
    number = 1
    unique = name
    while unique in taken:
        number += 1
        unique = f"{name}-{number}"
    return unique
