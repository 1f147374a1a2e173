"""What a library of briefs is checked for beyond what reading a brief already refuses: attribution without a gap, no
source, disagreement or abbreviation left unused, Kosovo* with its footnote, and reviews that are due."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from knowledge.chunking import units_of
from knowledge.errors import UnreadableDocument
from knowledge.readers import read_file
from knowledge.readers.reading import Reading
from knowledge.topics import KOSOVO_FOOTNOTE, is_review_due
from knowledge.types import Attribution, Span

_QUOTED = re.compile("“[^”]*”")
_KOSOVO_ALONE = re.compile(r"Kosovo(?!\*)")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a file (``error``), or something to look at (``warning``)."""

    file: str
    level: Literal["error", "warning"]
    message: str


@dataclass(frozen=True, slots=True)
class LibraryReport:
    """What a check found, and what there is."""

    briefs: int
    statements: int
    sources: int
    disagreements: int
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        return not any(finding.level == "error" for finding in self.findings)


def briefs_in(path: Path) -> list[Path]:
    """The Markdown files of a folder, or the file itself."""
    return sorted(path.rglob("*.md")) if path.is_dir() else [path]


def check_library(paths: Sequence[Path], today: date) -> LibraryReport:
    """Reads and checks every brief. ``sources`` counts different publications by title."""
    findings: list[Finding] = []
    readings: dict[str, Reading] = {}
    for path in paths:
        try:
            reading = read_file(path)[1]
        except UnreadableDocument as error:
            findings.append(Finding(path.name, "error", str(error)))
            continue
        if reading.id is None or reading.subject is None:
            findings.append(Finding(path.name, "error", "is no brief: its front matter is missing"))
            continue
        if reading.id in readings:
            findings.append(Finding(path.name, "error", f"the id '{reading.id}' is taken by another brief"))
        readings[reading.id] = reading
        findings.extend(_findings(path, reading, today))
    return LibraryReport(
        briefs=len(readings),
        statements=sum(len(statements_of(reading)) for reading in readings.values()),
        sources=len({reference.title for reading in readings.values() for reference in reading.references}),
        disagreements=sum(len(reading.disagreements) for reading in readings.values()),
        findings=tuple(findings),
    )


def statements_of(reading: Reading) -> list[str]:
    """The statements of a brief: every sentence and list item but the footnote."""
    units = [unit for block in reading.blocks for unit in units_of(reading.text, block)]
    said = [reading.text[unit.start : unit.end] for unit in units]
    return [statement for statement in said if statement != KOSOVO_FOOTNOTE]


def _findings(path: Path, reading: Reading, today: date) -> Iterator[Finding]:
    def error(message: str) -> Finding:
        return Finding(path.name, "error", message)

    if reading.id != path.stem:
        yield error(f"id: '{reading.id}' is not the name of the file")
    for statement in _unattributed(reading):
        yield error(f"names no source, or shares its markers with another statement: “{statement[:80]}”")
    named = {identifier for attribution in reading.attributions for identifier in attribution.reference_ids}
    for reference in reading.references:
        if reference.id not in named:
            yield error(f"sources: no statement rests on '{reference.id}'")
        if reference.url is not None and not _has_host(reference.url):
            yield error(f"sources: the url of '{reference.id}' names no host")
    marked = {identifier for attribution in reading.attributions for identifier in attribution.disagreement_ids}
    for disagreement in reading.disagreements:
        if disagreement.id not in marked:
            yield error(f"disagreements: no statement is marked [^disagree:{disagreement.id}]")
    yield from map(error, _on_kosovo(reading))
    if is_review_due(reading.review_by, today):
        yield Finding(path.name, "warning", f"review_by: the review planned for {reading.review_by} is due")
    if reading.review_by is None and any(attribution.may_change for attribution in reading.attributions):
        yield error("review_by: is needed where statements are marked [^may-change]")


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:  # such as http://[
        return False


def _unattributed(reading: Reading) -> Iterator[str]:
    """Statements without a marker of their own. One before another's marker would pass for what that source says."""
    for block in reading.blocks:
        units = units_of(reading.text, block)
        for unit in units:
            statement = reading.text[unit.start : unit.end]
            covering = [attribution for attribution in reading.attributions if _covers(attribution, unit)]
            own = [a for a in covering if a.reference_ids and sum(_covers(a, other) for other in units) == 1]
            if statement != KOSOVO_FOOTNOTE and len(own) != 1:
                yield statement


def _covers(attribution: Attribution, unit: Span) -> bool:
    return attribution.span.start <= unit.start and unit.end <= attribution.span.end


def _on_kosovo(reading: Reading) -> Iterator[str]:
    positions = [position.says for disagreement in reading.disagreements for position in disagreement.positions]
    said = [reading.title, reading.text, *(disagreement.about for disagreement in reading.disagreements), *positions]
    ours = _QUOTED.sub("", "\n".join(said).replace(KOSOVO_FOOTNOTE, ""))
    found = _KOSOVO_ALONE.search(ours)
    if found:
        yield f"Kosovo is written without its asterisk: “{ours[max(0, found.start() - 30) : found.end() + 10]}”"
    if "Kosovo*" in ours and KOSOVO_FOOTNOTE not in reading.text:
        yield "Kosovo* stands without its footnote"
