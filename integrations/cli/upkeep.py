"""``migdesk knowledge backup``, ``restore`` and ``check``: progress while they run, and the report after it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from assistant.settings import load_settings
from knowledge.keeping.archive import Progress
from knowledge.keeping.backup import BackupReport, back_up
from knowledge.keeping.consistency import check
from knowledge.keeping.findings import Finding
from knowledge.keeping.restore import RestoreReport, restore
from knowledge.keeping.surroundings import repair as tidy
from knowledge.types import Decision

_SHOWN = 20


def run_backup(file: Path, data: Path | None, as_json: bool) -> None:
    directory = data or load_settings().data
    with _bar() as progress:
        report = back_up(directory, file, progress)
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _print_backup(report)


def run_restore(file: Path, data: Path | None, replace: bool, as_json: bool) -> None:
    settings = load_settings()
    directory = data or settings.data
    with _bar() as progress:
        report = restore(file, directory, replace=replace, progress=progress, chroma_url=settings.chroma_url)
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _print_restore(report, directory)


def run_check(data: Path | None, repair: bool, as_json: bool) -> int:
    """The exit code: 1 where something is not well. ``repair`` deletes what no document names first."""
    settings = load_settings()
    directory = data or settings.data
    deleted = 0
    with _bar() as progress:
        findings = check(directory, settings.chroma_url, progress)
        if repair:
            deleted = tidy(directory)
            findings = check(directory, settings.chroma_url, progress) if deleted else findings
    if as_json:
        said = {"findings": [asdict(finding) for finding in findings], "deleted": deleted}
        print(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        _print_findings(findings, deleted, repair)
    return 0 if all(finding.well for finding in findings) else 1


@contextmanager
def _bar() -> Iterator[Progress]:
    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        task = bar.add_task("", total=None)

        def advance(done: int, total: int, label: str) -> None:
            bar.update(task, completed=done, total=total or None, description=label)

        yield advance


def _print_backup(report: BackupReport) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        Text.assemble(
            (report.file, "bold"),
            f": {report.documents} documents in {report.versions} versions, {report.originals} originals · "
            f"{_size(report.size)} · as of {report.made_at} · read back and whole",
        )
    )
    _print_some(console, "originals that were missing or damaged and are not in it", list(report.lost))
    console.print("Conversations and accounts are not in it: `migdesk conversations backup` copies those.")


def _print_restore(report: RestoreReport, directory: Path) -> None:
    console = Console(highlight=False, soft_wrap=True)
    how = "restore completed" if report.completed else "restored"
    console.print(
        Text.assemble(
            (f"{how}: {report.documents} documents in {report.versions} versions", "bold"),
            f", {report.originals} originals, as of {report.made_at} · {directory}",
        )
    )
    _print_some(console, "kept, because it was decided after the backup", list(map(_decided, report.kept)))
    _print_some(console, "decided after the backup and no longer so", list(map(_decided, report.lapsed)))
    _print_some(console, "documents added after the backup, not there any more", list(report.gone))
    _print_some(console, "documents deleted after the backup, there again", list(report.back))
    _print_some(console, "originals that the backup did not have", list(report.lost))
    if report.decisions_unreadable:
        console.print("The base in the way could not be read: decisions made after the backup are lost.", style="red")
    if report.restart:
        console.print("Start a desk that runs on this directory again: it has the old catalogue open.", style="red")


def _print_findings(findings: list[Finding], deleted: int, repair: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if repair:
        console.print(f"{deleted} {'file' if deleted == 1 else 'files'} deleted that no document names")
    for finding in findings:
        mark = ("ok   ", "green") if finding.well else ("WRONG", "bold red")
        console.print(Text.assemble(mark, " ", (finding.what, "bold"), f": {finding.detail}"))
        for example in finding.examples:
            console.print(Text(f"      {example}"))
        if finding.advice:
            console.print(Text(f"      {finding.advice}"))


def _print_some(console: Console, what: str, items: list[str]) -> None:
    if not items:
        return
    console.print(Text(f"{what}: {len(items)}", style="yellow"))
    for item in items[:_SHOWN]:
        # Names and reasons are somebody else's text: nothing in it is meant for the terminal.
        console.print(Text("  " + "".join(character if character.isprintable() else "�" for character in item)))
    if len(items) > _SHOWN:
        console.print(f"  and {len(items) - _SHOWN} more; --json lists them all")


def _decided(decision: Decision) -> str:
    detail = ", ".join(f"{name} {value}" for name, value in decision.detail.items() if value is not None)
    by = f"{decision.who}, {decision.at}" if decision.who and decision.at else decision.who or "an ingest"
    return f"{decision.document_id}: {decision.action} ({detail}) by {by}"


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{count / 2**10:.0f} KB"
