"""``migdesk library``: the briefs that ship with the desk (or a folder of one's own), listed, shown and checked."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.errors import InvalidQuestion
from integrations.wire import TopicOut
from knowledge.brief_checks import LibraryReport, briefs_in, check_library
from knowledge.errors import UnreadableDocument
from knowledge.jurisdictions import JURISDICTIONS
from knowledge.readers import read_file
from knowledge.readers.reading import Reading
from knowledge.topics import THEME_NAMES, THEMES, by_theme, in_jurisdiction, is_review_due
from knowledge.types import Source


@contextmanager
def library_in(path: Path | None) -> Iterator[list[Path]]:
    """The briefs of a folder, or those that ship. Raises InvalidQuestion for a path that is not there or holds none."""
    if path is not None:
        if not path.exists():
            raise InvalidQuestion(f"{path}: no such file or directory")
        files = briefs_in(path)
        if not files:
            raise InvalidQuestion(f"{path}: holds no Markdown file")
        yield files
        return
    with resources.as_file(resources.files("knowledge") / "library") as shipped:
        yield briefs_in(shipped)


def run_list(path: Path | None, theme: str | None, country: str | None, as_json: bool) -> None:
    if theme is not None and theme not in THEMES:
        raise InvalidQuestion(f"'{theme}' is no theme. Use one of: {', '.join(THEMES)}.")
    if country is not None and country.upper() not in JURISDICTIONS:
        raise InvalidQuestion(f"'{country}' is no code the library knows, such as RS or XK.")
    with library_in(path) as files:
        sources = [_source_of(reading) for reading in _readings(files).values()]
    if country is not None:
        sources = in_jurisdiction(sources, country.upper())
    themes = {name: listed for name, listed in by_theme(sources).items() if theme in (None, name)}
    if as_json:
        listed = [_entry(source) for of_theme in themes.values() for source in of_theme]
        print(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        _print_list(themes)


def run_show(identifier: str, path: Path | None, as_json: bool) -> None:
    with library_in(path) as files:
        reading = _readings(files).get(identifier)
    if reading is None:
        raise InvalidQuestion(f"There is no brief '{identifier}'. `migdesk library list` shows them all.")
    if as_json:
        shown = _entry(_source_of(reading)) | {"text": reading.text, "sources": list(map(asdict, reading.references))}
        print(json.dumps(shown | {"disagreements": list(map(asdict, reading.disagreements))}, ensure_ascii=False))
    else:
        _print_brief(reading)


def run_check(paths: list[Path], as_json: bool) -> int:
    """The exit code: 1 when there are errors."""
    with ExitStack() as shelves:
        named: list[Path | None] = [*paths] or [None]
        files = [file for path in named for file in shelves.enter_context(library_in(path))]
        # A folder and a file in it may both be named.
        report = check_library(list(dict.fromkeys(file.resolve() for file in files)), _today())
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        _print_report(report)
    return 0 if report.is_sound else 1


def _today() -> date:
    return datetime.now(UTC).date()


def _readings(files: list[Path]) -> dict[str, Reading]:
    """The briefs by id. A file that is none hides no other: it is named on standard error."""
    readings: dict[str, Reading] = {}
    for file in files:
        try:
            reading = read_file(file)[1]
        except UnreadableDocument as error:
            print(f"{file} is left out: {error}", file=sys.stderr)
            continue
        if reading.id is None:
            print(f"{file} is left out: it is no brief", file=sys.stderr)
            continue
        readings[reading.id] = reading
    return readings


def _source_of(reading: Reading) -> Source:
    return Source(
        id=reading.id or "",
        title=reading.title,
        audience=reading.audience or "",
        as_of=reading.as_of,
        review_by=reading.review_by,
        references=reading.references,
        subject=reading.subject,
    )


def _entry(source: Source) -> dict[str, Any]:
    return TopicOut.of(source, _today()).model_dump(mode="json")


def _print_list(themes: dict[str, list[Source]]) -> None:
    console = Console(highlight=False)
    for theme, sources in themes.items():
        console.print(Text(f"\n{THEME_NAMES[theme]}", style="bold"))
        table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(ratio=1)
        table.add_column(no_wrap=True)
        for source in sources:
            due = Text(" review due", style="red") if is_review_due(source.review_by, _today()) else Text("")
            table.add_row(Text(source.id, style="cyan"), Text(source.title), Text(f"as of {source.as_of}") + due)
        console.print(table)
    count = sum(map(len, themes.values()))
    counted = f"{_counted(count, 'brief')} in {_counted(len(themes), 'theme')}"
    console.print(f"\n{counted}. `migdesk library show ID` prints one.")


def _print_brief(reading: Reading) -> None:
    console = Console(highlight=False, soft_wrap=True)
    numbers = {reference.id: number for number, reference in enumerate(reading.references, start=1)}
    console.print(Text(reading.title, style="bold"))
    review = f", review by {reading.review_by}" if reading.review_by else ""
    console.print(Text(f"as of {reading.as_of}{review}", style="dim"))
    headings: tuple[str, ...] = ()
    for block in reading.blocks:
        if block.headings != headings and block.headings:
            console.print(Text(f"\n{block.headings[-1]}", style="bold"))
        headings = block.headings
        console.print(Text(("- " if block.kind == "item" else "\n") + _numbered(reading, block.span.start, numbers)))
    console.print(Text("\nSources", style="bold"))
    for reference in reading.references:
        said = [reference.publisher or "", reference.published or "undated", reference.url or ""]
        console.print(Text(f"[{numbers[reference.id]}] {reference.title}. {', '.join(filter(None, said))}"))


def _numbered(reading: Reading, start: int, numbers: dict[str, int]) -> str:
    """The block that begins at ``start``, each statement followed by the numbers of its sources."""
    block = next(block for block in reading.blocks if block.span.start == start)
    parts: list[str] = []
    position = start
    for attribution in reading.attributions:
        if start <= attribution.span.start and attribution.span.end <= block.span.end:
            labels = "".join(f"[{numbers[identifier]}]" for identifier in attribution.reference_ids)
            parts.append(f"{reading.text[position : attribution.span.end].rstrip()} {labels}")
            position = attribution.span.end
    return "".join([*parts, reading.text[position : block.span.end]])


def _print_report(report: LibraryReport) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for finding in report.findings:
        style = "red" if finding.level == "error" else "yellow"
        console.print(Text.assemble((finding.level, style), " ", (finding.file, "bold"), f": {finding.message}"))
    errors = sum(finding.level == "error" for finding in report.findings)
    console.print(
        f"{_counted(report.briefs, 'brief')}, {_counted(report.statements, 'statement')}, "
        f"{_counted(report.sources, 'publication')}, {_counted(report.disagreements, 'disagreement')} shown · "
        f"{_counted(errors, 'error')}, {_counted(len(report.findings) - errors, 'warning')}"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun + 's'}"
