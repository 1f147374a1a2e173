"""What one refresh did, and what it left for an operator to decide."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.sources.holdings import Holdings
from knowledge.sources.registry import Entry
from knowledge.sources.state import State, Status, day


@dataclass(frozen=True, slots=True)
class Page:
    """How it went with one page. ``last_seen`` is the day on which it was last there; ``document_id`` is set while a
    document made from it is in the base."""

    id: str
    url: str
    status: Status
    reason: str = ""
    note: str = ""
    last_seen: str | None = None
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A document whose page is no longer in sources.toml."""

    document_id: str
    url: str


@dataclass(slots=True)
class RefreshReport:
    """``pages`` were looked at in this run, ``settled`` is how many enabled ones were not due. ``vanished`` and
    ``dropped`` still have their documents in the base, which holds ``documents``; ``withdrawn`` had theirs taken
    out."""

    pages: list[Page] = field(default_factory=list)
    settled: int = 0
    vanished: list[Page] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    documents: int = 0
    passages: int = 0
    remark: str = ""

    @property
    def to_withdraw(self) -> dict[str, str]:
        """The documents that withdrawing would take out, and why."""
        vanished = {page.document_id: f"{page.url} {page.reason}" for page in self.vanished if page.document_id}
        return vanished | {d.document_id: f"{d.url} is no longer in sources.toml" for d in self.dropped}

    @property
    def removes_much(self) -> bool:
        """Whether that is more than a fifth of the base: rather a mistake than a wish."""
        return len(self.to_withdraw) * 5 > self.documents


def vanished(entries: Sequence[Entry], state: State, held: Holdings) -> list[Page]:
    """The pages that were gone when they were last asked for, and whose documents are still here."""
    found = []
    for entry in entries:
        seen = state.pages.get(entry.id)
        document = held.pages.get(entry.url)
        if seen and seen.status == "vanished" and seen.url == entry.url and document and not document.is_withdrawn:
            found.append(Page(entry.id, entry.url, "vanished", seen.reason, "", day(seen.seen_at), document.id))
    return found


def dropped(entries: Sequence[Entry], held: Holdings) -> list[Dropped]:
    """An entry that got another URL keeps its id, and its document until the new page is there."""
    urls, ids = {entry.url for entry in entries}, {entry.id for entry in entries}
    return [
        Dropped(document.id, url)
        for url, document in sorted(held.pages.items())
        if url not in urls and document.id not in ids and not document.is_withdrawn
    ]
