"""Brings the knowledge base up to the pages of sources.toml: who is due, a look at each, what changed into the base.

Nothing is removed here because it is missing: a page that vanished and an entry that was dropped are reported, every
time, until an operator has their documents withdrawn.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from knowledge.catalogue import Known
from knowledge.ingest import READERS_VERSION, Ingest
from knowledge.sources.fetching import Fetcher
from knowledge.sources.holdings import Holdings, holdings_in, stored_reading
from knowledge.sources.looking import Look, candidate_of, look_at, said_of
from knowledge.sources.manners import Manners
from knowledge.sources.planning import is_due, is_held, spread
from knowledge.sources.registry import Entry
from knowledge.sources.report import Page, RefreshReport, dropped, vanished
from knowledge.sources.state import PRESENT, Seen, State, Status, day, load_state, one_refresh, save_state

# Pages between two writings: what an interruption costs, against building the index anew each time.
_AT_A_TIME = 50

Progress = Callable[[int, int, str], None]


class Refresh:
    """Over one data directory. Raises KnowledgeError where the whole run cannot go on; a page that cannot be fetched
    or read is reported and the rest goes on. Interrupted, it keeps what was written before, whole."""

    def __init__(
        self,
        directory: Path,
        ingest: Ingest,
        fetcher: Fetcher,
        manners: Manners,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._directory = directory
        self._ingest = ingest
        self._fetcher = fetcher
        self._manners = manners
        self._now = now

    def run(
        self,
        entries: Sequence[Entry],
        only: frozenset[str] = frozenset(),
        every: bool = False,
        progress: Progress | None = None,
    ) -> RefreshReport:
        """``entries`` are all that sources.toml lists. Looks at those that are enabled and due; at the ids in ``only``,
        due or not; at all that are enabled with ``every``."""
        with one_refresh(self._directory):
            state = load_state(self._directory)
            held = holdings_in(self._directory)
            enabled = [entry for entry in entries if entry.enabled and (not only or entry.id in only)]
            wanted = [entry for entry in enabled if every or only or is_due(entry, state, held, self._now())]
            report = RefreshReport(settled=len(enabled) - len(wanted), remark=state.remark)
            # An audience that was narrowed holds from now on, also for a page that is not fetched.
            self._say_anew([entry for entry in entries if entry not in wanted], state, held, report)
            done = 0
            for batch in _batches(spread(wanted)):
                looks: list[tuple[Entry, Look]] = []
                for entry in batch:
                    done += 1
                    if progress:
                        progress(done, len(wanted), entry.id)
                    looks.append((entry, self._look(entry, state, held)))
                self._take(looks, state, report)
            held = holdings_in(self._directory)
            report.documents = held.documents
            report.vanished = vanished(entries, state, held)
            report.dropped = dropped(entries, held)
        return report

    def _look(self, entry: Entry, state: State, held: Holdings) -> Look:
        if entry.id in held.others:
            return Look(
                "failed",
                f"its id is already that of the document from {held.others[entry.id]}; choose another in sources.toml",
            )
        seen = state.pages.get(entry.id)
        known = seen if seen and is_held(entry, seen, held) else None
        return look_at(entry, self._fetcher, self._manners, known)

    def _take(self, looks: list[tuple[Entry, Look]], state: State, report: RefreshReport) -> None:
        """The pages that are there into the base, then what was seen of all into the state."""
        before = holdings_in(self._directory).pages
        self._say_anew([e for e, look in looks if look.reading is None], state, holdings_in(self._directory), report)
        candidates = [candidate_of(entry, look.reading) for entry, look in looks if look.reading is not None]
        refused: dict[str, str] = {}
        if candidates:
            ingested = self._ingest.run(candidates)
            report.passages += ingested.passages
            refused = {refusal.origin: refusal.reason for refusal in ingested.refused}
        after = holdings_in(self._directory).pages
        moment = self._now()
        for entry, look in looks:
            status, reason = _status(entry, look, before, after, refused)
            seen = _seen(entry, look, status, reason, state.pages.get(entry.id), after, moment)
            state.pages[entry.id] = seen
            document = after.get(entry.url)
            note = look.note
            if document is not None and document.is_withdrawn:
                note = "; ".join(
                    filter(None, (note, "its document was withdrawn, and stays so until it is reinstated"))
                )
            identifier = document.id if document else None
            report.pages.append(Page(entry.id, entry.url, status, reason, note, day(seen.seen_at), identifier))
        save_state(self._directory, state)

    def _say_anew(self, entries: Sequence[Entry], state: State, held: Holdings, report: RefreshReport) -> None:
        """What sources.toml says of a page now, over the text that is stored."""
        candidates = []
        for entry in entries:
            seen = state.pages.get(entry.id)
            if entry.url not in held.pages or (seen and seen.said == said_of(entry)):
                continue
            reading = stored_reading(self._directory, held.pages[entry.url].id)
            if reading is not None:
                candidates.append(candidate_of(entry, reading))
        if not candidates:
            return
        report.passages += self._ingest.run(candidates).passages
        now_held = holdings_in(self._directory).pages
        for entry in entries:
            seen = state.pages.get(entry.id)
            if seen and seen.url == entry.url and entry.url in now_held:
                update = {"said": said_of(entry), "digest": now_held[entry.url].digest}
                state.pages[entry.id] = seen.model_copy(update=update)
        save_state(self._directory, state)


def _status(
    entry: Entry,
    look: Look,
    before: dict[str, Known],
    after: dict[str, Known],
    refused: dict[str, str],
) -> tuple[Status, str]:
    if look.found != "there":
        return look.found, look.reason
    if entry.url in refused or entry.url not in after:
        return "failed", refused.get(entry.url, "was not taken into the base")
    if entry.url not in before:
        return "fetched", ""
    return ("changed" if before[entry.url].digest != after[entry.url].digest else "not modified"), ""


def _seen(
    entry: Entry,
    look: Look,
    status: Status,
    reason: str,
    earlier: Seen | None,
    held: dict[str, Known],
    moment: datetime,
) -> Seen:
    if earlier is not None and earlier.url != entry.url:
        earlier = None
    if status in PRESENT:
        return Seen(
            url=entry.url,
            status=status,
            checked_at=moment,
            seen_at=moment,
            etag=look.etag,
            last_modified=look.last_modified,
            digest=held[entry.url].digest if entry.url in held else "",
            said=said_of(entry),
            readers=READERS_VERSION,
        )
    base = earlier or Seen(url=entry.url, status=status, checked_at=moment)
    return base.model_copy(update={"status": status, "reason": reason, "checked_at": moment})


def _batches(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(entries), _AT_A_TIME):
        yield entries[start : start + _AT_A_TIME]
