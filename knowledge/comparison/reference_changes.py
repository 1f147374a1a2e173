"""Which of the publications a document rests on are new, gone or told of differently. Pure."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.types import Reference


@dataclass(frozen=True, slots=True)
class ReferenceChange:
    """A publication that was added (``old`` is None), removed (``new`` is None), or has another title, publisher, date
    or address now. The ids are the documents' own and may differ without a change."""

    kind: Literal["added", "removed", "changed"]
    old: Reference | None
    new: Reference | None


def reference_changes(old: Sequence[Reference], new: Sequence[Reference]) -> tuple[ReferenceChange, ...]:
    """In the order of the new document, then what is gone in the order of the old one."""
    origins: dict[int, int] = {}
    for key in (_told, _address, _title):
        _match(old, new, key, origins)
    found: list[ReferenceChange] = []
    for place, reference in enumerate(new):
        if place not in origins:
            found.append(ReferenceChange("added", None, reference))
        elif _told(origin := old[origins[place]]) != _told(reference):
            found.append(ReferenceChange("changed", origin, reference))
    matched = set(origins.values())
    gone = (reference for place, reference in enumerate(old) if place not in matched)
    return (*found, *(ReferenceChange("removed", reference, None) for reference in gone))


def _match(
    old: Sequence[Reference],
    new: Sequence[Reference],
    key: Callable[[Reference], Hashable],
    origins: dict[int, int],
) -> None:
    """Adds to ``origins`` the place in ``old`` of each reference of ``new`` that has the same key, by its place."""
    matched = set(origins.values())
    waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for place, reference in enumerate(old):
        if place not in matched and key(reference):
            waiting[key(reference)].append(place)
    for place, reference in enumerate(new):
        if place not in origins and (those := waiting.get(key(reference))):
            origins[place] = those.popleft()


def _told(reference: Reference) -> Hashable:
    """What a reader is told of it."""
    return (reference.title, reference.publisher, reference.published, reference.url)


def _address(reference: Reference) -> Hashable:
    return reference.url


def _title(reference: Reference) -> Hashable:
    return reference.title
