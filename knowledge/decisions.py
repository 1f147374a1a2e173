"""What operators decide about documents (never the text itself): who may see them, from when until when they hold, what
takes their place, and that they are withdrawn. Each decision is kept with who and when, and holds from the next
question on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.audiences import parse_audience
from knowledge.catalogue import Catalogue
from knowledge.errors import InvalidDecision
from knowledge.locks import writer_lock
from knowledge.snapshots import Snapshots
from knowledge.types import Decision
from knowledge.validity import day_after, first_day, parse_day
from knowledge.versions import today

DATES = ("published", "valid_from", "valid_until")


class Decisions:
    """Decides on the documents of one data directory. Raises UnknownDocument, InvalidDecision, UnknownAudience and
    StoreBusy before anything is changed."""

    def __init__(self, directory: Path, chroma_url: str | None = None) -> None:
        self._directory = directory
        self._chroma_url = chroma_url

    def relabel(self, who: str, document_id: str, audience: str) -> None:
        """Every version, and every one to come, is for this audience."""
        self._decide(Decision(who, document_id, "relabel", {"audience": parse_audience(audience)}))

    def date(self, who: str, document_id: str, version: int | None = None, **dates: str | None) -> None:
        """Sets ``published``, ``valid_from`` or ``valid_until`` of a version (the latest where none is named); None
        clears a date, and what is not given stays."""
        for name, day in dates.items():
            if name not in DATES:
                raise InvalidDecision(f"'{name}' is no date of a document; use {', '.join(DATES)}.")
            if day is not None:
                parse_day(day)
            if day is not None and name == "valid_until":
                day_after(day)
        if not dates:
            raise InvalidDecision(f"Name a date to set: {', '.join(DATES)}.")
        with self._catalogue() as catalogue:
            info = catalogue.info(document_id, version)
            known = catalogue.dates(document_id, info.version)
            start, end = dates.get("valid_from", known["valid_from"]), dates.get("valid_until", known["valid_until"])
            if start is not None and end is not None and day_after(end) <= first_day(start):
                raise InvalidDecision(f"valid_until {end} lies before valid_from {start}.")
            catalogue.decide(Decision(who, document_id, "date", {"version": str(info.version), **dates}))
            self._publish(catalogue)

    def supersede(self, who: str, document_id: str, successor: str, since: str | None = None) -> None:
        """``successor`` takes the document's place: from ``since``, else from the day it is itself in force."""
        if since is not None:
            parse_day(since)
        with self._catalogue() as catalogue:
            catalogue.info(document_id)
            newer = catalogue.info(successor)
            chain = {document_id}
            while newer.superseded_by is not None and newer.id not in chain:
                chain.add(newer.id)
                newer = catalogue.info(newer.superseded_by)
            if newer.id in chain:
                raise InvalidDecision(f"'{document_id}' and '{successor}' cannot take each other's place.")
            start = first_day(since) if since else catalogue.history(successor)[0].starts or today()
            detail: dict[str, str | None] = {"successor": successor, "since": start}
            catalogue.decide(Decision(who, document_id, "supersede", detail))
            self._publish(catalogue)

    def withdraw(self, who: str, document_id: str, reason: str) -> None:
        """Nobody sees any version any more; they stay stored, and an ingest does not bring them back."""
        self._decide(Decision(who, document_id, "withdraw", {"reason": reason}))

    def reinstate(self, who: str, document_id: str, reason: str) -> None:
        self._decide(Decision(who, document_id, "reinstate", {"reason": reason}))

    def _decide(self, decision: Decision) -> None:
        with self._catalogue() as catalogue:
            catalogue.info(decision.document_id)
            catalogue.decide(decision)
            self._publish(catalogue)

    @contextmanager
    def _catalogue(self) -> Iterator[Catalogue]:
        Catalogue(self._directory).close()  # a directory without one is named before it is locked
        with writer_lock(self._directory):
            catalogue = Catalogue(self._directory)
            try:
                yield catalogue
            finally:
                catalogue.close()

    def _publish(self, catalogue: Catalogue) -> None:
        Snapshots(self._directory, catalogue, self._chroma_url).publish()
