"""What a look at the pages or a refresh of them came to, for a person or as JSON."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from knowledge.sources.looking import Look
from knowledge.sources.registry import Entry
from knowledge.sources.report import Page, RefreshReport
from knowledge.sources.state import PRESENT

SHOWN = 50


def looked(entry: Entry, look: Look) -> dict[str, object]:
    reading = look.reading
    return {
        "id": entry.id,
        "url": entry.url,
        "found": look.found,
        "reason": look.reason,
        "note": look.note,
        "title": reading.title if reading else None,
        "characters": len(reading.text) if reading else 0,
    }


def print_looks(looks: list[tuple[Entry, Look]]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for entry, look in looks:
        said = look.reason
        if look.reading is not None:
            said = f"{look.reading.title} ({len(look.reading.text):,} characters)"
        console.print(_line(look.found, "green" if look.found == "there" else "red", entry.id, said))
        if look.note:
            console.print(_line("note", "yellow", entry.id, look.note))


def print_report(report: RefreshReport, directory: Path, path: Path) -> None:
    console = Console(highlight=False, soft_wrap=True)
    counts = Counter(page.status for page in report.pages)
    said = ", ".join(
        f"{counts[status]} {status}" for status in ("fetched", "changed", "not modified", "vanished", "failed")
    )
    console.print(
        Text(
            f"{said}, {counts['refused']} refused by robots.txt · {report.settled} not due · "
            f"{report.passages} passages written · {directory}"
        )
    )
    lines = [*_page_lines(report), *_kept_lines(report, path)]
    for line in lines[:SHOWN]:
        console.print(line)
    if len(lines) > SHOWN:
        console.print(f"  and {len(lines) - SHOWN} more; --json lists them all")
    if report.withdrawn:
        console.print(Text(f"{len(report.withdrawn)} withdrawn: {', '.join(report.withdrawn)}"))
    if report.vanished or report.dropped:
        console.print("Their documents stay in the base; `migdesk sources refresh --remove-vanished` withdraws them.")
    if report.remark:
        console.print(Text(report.remark, style="yellow"))


def _page_lines(report: RefreshReport) -> Iterator[Text]:
    kept = {page.id for page in report.vanished}
    for page in report.pages:
        if page.status not in PRESENT and page.id not in kept:
            yield _line(page.status, "red", page.id, _since(page))
        if page.note:
            yield _line("note", "yellow", page.id, page.note)


def _kept_lines(report: RefreshReport, path: Path) -> Iterator[Text]:
    for page in report.vanished:
        yield _line("vanished", "red", page.id, _since(page))
    for document in report.dropped:
        yield _line("dropped", "yellow", document.document_id, f"{document.url} is no longer in {path}")


def _since(page: Page) -> str:
    last = f"last seen {page.last_seen}" if page.last_seen else "never seen"
    return f"{page.url} {page.reason}; {last}"


def _line(word: str, style: str, identifier: str, said: str) -> Text:
    # Titles and reasons are partly other people's text: as text, no markup in them is meant for the terminal.
    return Text.assemble((f"  {word} ", style), f"{identifier}: ", said)
