"""``migdesk sources check`` and ``refresh``: progress while pages are fetched, and the report after it."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from assistant.build import build_embedder
from assistant.errors import InvalidQuestion
from assistant.settings import load_settings
from integrations.cli.listing import paths_of
from integrations.cli.page_report import SHOWN, looked, print_looks, print_report
from knowledge.ingest import Ingest
from knowledge.sources.addresses import Policy
from knowledge.sources.connecting import Resolve, system_addresses
from knowledge.sources.errors import RegistryError
from knowledge.sources.fetching import Fetcher
from knowledge.sources.looking import Look, look_at
from knowledge.sources.manners import Manners
from knowledge.sources.planning import spread
from knowledge.sources.refresh import Progress, Refresh
from knowledge.sources.registry import Entry, Registry, load_registry
from knowledge.sources.report import RefreshReport
from knowledge.sources.robots import PRODUCT
from knowledge.sources.state import PRESENT
from knowledge.sources.withdrawing import withdraw


@dataclass(frozen=True, slots=True)
class Reach:
    """What of the web may be reached, and how fast. Tests give another; nothing else does."""

    policy: Policy = field(default_factory=Policy)
    resolve: Resolve = system_addresses
    breath: float = 1.0

    def guest(self, contact: str | None) -> tuple[Fetcher, Manners]:
        agent = f"{PRODUCT}/{version('migration-desk')}" + (f" (+{contact})" if contact else "")
        fetcher = Fetcher(agent, policy=self.policy, resolve=self.resolve)
        return fetcher, Manners(fetcher, self.breath)


def run_check(
    ids: list[str], every: bool, file: Path | None, data: Path | None, as_json: bool, reach: Reach | None = None
) -> int:
    """The exit code: 1 when a page is not there, not allowed or not readable."""
    reach = reach or Reach()
    path, _ = paths_of(file, data)
    registry = _registry(path, reach)
    entries = _named(registry, ids, path) if ids else [e for e in registry.source if every or e.enabled]
    if not entries:
        raise InvalidQuestion(f"No entry of {path} is switched on. Set enabled = true, or check them with --all.")
    fetcher, manners = reach.guest(registry.contact)
    looks: list[tuple[Entry, Look]] = []
    with _progress() as progress:
        for number, entry in enumerate(spread(entries), start=1):
            progress(number, len(entries), entry.id)
            looks.append((entry, look_at(entry, fetcher, manners)))
    if as_json:
        print(json.dumps({"pages": [looked(entry, look) for entry, look in looks]}, ensure_ascii=False))
    else:
        print_looks(looks)
    return 0 if all(look.found == "there" for _, look in looks) else 1


def run_refresh(
    ids: list[str],
    every: bool,
    remove_vanished: bool,
    yes: bool,
    file: Path | None,
    data: Path | None,
    as_json: bool,
    reach: Reach | None = None,
) -> int:
    """The exit code: 1 when no page could be fetched, or a removal was asked for and not done."""
    reach = reach or Reach()
    settings = load_settings()
    path, directory = paths_of(file, data)
    registry = _registry(path, reach)
    for entry in _named(registry, ids, path):
        if not entry.enabled:
            raise InvalidQuestion(f"{entry.id} is switched off in {path}. Set enabled = true there.")
    refresh = Refresh(
        directory, Ingest(directory, build_embedder(settings), settings.chroma_url), *reach.guest(registry.contact)
    )
    with _progress() as progress:
        report = refresh.run(registry.source, frozenset(ids), every, progress)
    refusal = ""
    if remove_vanished and report.to_withdraw:
        refusal = _not_withdrawn(report, yes, as_json)
        if not refusal:
            withdraw(directory, report.to_withdraw, settings.chroma_url)
            report.withdrawn = list(report.to_withdraw)
            report.vanished, report.dropped = [], []
    if as_json:
        print(json.dumps(asdict(report) | {"not_withdrawn": refusal}, ensure_ascii=False))
    else:
        print_report(report, directory, path)
    if refusal:
        print(refusal, file=sys.stderr)
    came = any(page.status in PRESENT for page in report.pages) or not report.pages
    return 0 if came and not refusal else 1


def _registry(path: Path, reach: Reach) -> Registry:
    try:
        return load_registry(path, reach.policy)
    except RegistryError as error:
        raise InvalidQuestion(str(error)) from error


def _named(registry: Registry, ids: Sequence[str], path: Path) -> list[Entry]:
    entries = {entry.id: entry for entry in registry.source}
    unknown = [identifier for identifier in ids if identifier not in entries]
    if unknown:
        raise InvalidQuestion(f"{path} has no entry {', '.join(unknown)}. `migdesk sources list` shows them all.")
    return [entries[identifier] for identifier in dict.fromkeys(ids)]


def _not_withdrawn(report: RefreshReport, yes: bool, as_json: bool) -> str:
    """Why nothing may be withdrawn; empty where it may. More than a fifth of the base is rather a broken list or a
    moved site than a wish, so a person has to say so."""
    if not report.removes_much or yes:
        return ""
    much = (
        f"{len(report.to_withdraw)} of {report.documents} documents would be withdrawn, which is more than a fifth of "
        "the base"
    )
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return f"Nothing was withdrawn: {much}. Look at the list, then run it again with --yes."
    for identifier in list(report.to_withdraw)[:SHOWN]:
        print(f"  {identifier}", file=sys.stderr)
    return "" if typer.confirm(f"{much}. Withdraw them?", err=True) else "Nothing was withdrawn."


@contextmanager
def _progress() -> Iterator[Progress]:
    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        task = bar.add_task("Looking", total=None)

        def advance(number: int, total: int, identifier: str) -> None:
            bar.update(task, completed=number - 1, total=total, description=identifier[-40:])

        yield advance
