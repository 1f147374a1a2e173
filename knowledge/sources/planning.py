"""Which pages a run looks at, and in which order. Pure."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from knowledge.sources.holdings import Holdings
from knowledge.sources.looking import said_of
from knowledge.sources.registry import Entry
from knowledge.sources.state import PRESENT, Seen, State


def is_due(entry: Entry, state: State, held: Holdings, now: datetime) -> bool:
    """Whether an enabled page is to be looked at: never seen or not there the last time, gone from the base, spoken of
    differently, or its review days are over."""
    seen = state.pages.get(entry.id)
    if seen is None or seen.url != entry.url or seen.status not in PRESENT:
        return True
    if entry.url not in held.pages or seen.said != said_of(entry):
        return True
    return now - seen.checked_at >= timedelta(days=entry.review_days)


def is_held(entry: Entry, seen: Seen, held: Holdings) -> bool:
    """Whether the document in the base is the one that was made from the page as it was seen."""
    return seen.url == entry.url and entry.url in held.pages and held.pages[entry.url].digest == seen.digest


def spread(entries: Sequence[Entry]) -> list[Entry]:
    """One page of each host, then the second of each: while one host has its breath, the others are asked."""
    hosts: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        hosts[entry.target.host].append(entry)
    rounds = itertools.zip_longest(*hosts.values())
    return [entry for turn in rounds for entry in turn if entry is not None]
