"""What changed between two versions of a document, statement by statement. Pure.

A statement is what a citation would quote: a sentence, a list item, a table row. One that stands in another place of
the same section, or whose section has another heading now, has not changed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.comparison.outlines import HeadingChange, Section, corresponding, heading_changes
from knowledge.comparison.pairing import Line, equal_once, pairs_of
from knowledge.comparison.reference_changes import ReferenceChange, reference_changes
from knowledge.comparison.rewording import Segment, rewording
from knowledge.comparison.statements import Statement, statements_of
from knowledge.types import Document, Source

Kind = Literal["negation_changed", "figure_changed", "date_changed", "reworded", "moved", "added", "removed"]
# The gravest first: what a reader who relied on the old version has to know before anything else.
KIND_NAMES: dict[Kind, str] = {
    "negation_changed": "negation changed",
    "figure_changed": "figure changed",
    "date_changed": "date changed",
    "reworded": "reworded",
    "moved": "moved",
    "added": "added",
    "removed": "removed",
}
Fact = Literal["title", "publisher", "url", "language", "published", "as_of", "review_by", "valid_from", "valid_until"]
FACT_NAMES: dict[Fact, str] = {
    "title": "title",
    "publisher": "publisher",
    "url": "address",
    "language": "language",
    "published": "published",
    "as_of": "as of",
    "review_by": "review by",
    "valid_from": "valid from",
    "valid_until": "valid until",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one statement. ``old`` is None for one that was added, ``new`` for one that was removed. ``also``
    names what else holds: a reworded statement may have moved, and a figure in it may have changed. ``section`` is
    where the new version has it, or would have it. Only where the words changed are there segments."""

    kind: Kind
    old: Statement | None
    new: Statement | None
    section: Section
    also: tuple[Kind, ...] = ()
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class FactChange:
    """Something that is known of the document besides its text."""

    fact: Fact
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Differences:
    """All that changed from one version to the other, each list in document order. ``kept`` counts the statements that
    both have in the same words under the same heading."""

    old: Source
    new: Source
    kept: int
    changes: tuple[Change, ...]
    headings: tuple[HeadingChange, ...]
    references: tuple[ReferenceChange, ...]
    facts: tuple[FactChange, ...]

    @property
    def counts(self) -> dict[Kind, int]:
        """How many statements changed in each way, also in the ways that none did. One that changed in several ways
        counts in each."""
        counted = Counter(kind for change in self.changes for kind in (change.kind, *change.also))
        return {kind: counted[kind] for kind in KIND_NAMES}

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.headings or self.references or self.facts)


def differences(old: Document, new: Document) -> Differences:
    """What changed from ``old`` to ``new``. Swapping them swaps what was added and removed."""
    titles = (old.source.title, new.source.title)
    before, after = statements_of(old, titles), statements_of(new, titles)
    pairs = _pairs(before, after, corresponding(before, after, equal_once(_texts(before), _texts(after))))
    sections = corresponding(before, after, pairs)
    kept, changes = 0, list[tuple[tuple[int, int, int], Change]]()
    for place, partner in pairs.items():
        change = _change(before[place], after[partner], sections)
        if change is None:
            kept += 1
        else:
            changes.append(((partner, 0, 0), change))
    come = set(range(len(after))) - set(pairs.values())
    changes += [((place, 0, 0), Change("added", None, after[place], after[place].headings)) for place in come]
    changes += _removed(before, after, pairs, sections)
    return Differences(
        old=old.source,
        new=new.source,
        kept=kept,
        changes=tuple(change for _, change in sorted(changes, key=lambda item: item[0])),
        headings=heading_changes(before, after, sections),
        references=reference_changes(old.source.references, new.source.references),
        facts=_fact_changes(old.source, new.source),
    )


def _texts(statements: Sequence[Statement]) -> list[str]:
    return [statement.text for statement in statements]


def _pairs(
    before: Sequence[Statement], after: Sequence[Statement], sections: Mapping[Section, Section]
) -> dict[int, int]:
    numbers: dict[Section | None, int] = {}
    for statement in after:
        numbers.setdefault(statement.headings, len(numbers))
    # A section that is gone is no section of the new version.
    lines = [Line(s.text, numbers.get(sections.get(s.headings), -1)) for s in before]
    return pairs_of(lines, [Line(s.text, numbers[s.headings]) for s in after])


def _change(old: Statement, new: Statement, sections: Mapping[Section, Section]) -> Change | None:
    moved = sections.get(old.headings) != new.headings
    if old.text == new.text:
        return Change("moved", old, new, new.headings) if moved else None
    words = rewording(old.text, new.text)
    also: tuple[Kind, ...] = (*words.also, "moved") if moved else words.also
    return Change(words.kind, old, new, new.headings, also, words.segments)


def _removed(
    before: Sequence[Statement],
    after: Sequence[Statement],
    pairs: Mapping[int, int],
    sections: Mapping[Section, Section],
) -> list[tuple[tuple[int, int, int], Change]]:
    """What is gone, placed after what it stood after; at the beginning of a section, before what follows; and a section
    of which nothing stayed, after the section that it stood after."""
    ends = _ends(after)
    following: list[int | None] = [None] * len(before)
    upcoming: int | None = None
    for place in range(len(before) - 1, -1, -1):
        following[place] = upcoming
        if place in pairs and _stays(before[place], after[pairs[place]], sections):
            upcoming = place
    found: list[tuple[tuple[int, int, int], Change]] = []
    preceding: int | None = None
    for place, statement in enumerate(before):
        if place in pairs:
            if _stays(statement, after[pairs[place]], sections):
                preceding = place
            continue
        next_one = following[place]
        opens = preceding is None or before[preceding].headings != statement.headings
        if opens and next_one is not None and before[next_one].headings == statement.headings:
            key = (pairs[next_one], -1, place)
        elif preceding is None:
            key = (-1, 1, place)
        else:
            key = (ends[pairs[preceding]] if opens else pairs[preceding], 1, place)
        section = sections.get(statement.headings, statement.headings)
        found.append((key, Change("removed", statement, None, section)))
    return found


def _ends(statements: Sequence[Statement]) -> list[int]:
    """For each statement the place of the last one in the same run under one heading."""
    ends = list(range(len(statements)))
    for place in range(len(statements) - 2, -1, -1):
        if statements[place].headings == statements[place + 1].headings:
            ends[place] = ends[place + 1]
    return ends


def _stays(old: Statement, new: Statement, sections: Mapping[Section, Section]) -> bool:
    return sections.get(old.headings) == new.headings


def _fact_changes(old: Source, new: Source) -> tuple[FactChange, ...]:
    told = ((fact, getattr(old, fact), getattr(new, fact)) for fact in FACT_NAMES)
    return tuple(FactChange(fact, before, after) for fact, before, after in told if before != after)
