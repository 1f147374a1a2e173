"""Which section of one version is which section of another, also under a new heading. Pure.

Sections are named by their headings from the outermost inwards. They are matched level by level: first by name, then
by the statements that went from one to the other, then by the words of the heading itself.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.comparison.statements import Statement
from knowledge.spelling import folded_words

Section = tuple[str, ...]

_TOP: Section = ()
# Of all words in two headings, the share that both must have for a section to be taken for the same one.
_ALIKE = 0.5
_MOST_COMPARED = 10_000


@dataclass(frozen=True, slots=True)
class HeadingChange:
    """A section that was added (``old`` is None), removed (``new`` is None) or renamed."""

    kind: Literal["added", "removed", "renamed"]
    old: Section | None
    new: Section | None


def sections_of(statements: Sequence[Statement]) -> list[Section]:
    """Every section in the order of its first statement, the outer before the inner; the document itself is none."""
    found: dict[Section, None] = {}
    for statement in statements:
        for depth in range(1, len(statement.headings) + 1):
            found.setdefault(statement.headings[:depth])
    return list(found)


def corresponding(
    old: Sequence[Statement], new: Sequence[Statement], pairs: Mapping[int, int]
) -> dict[Section, Section]:
    """Sections of the old version and the same in the new one; those that only one of them has are absent. No two share
    one, and comparing the other way round gives the same. ``pairs`` are places of statements in the old version and of
    what they became in the new one."""
    votes = _votes(old, new, pairs)
    from_old, to_new = Counter[Section](), Counter[Section]()
    for (before, after), count in votes.items():
        from_old[before] += count
        to_new[after] += count
    chosen = {
        before: after for (before, after), count in votes.items() if 2 * count > max(from_old[before], to_new[after])
    }
    old_inner, new_inner = _inner(sections_of(old)), _inner(sections_of(new))
    result: dict[Section, Section] = {_TOP: _TOP}
    level = [_TOP]
    while level:
        reached: list[Section] = []
        for parent in level:
            gone, come = old_inner.get(parent, []), new_inner.get(result[parent], [])
            same = _same_name(gone, come)
            come_anew = set(come) - set(same.values())
            gone = [section for section in gone if section not in same]
            voted = {section: chosen[section] for section in gone if chosen.get(section) in come_anew}
            # Where statements have spoken against it, the words of a heading are no reason.
            gone = [section for section in gone if not from_old[section]]
            come = [section for section in come if section in come_anew and not to_new[section]]
            found = same | voted | _alike(gone, come)
            result |= found
            reached += found
        level = reached
    return result


def heading_changes(
    before: Sequence[Statement], after: Sequence[Statement], sections: Mapping[Section, Section]
) -> tuple[HeadingChange, ...]:
    """In document order, what is gone after what it stood after. A section whose outer heading alone has another name
    is not told of again."""
    old, new = sections_of(before), sections_of(after)
    origins = {there: here for here, there in sections.items()}
    places = {section: place for place, section in enumerate(new)}
    found: list[tuple[tuple[int, int], HeadingChange]] = []
    for section in new:
        origin = origins.get(section)
        if origin is None:
            found.append(((places[section], 0), HeadingChange("added", None, section)))
        elif origin[-1] != section[-1]:
            found.append(((places[section], 0), HeadingChange("renamed", origin, section)))
    last = -1
    for place, section in enumerate(old):
        if section in sections:
            last = places[sections[section]]
        else:
            found.append(((last, 1 + place), HeadingChange("removed", section, None)))
    return tuple(change for _, change in sorted(found, key=lambda item: item[0]))


def _votes(
    old: Sequence[Statement], new: Sequence[Statement], pairs: Mapping[int, int]
) -> Counter[tuple[Section, Section]]:
    """How many statements went from a section of the old version to one of the new."""
    votes = Counter[tuple[Section, Section]]()
    for place, partner in pairs.items():
        here, there = old[place].headings, new[partner].headings
        votes.update((here[:depth], there[:depth]) for depth in range(1, min(len(here), len(there)) + 1))
    return votes


def _inner(sections: Sequence[Section]) -> Mapping[Section, list[Section]]:
    inner: dict[Section, list[Section]] = {}
    for section in sections:
        inner.setdefault(section[:-1], []).append(section)
    return inner


def _same_name(gone: Sequence[Section], come: Sequence[Section]) -> dict[Section, Section]:
    named = {section[-1]: section for section in come}
    return {section: named[section[-1]] for section in gone if section[-1] in named}


def _alike(gone: Sequence[Section], come: Sequence[Section]) -> dict[Section, Section]:
    """Sections whose headings are more alike than either is to any other heading: of two annexes, neither is taken for
    a third. None where there are very many: that is another document."""
    if len(gone) * len(come) > _MOST_COMPARED:
        return {}
    likeness = {(before, after): _likeness(before[-1], after[-1]) for before in gone for after in come}
    found: dict[Section, Section] = {}
    for before in gone:
        best = max((likeness[before, after] for after in come), default=0.0)
        nearest = [after for after in come if likeness[before, after] == best]
        if best >= _ALIKE and len(nearest) == 1:
            after = nearest[0]
            if sum(likeness[other, after] >= best for other in gone) == 1:
                found[before] = after
    return found


def _likeness(first: str, second: str) -> float:
    one, other = Counter(folded_words(first)), Counter(folded_words(second))
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
