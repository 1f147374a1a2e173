"""``migdesk sources list`` and ``add``: what the list of pages holds, and one more."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.errors import InvalidQuestion
from assistant.settings import load_settings
from knowledge.sources.adding import add_entries, identifier_for, shipped
from knowledge.sources.addresses import parse_url
from knowledge.sources.errors import RegistryError, UnsafeAddress
from knowledge.sources.holdings import Holdings, holdings_in
from knowledge.sources.planning import is_due
from knowledge.sources.registry import FILE, Entry, Registry, load_registry
from knowledge.sources.state import Seen, State, day, load_state


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says of the pages to add."""

    publisher: str | None = None
    title: str | None = None
    identifier: str | None = None
    audience: str = "public"
    language: str | None = None
    review_days: int = 180


def paths_of(file: Path | None, data: Path | None) -> tuple[Path, Path]:
    """The list and the data directory that are meant."""
    directory = data or load_settings().data
    return file or directory / FILE, directory


def registry_in(path: Path) -> Registry:
    """Raises InvalidQuestion: what is wrong in the list is for its writer to mend."""
    try:
        return load_registry(path)
    except RegistryError as error:
        raise InvalidQuestion(str(error)) from error


def run_list(library: bool, file: Path | None, data: Path | None, as_json: bool) -> None:
    path, directory = paths_of(file, data)
    entries = shipped().source if library else registry_in(path).source
    state = State() if library else load_state(directory)
    held = Holdings() if library else holdings_in(directory)
    now = datetime.now(UTC)
    listed = [
        (entry, state.pages.get(entry.id), entry.enabled and is_due(entry, state, held, now)) for entry in entries
    ]
    if as_json:
        print(json.dumps({"sources": [_listed(*row) for row in listed]}, ensure_ascii=False))
    else:
        _print(listed, "the list that comes with the desk" if library else str(path))
        if state.remark:
            Console(stderr=True, highlight=False, soft_wrap=True).print(Text(state.remark, style="yellow"))


def run_add(
    urls: list[str], wanted: Wanted, library: bool, file: Path | None, data: Path | None, as_json: bool
) -> None:
    path, _ = paths_of(file, data)
    if not urls and not library:
        raise InvalidQuestion("Name the address of a page, or --library for the official pages behind the library.")
    if len(urls) > 1 and (wanted.identifier or wanted.title):
        raise InvalidQuestion("--id and --title are of one page: add the pages one by one.")
    there = registry_in(path).source if path.exists() else ()
    ids, known = {entry.id for entry in there}, {entry.target.url for entry in there}
    added: list[Entry] = []
    official = shipped().source
    for url in urls:
        entry = _entry(url, wanted, {e.target.url: e for e in official}, ids)
        if entry.target.url in known:
            raise InvalidQuestion(f"{url} is in {path} already.")
        ids.add(entry.id)
        known.add(entry.target.url)
        added.append(entry)
    if library:
        added += [entry for entry in official if entry.id not in ids and entry.target.url not in known]
    try:
        add_entries(path, added)
    except RegistryError as error:
        raise InvalidQuestion(str(error)) from error
    if as_json:
        print(json.dumps({"file": str(path), "added": [entry.id for entry in added]}, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(f"{len(added)} added to {path}"))
    if urls:
        named = " ".join(entry.id for entry in added[: len(urls)])
        console.print(Text(f"`migdesk sources refresh {named}` fetches what is new."))
    if library:
        console.print("They are switched off. Set enabled = true where you want a page.")


def _entry(url: str, wanted: Wanted, official: dict[str, Entry], taken: set[str]) -> Entry:
    """What is known of an official page need not be said again."""
    try:
        target = parse_url(url)
    except UnsafeAddress as error:
        raise InvalidQuestion(f"{url!r} cannot be added: {error}.") from error
    known = official.get(target.url)
    publisher = wanted.publisher or (known.publisher if known else None)
    if not publisher:
        raise InvalidQuestion(f"Say who publishes {url}: --publisher NAME.")
    identifier = wanted.identifier or (known.id if known and known.id not in taken else identifier_for(target, taken))
    try:
        return Entry(
            id=identifier,
            url=url.partition("#")[0],
            title=wanted.title or (known.title if known else None),
            publisher=publisher,
            audience=wanted.audience,
            language=wanted.language or (known.language if known else None),
            review_days=known.review_days if known and wanted.review_days == 180 else wanted.review_days,
        )
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        raise InvalidQuestion(f"{url} cannot be added: {wrong}.") from error


def _listed(entry: Entry, seen: Seen | None, due: bool) -> dict[str, object]:
    return entry.model_dump(mode="json") | {
        "due": due,
        "status": seen.status if seen else None,
        "reason": seen.reason if seen else "",
        "checked_at": seen.checked_at.isoformat() if seen else None,
        "last_seen": day(seen.seen_at) if seen else None,
    }


def _print(listed: list[tuple[Entry, Seen | None, bool]], where: str) -> None:
    console = Console(highlight=False)
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for entry, seen, due in listed:
        state = "off" if not entry.enabled else "due" if due else "on"
        last = f"{seen.status}, last seen {day(seen.seen_at) or 'never'}" if seen else "not asked for yet"
        what = Text.assemble(entry.title or entry.url, f" · {entry.publisher} · ", (last, "dim"))
        table.add_row(Text(entry.id, style="cyan"), Text(state, style="" if state == "on" else "yellow"), what)
    console.print(table)
    enabled = sum(entry.enabled for entry, _, _ in listed)
    due_now = sum(due for _, _, due in listed)
    console.print(Text(f"{len(listed)} pages, {enabled} switched on, {due_now} due · {where}"), soft_wrap=True)
