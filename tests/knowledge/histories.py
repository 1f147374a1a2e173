"""Documents that change from day to day: papers as an ingest takes them in, a calendar to turn, and what has to hold of
a base after whatever was done to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from knowledge.audiences import audiences_seen_by
from knowledge.base import KnowledgeBase, fingerprint_of, open_base
from knowledge.candidates import Candidate
from knowledge.catalogue import Catalogue
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest
from knowledge.lexicon import partition
from knowledge.passages import WITHDRAWN
from knowledge.readers.reading import Reading, TextBuilder
from knowledge.snapshots import Snapshots
from knowledge.types import IngestReport, Retrieved, Scope
from knowledge.versions import VersionInfo
from tests.knowledge.bases import EVERYONE
from tests.knowledge.embedders import word_embedder

EVERY_PAPER = "ministry"
"""A word that stands in every paper, so that counting it counts the passages."""


class Calendar:
    """The day that the knowledge base takes for today."""

    def __init__(self, patch: pytest.MonkeyPatch, day: str) -> None:
        self.day = day
        for name in ("versions.today", "decisions.today", "passages._today"):
            patch.setattr(f"knowledge.{name}", lambda: self.day)
        patch.setattr("knowledge.versions.now", lambda: f"{self.day}T12:00:00+00:00")


def paper(
    name: str,
    text: str,
    *,
    title: str = "A paper",
    audience: str | None = None,
    published: str | None = None,
    origin: str | None = None,
) -> Candidate:
    """A file of one short paragraph, and what its reader makes of it."""
    builder = TextBuilder()
    builder.block("paragraph", f"The {EVERY_PAPER} says: {text}")

    def read() -> tuple[bytes, Reading]:
        reading = Reading(title, builder.text, tuple(builder.blocks), audience=audience, published=published)
        return f"{audience or ''}\n{published or ''}\n{builder.text}".encode(), reading

    return Candidate(origin or f"/papers/{name}", name, read)


def take_in(
    data: Path, *papers: Candidate, audience: str | None = None, embedder: Embedder | None = None
) -> IngestReport:
    return Ingest(data, embedder or word_embedder()).run(papers, audience)


def find(
    base: KnowledgeBase,
    question: str,
    reader: str = "public",
    as_of: str | None = None,
    documents: frozenset[str] | None = None,
) -> list[Retrieved]:
    scope = Scope(audiences_seen_by(reader), documents, date.fromisoformat(as_of) if as_of else None)
    return list(base.searcher.search(question, scope, 50).passages)


def versions_found(found: list[Retrieved]) -> set[tuple[str, int]]:
    return {(item.passage.document_id, item.passage.version) for item in found}


def ask(
    data: Path, question: str, reader: str = "public", as_of: str | None = None, embedder: Embedder | None = None
) -> set[tuple[str, int]]:
    """Opens the base, asks, closes it: which versions of which documents are found at all."""
    with opened(data, embedder) as base:
        return versions_found(find(base, question, reader, as_of))


@contextmanager
def opened(data: Path, embedder: Embedder | None = None) -> Iterator[KnowledgeBase]:
    base = open_base(data, embedder or word_embedder())
    try:
        yield base
    finally:
        base.close()


@contextmanager
def catalogue_of(data: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(data)
    try:
        yield catalogue
    finally:
        catalogue.close()


def history(data: Path, document_id: str) -> list[VersionInfo]:
    with catalogue_of(data) as catalogue:
        return catalogue.history(document_id)


def days_of(data: Path, document_id: str) -> list[tuple[str | None, str | None]]:
    """From when until when each version is in force."""
    return [(info.starts, info.ends) for info in history(data, document_id)]


def assert_sound(data: Path, today: str, embedder: Embedder | None = None) -> None:
    """What the days and decisions say is what every index holds, no more and no less, and no document is in force in
    two versions on one day. For bases of papers only: each version is one passage."""
    embedder = embedder or word_embedder()
    fingerprint = fingerprint_of(embedder)
    with catalogue_of(data) as catalogue:
        every = [info for latest in catalogue.history() for info in catalogue.history(latest.id)]
        for info in every:
            assert info.latest == (info.version == max(other.version for other in every if other.id == info.id))
        _assert_days_do_not_overlap(every)
        live = [info for info in every if info.withdrawn_at is None and (info.ends is None or info.ends > today)]
        past = [info for info in every if info.withdrawn_at is None and info not in live]
        wanted = {label: sum(info.audience == label for info in live) for label in EVERYONE}
        with catalogue.lexicon(fingerprint) as lexicon:
            for label in EVERYONE:
                counted = [
                    lexicon.frequencies(EVERY_PAPER, {partition(label, now)})[EVERY_PAPER] for now in (True, False)
                ]
                assert counted == [wanted[label], sum(info.audience == label for info in past)], label
        ids = {label: catalogue.passages.ids(fingerprint, label) for label in [*EVERYONE, WITHDRAWN]}
        assert {label: len(held) for label, held in ids.items()} == {**wanted, WITHDRAWN: 0}
        assert catalogue.counts(fingerprint) == {
            label: (count, count) for label, count in sorted(wanted.items()) if count
        }
        snapshots = Snapshots(data, catalogue)
        assert not snapshots.is_behind()
        found = snapshots.open()
        assert found is not None
        store, release = found
        try:
            question = embedder.question(EVERY_PAPER)
            assert {label: set(store.nearest(question, {label}, 1000)) for label in EVERYONE} == {
                label: ids[label] for label in EVERYONE
            }
            assert sum(store.sizes().values()) == len(live)
        finally:
            release()


def _assert_days_do_not_overlap(every: list[VersionInfo]) -> None:
    for document_id in {info.id for info in every}:
        spans = [(info.starts or "", info.ends or "9999-99-99") for info in every if info.id == document_id]
        in_force = sorted(span for span in spans if span[0] < span[1])
        assert all(before[1] <= after[0] for before, after in pairwise(in_force)), (document_id, spans)
