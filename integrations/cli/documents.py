"""What an operator sees of the documents: the list, one version, its history, and what changed between two."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.errors import InvalidQuestion
from assistant.settings import load_settings
from integrations.cli.differences_view import differences_json, print_differences
from knowledge.audiences import parse_audience
from knowledge.catalogue import Catalogue
from knowledge.comparison.differences import differences
from knowledge.types import Decision, Document
from knowledge.uploads import is_ingested
from knowledge.versions import VersionInfo


@contextmanager
def opened(data: Path | None) -> Iterator[Catalogue]:
    catalogue = Catalogue(data or load_settings().data)
    try:
        yield catalogue
    finally:
        catalogue.close()


def run_list(audience: str | None, matching: str | None, withdrawn: bool, data: Path | None, as_json: bool) -> None:
    audience = parse_audience(audience) if audience else None
    with opened(data) as catalogue:
        infos = catalogue.history()
    wanted = (matching or "").casefold()
    shown = [
        info
        for info in infos
        if audience in (None, info.audience)
        and wanted in f"{info.id}\n{info.title}".casefold()
        and (info.withdrawn_at is not None or not withdrawn)
    ]
    if as_json:
        print(json.dumps([asdict(info) for info in shown], ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("document", "version", "audience", "dated", "state"):
        table.add_column(name, overflow="fold")
    for info in shown:
        label = Text.assemble((info.id, "cyan"), "\n", info.title[:100])
        table.add_row(label, str(info.version), info.audience, info.published or "undated", _state(info))
    console = Console(highlight=False)
    console.print(table)
    console.print(Text(f"{len(shown)} of {len(infos)} documents", style="dim"))


def run_show(identifier: str, version: int | None, data: Path | None, as_json: bool) -> None:
    with opened(data) as catalogue:
        info = catalogue.info(identifier, version)
        document = catalogue.stored(identifier, info.version)
    if as_json:
        print(json.dumps({**asdict(info), "text": document.text}, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(info.title, style="bold"))
    console.print(Text(f"{info.id} · version {info.version} · {info.audience} · {_state(info)}", style="dim"))
    if document.source.url:
        console.print(Text(document.source.url, style="dim"))
    console.print(Text(f"\n{document.text}"))


def run_history(identifier: str, data: Path | None, as_json: bool) -> None:
    with opened(data) as catalogue:
        catalogue.info(identifier)  # there is one
        infos, decisions = catalogue.history(identifier), catalogue.decisions(identifier)
    if as_json:
        said = {"versions": list(map(asdict, infos)), "decisions": list(map(asdict, decisions))}
        print(json.dumps(said, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    for info in infos:
        console.print(
            Text.assemble(
                (f"version {info.version}", "bold"), f" · {_days(info)} · {info.audience} · {_state(info)} · "
            )
            + Text(_brought(info), style="dim")
        )
    for decision in decisions:
        console.print(Text(f"{decision.at[:16].replace('T', ' ')}  {decision.who}: {_told(decision)}"))


def run_diff(
    identifier: str, old: int | None, new: int | None, html: Path | None, data: Path | None, as_json: bool
) -> None:
    before, after = _pair(identifier, old, new, data)
    found = differences(before, after)
    if html is not None:
        from integrations.web.differences_page import differences_page

        try:
            html.write_text(differences_page(found), encoding="utf-8")
        except OSError as error:
            raise InvalidQuestion(f"{html} cannot be written: {error.strerror}") from error
        print(json.dumps({"file": str(html)}) if as_json else f"Written to {html}")
    elif as_json:
        print(json.dumps(differences_json(found), ensure_ascii=False, indent=2))
    else:
        print_differences(found)


def _pair(identifier: str, old: int | None, new: int | None, data: Path | None) -> tuple[Document, Document]:
    with opened(data) as catalogue:
        newer = catalogue.info(identifier, new)
        if old is None and newer.version == 1:
            raise InvalidQuestion(f"There is only one version of '{identifier}' so far: nothing to compare it with.")
        older = catalogue.info(identifier, old if old is not None else newer.version - 1)
        return catalogue.stored(identifier, older.version), catalogue.stored(identifier, newer.version)


def _state(info: VersionInfo) -> str:
    if info.withdrawn_at is not None:
        return f"withdrawn {info.withdrawn_at[:10]}"
    if info.in_force:
        return "in force"
    if info.superseded_by is not None:
        return f"superseded by {info.superseded_by}"
    return "not in force any more" if info.ends is not None else "not yet in force"


def _brought(info: VersionInfo) -> str:
    """When a version came, and from where."""
    if info.uploaded:
        place = f", in place of {info.origin}" if is_ingested(info.origin) else ""
        return f"uploaded {info.ingested_at[:10]}{place}"
    return f"read {info.ingested_at[:10]} from {info.origin}"


def _days(info: VersionInfo) -> str:
    start = info.starts or "…"
    return f"from {start}" if info.ends is None else f"from {start} up to {info.ends}"


def _told(decision: Decision) -> str:
    detail = ", ".join(f"{name.replace('_', ' ')} {value or 'cleared'}" for name, value in decision.detail.items())
    return f"{decision.action} ({detail})" if detail else decision.action
