"""``migdesk ingest``: progress while it runs, and the report a person wants to read after it."""

import json
import sys
from dataclasses import asdict
from importlib import resources
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from assistant.build import build_embedder
from assistant.errors import InvalidQuestion
from assistant.settings import load_settings
from knowledge.audiences import parse_audience
from knowledge.candidates import Candidate, files_in, lines_of
from knowledge.ingest import Ingest
from knowledge.types import IngestReport, Refusal

_SHOWN = 20


def run_ingest(
    paths: list[Path],
    audience: str | None,
    corpus: Path | None,
    library: bool,
    rebuild: bool,
    data: Path | None,
    as_json: bool,
) -> int:
    """The exit code: 1 when nothing of what was named is in the base."""
    settings = load_settings()
    directory = data or settings.data
    if audience:
        parse_audience(audience)
    if not (paths or corpus or library or rebuild):
        raise InvalidQuestion("Name files or folders to ingest, or --corpus FILE, --library or --rebuild.")
    with resources.as_file(resources.files("knowledge") / "library") as shipped:
        candidates, refused = files_in([*paths, *([shipped] if library else [])])
        if corpus is not None:
            lines, wrong = lines_of(corpus)
            candidates, refused = [*candidates, *lines], [*refused, *wrong]
        report = _ingest(candidates, refused, audience, rebuild, directory, settings.chroma_url)
    here = (report.added, report.replaced, report.unchanged, report.relabelled, report.withdrawn, report.kept)
    taken = sum(map(len, here))
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _print(report, directory)
    return 0 if taken or (rebuild and not report.refused) else 1


def _ingest(
    candidates: list[Candidate],
    refused: list[Refusal],
    audience: str | None,
    rebuild: bool,
    directory: Path,
    chroma_url: str | None,
) -> IngestReport:
    if not candidates and not rebuild:
        return IngestReport(refused=refused)
    rebuilt = 0
    ingest = Ingest(directory, build_embedder(load_settings()), chroma_url)
    report = IngestReport()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        task = bar.add_task("Reading", total=len(candidates) or None)

        def advance(done: int, total: int, label: str) -> None:
            # A file's name is somebody else's text: no markup in it is meant for the terminal.
            shown = label.replace("[", "(").replace("]", ")")[-40:]
            bar.update(task, completed=done, total=total, description=shown)

        if rebuild:
            rebuilt = ingest.rebuild(advance)
        if candidates:
            report = ingest.run(candidates, audience, advance)
    report.refused[:0] = refused
    report.rebuilt = rebuilt
    return report


def _print(report: IngestReport, directory: Path) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if report.rebuilt:
        console.print(f"index built anew from {report.rebuilt} documents · {directory}")
        done = (report.added, report.replaced, report.unchanged, report.relabelled, report.kept, report.refused)
        if not any(done):
            return
    console.print(
        Text.assemble(
            (f"{len(report.added)} added", "bold"),
            f", {len(report.replaced)} replaced, {len(report.unchanged)} unchanged, ",
            f"{len(report.relabelled)} relabelled, " if report.relabelled else "",
            f"{len(report.withdrawn)} withdrawn before and left so, " if report.withdrawn else "",
            f"{len(report.kept)} kept as uploaded, " if report.kept else "",
            (f"{len(report.refused)} refused", "bold red" if report.refused else ""),
            f" · {report.passages} passages written · {directory}",
        )
    )
    for refusal in report.refused[:_SHOWN]:
        console.print(Text.assemble(("  refused ", "red"), refusal.origin, ": ", refusal.reason))
    if len(report.refused) > _SHOWN:
        console.print(f"  and {len(report.refused) - _SHOWN} more; --json lists them all")
    for identifier in report.kept[:_SHOWN]:
        told = ": the version uploaded by an operator is newer than the file; put it into the folder too"
        console.print(Text.assemble(("  kept ", "yellow"), identifier, told))
    if len(report.kept) > _SHOWN:
        console.print(f"  and {len(report.kept) - _SHOWN} more; --json lists them all")
    for remark in report.remarks[:_SHOWN]:
        console.print(Text.assemble(("  note ", "yellow"), remark.origin, ": ", remark.text))
    if len(report.remarks) > _SHOWN:
        console.print(f"  and {len(report.remarks) - _SHOWN} more notes; --json lists them all")
