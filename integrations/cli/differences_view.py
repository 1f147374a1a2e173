"""What changed between two versions of a document, in the terminal and as plain values for ``--json``."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text

from knowledge.comparison.differences import FACT_NAMES, KIND_NAMES, Change, Differences
from knowledge.comparison.outlines import HeadingChange, Section
from knowledge.comparison.reference_changes import ReferenceChange
from knowledge.comparison.statements import Statement
from knowledge.normalisation import title_of
from knowledge.types import Reference, Source

_OLD, _NEW, _MARK = "red", "green", "cyan"


def differences_json(differences: Differences) -> dict[str, Any]:
    """Lists, dicts, strings and numbers only. Of a statement: its words and where it lies in its version's text."""
    return {
        "old": _version(differences.old),
        "new": _version(differences.new),
        "kept": differences.kept,
        "changed": len(differences.changes),
        "counts": dict(differences.counts),
        "facts": list(map(asdict, differences.facts)),
        "headings": [
            {"kind": change.kind, "old": _listed(change.old), "new": _listed(change.new)}
            for change in differences.headings
        ],
        "references": list(map(asdict, differences.references)),
        "changes": [
            {
                "kind": change.kind,
                "also": list(change.also),
                "section": list(change.section),
                "old": _statement(change.old),
                "new": _statement(change.new),
                "segments": list(map(asdict, change.segments)),
            }
            for change in differences.changes
        ],
    }


def print_differences(differences: Differences, console: Console | None = None) -> None:
    """Counts first, then what is known of the document, its headings and publications, and each statement under its
    heading. What was removed stands in ``[-…-]``, what was added in ``{+…+}``: colour only helps."""
    out = console or Console(highlight=False)
    for line in _lines(differences):
        out.print(line, soft_wrap=True, highlight=False)


def _lines(differences: Differences) -> Iterator[Text]:
    old, new = differences.old, differences.new
    yield Text(title_of(new.title), style="bold")
    yield Text(f"{_told(old)} → {_told(new)}", style="dim")
    if differences.is_empty:
        yield Text("\nNothing changed.")
        return
    yield Text(f"\n{_counted(len(differences.changes), 'statement')} changed, {differences.kept} unchanged")
    for kind, count in differences.counts.items():
        if count:
            yield Text(f"{count:>6} {KIND_NAMES[kind]}")
    if differences.facts:
        yield Text("\nAbout the document", style="bold")
        for fact in differences.facts:
            yield _mark("~") + f"{FACT_NAMES[fact.fact]}: " + _instead(fact.old, fact.new)
    if differences.headings:
        yield Text("\nHeadings", style="bold")
        yield from map(_heading_change, differences.headings)
    if differences.references:
        yield Text("\nPublications it rests on", style="bold")
        yield from map(_reference_change, differences.references)
    for section, changes in groupby(differences.changes, key=lambda change: change.section):
        yield Text(f"\n{_path(section)}", style="bold")
        yield from map(_change, changes)


def _change(change: Change) -> Text:
    statement = change.new or change.old
    place = f"({statement.place}) " if statement and statement.place else ""
    if change.new is None:
        return _mark("-") + place + Text(change.old.text if change.old else "", style=_OLD)
    if change.old is None:
        return _mark("+") + place + Text(change.new.text, style=_NEW)
    kinds = (change.kind, *change.also)
    names = ", ".join(KIND_NAMES[kind] for kind in kinds)
    origin = f" from {_path(change.old.headings)}" if "moved" in kinds else ""
    words = _words(change) if change.segments else Text(change.new.text)
    return _mark("~") + Text(f"{names}{origin}: ", style=_MARK) + place + words


def _words(change: Change) -> Text:
    line = Text()
    for segment in change.segments:
        match segment.kind:
            case "kept":
                line.append(segment.text)
            case "removed":
                line.append(f"[-{segment.text}-]", style=f"{_OLD} strike")
            case "added":
                line.append(f"{{+{segment.text}+}}", style=f"{_NEW} underline")
    return line


def _heading_change(change: HeadingChange) -> Text:
    if change.new is None:
        return _mark("-") + Text(_path(change.old or ()), style=_OLD)
    if change.old is None:
        return _mark("+") + Text(_path(change.new), style=_NEW)
    return _mark("~") + _instead(_path(change.old), _path(change.new))


def _reference_change(change: ReferenceChange) -> Text:
    if change.new is None or change.old is None:
        gone = change.new is None
        return _mark("-" if gone else "+") + Text(_reference(change.old or change.new), style=_OLD if gone else _NEW)
    return _mark("~") + _instead(_reference(change.old), _reference(change.new))


def _reference(reference: Reference | None) -> str:
    if reference is None:
        return ""
    facts = (reference.title, reference.publisher, reference.published or "undated", reference.url)
    return title_of(", ".join(filter(None, facts)))


def _instead(old: str | None, new: str | None) -> Text:
    removed = Text(f"[-{title_of(old)}-]", style=f"{_OLD} strike") if old else Text()
    added = Text(f"{{+{title_of(new)}+}}", style=f"{_NEW} underline") if new else Text()
    return Text(" ").join(part for part in (removed, added) if part)


def _mark(mark: str) -> Text:
    return Text(f"{mark} ", style={"+": _NEW, "-": _OLD}.get(mark, _MARK))


def _path(section: Iterable[str]) -> str:
    return " › ".join(map(title_of, section)) or "Opening"


def _told(source: Source) -> str:
    dated = source.as_of or source.published
    return f"version {source.version}" + (f", as of {dated}" if dated else "")


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _version(source: Source) -> dict[str, Any]:
    facts: dict[str, Any] = {fact: getattr(source, fact) for fact in FACT_NAMES}
    return {"id": source.id, "version": source.version, **facts}


def _statement(statement: Statement | None) -> dict[str, Any] | None:
    if statement is None:
        return None
    told = {"text": statement.text, "headings": list(statement.headings), "place": statement.place}
    return told | {"start": statement.span.start, "end": statement.span.end}


def _listed(section: Section | None) -> list[str] | None:
    return None if section is None else list(section)
