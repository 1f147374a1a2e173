"""Whatever is ingested, relabelled, withdrawn, dated or replaced, in whatever order: no reader meets anything that is
not for them, on any day and by any way, and what is hidden looks like what never was."""

import shutil
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from knowledge.audiences import audiences_seen_by, stricter
from knowledge.base import KnowledgeBase, open_base
from knowledge.candidates import Candidate
from knowledge.decisions import Decisions
from knowledge.errors import InvalidDecision
from knowledge.store import ChromaStore
from knowledge.types import Scope
from tests.knowledge.embedders import word_embedder
from tests.knowledge.histories import Calendar, assert_sound, find, paper, take_in

AUDIENCES = ["public", "partner", "partner:nepal", "partner:bangladesh", "staff"]
NAMES = [f"paper{n}" for n in range(3)]
DAYS = ["2022-06-15", "2023-06-15", "2024-06-15", "2025-06-15", "2031-01-01"]
ABSENT = "never-was"
names, audiences = st.sampled_from(NAMES), st.sampled_from(AUDIENCES)
dated = st.none() | st.sampled_from(["2022", "2023-01", "2024-02-29", "2025", "2031"])


@dataclass
class Held:
    """What the machine knows of a paper: what the file of each version said of its audience (or an operator of all of
    them), the labels that each version may bear by now, and the words that only one version has."""

    own: list[str] = field(default_factory=list)
    may_bear: list[set[str]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    decided: str | None = None
    is_withdrawn: bool = False

    @property
    def latest(self) -> str:
        (label,) = self.may_bear[-1]
        return label

    def hidden_from(self, reader: str) -> list[int]:
        """The versions that this reader must not meet."""
        sees = audiences_seen_by(reader)
        return [n for n, labels in enumerate(self.may_bear, 1) if self.is_withdrawn or not labels & sees]

    def add(self, own: str, label: str, secret: str) -> None:
        """A new version; the older ones are for no more than it is."""
        self.may_bear = [{stricter(each, label) for each in labels} for labels in self.may_bear]
        self.own.append(own)
        self.may_bear.append({label})
        self.secrets.append(secret)

    def relabel(self, label: str) -> None:
        """The same bytes for another audience: an older version is never for more than its own file said."""
        for n, (own, labels) in enumerate(zip(self.own, self.may_bear, strict=True)):
            self.may_bear[n] = {stricter(each, label) for each in (*labels, own)}
        self.may_bear[-1] = {label}

    def decide(self, label: str) -> None:
        self.own, self.may_bear = [label] * len(self.own), [{label} for _ in self.own]
        self.decided = label


class Library(RuleBasedStateMachine):
    """Operators do anything in any order; a reader of each kind has the base open all the time."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("knowledge.snapshots.probe", _probed_here)
        self.calendar = Calendar(self.patch, "2024-05-10")
        self.root = Path(tempfile.mkdtemp())
        self.data = self.root / "data"
        self.held: dict[str, Held] = defaultdict(Held)
        self.files: dict[tuple[str, str], tuple[str, Candidate]] = {}
        self.count = 0
        self.base: KnowledgeBase | None = None

    @initialize()
    def begin(self) -> None:
        # Something for everybody that nobody touches, so that there is always a base to open.
        take_in(self.data, paper("always", "The okapi may be seen by all."))
        self.base = open_base(self.data, word_embedder())

    def teardown(self) -> None:
        if self.base is not None:
            self.base.close()
        shutil.rmtree(self.root)
        self.patch.undo()

    # ---- what operators do --------------------------------------------------------------------------------------

    @rule(name=names, audience=audiences, published=dated, of_ingest=st.none() | audiences)
    def ingest(self, name: str, audience: str, published: str | None, of_ingest: str | None) -> None:
        held = self.held[name]
        self.count += 1
        secret = f"secret{self.count}word"
        text = f"The okapi knows {secret}."
        file = paper(name, text, title=secret, audience=audience, published=published)
        self.files[name, secret] = (audience, file)
        take_in(self.data, file, audience=of_ingest)
        label = held.decided or stricter(audience, of_ingest or "public")
        if held.is_withdrawn:
            held.relabel(stricter(held.latest, label))
        else:
            held.add(held.decided or audience, label, secret)

    @precondition(lambda self: self.known())
    @rule(data=st.data(), audience=st.none() | audiences)
    def ingest_the_same_for_another_audience(self, data: st.DataObject, audience: str | None) -> None:
        name = data.draw(st.sampled_from(self.known()))
        held = self.held[name]
        file = self.files[name, held.secrets[-1]]
        assert take_in(self.data, file[1], audience=audience).replaced == []
        label = held.decided or stricter(file[0], audience or "public")
        held.relabel(stricter(held.latest, label) if held.is_withdrawn else label)

    @precondition(lambda self: self.known())
    @rule(data=st.data(), audience=audiences)
    def relabel(self, data: st.DataObject, audience: str) -> None:
        name = data.draw(st.sampled_from(self.known()))
        Decisions(self.data).relabel("ana", name, audience)
        self.held[name].decide(audience)

    @precondition(lambda self: self.known())
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.known()))
        Decisions(self.data).withdraw("ana", name, "a mistake")
        self.held[name].is_withdrawn = True

    @precondition(lambda self: any(held.is_withdrawn for held in self.held.values()))
    @rule(data=st.data())
    def reinstate(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from([name for name in self.known() if self.held[name].is_withdrawn]))
        Decisions(self.data).reinstate("ana", name, "none")
        self.held[name].is_withdrawn = False

    @precondition(lambda self: len(self.known()) > 1)
    @rule(data=st.data(), since=st.none() | st.sampled_from(DAYS))
    def supersede(self, data: st.DataObject, since: str | None) -> None:
        old, new = data.draw(st.permutations(self.known()))[:2]
        try:
            Decisions(self.data).supersede("ana", old, new, since)
        except InvalidDecision as refused:
            assert "cannot take each other's place" in str(refused)

    @precondition(lambda self: self.known())
    @rule(data=st.data(), valid_from=dated, valid_until=dated)
    def date(self, data: st.DataObject, valid_from: str | None, valid_until: str | None) -> None:
        name = data.draw(st.sampled_from(self.known()))
        version = data.draw(st.integers(1, len(self.held[name].own)))
        try:
            Decisions(self.data).date("ana", name, version, valid_from=valid_from, valid_until=valid_until)
        except InvalidDecision as refused:
            assert "lies before" in str(refused)

    @rule(day=st.sampled_from(DAYS))
    def a_day_comes(self, day: str) -> None:
        self.calendar.day = max(day, self.calendar.day)
        take_in(self.data)

    # ---- what readers meet --------------------------------------------------------------------------------------

    @invariant()
    def every_index_holds_what_days_and_decisions_say(self) -> None:
        if self.base is not None:
            assert_sound(self.data, self.calendar.day)
            for name in self.known():
                assert self.history(name) == len(self.held[name].own)

    @invariant()
    def no_reader_meets_what_is_not_for_them(self) -> None:
        for reader in AUDIENCES if self.base is not None else []:
            hidden = {(name, n) for name, held in self.held.items() for n in held.hidden_from(reader)}
            shown = {
                held.secrets[n - 1]
                for name, held in self.held.items()
                for n in range(1, len(held.own) + 1)
                if (name, n) not in hidden
            }
            self.check_searches(reader, hidden, {self.held[name].secrets[n - 1] for name, n in hidden} - shown)
            self.check_opening(reader, hidden)

    def check_searches(self, reader: str, hidden: set[tuple[str, int]], secrets: set[str]) -> None:
        assert self.base is not None
        searcher, seen = self.base.searcher, audiences_seen_by(reader)
        asked = f"What does the okapi know? {' '.join(sorted(secrets)[-8:])}"
        assert not secrets & set(searcher.rare_terms(asked, seen))
        never_was = frozenset({ABSENT})
        only_hidden = frozenset(
            name for name in NAMES if {n for held, n in hidden if held == name} == self.numbers(name)
        )
        for day in (None, *DAYS):
            for narrowed in (None, frozenset(NAMES)) if day in (None, DAYS[2]) else (None,):
                found = find(self.base, asked, reader, day, narrowed)
                assert not hidden & {(item.source.id, item.source.version) for item in found}
                for item in found:
                    assert item.source.audience in seen
                    assert not any(secret in f"{item.source.title} {item.passage.text}" for secret in secrets)
                lengths = [len(cosines) for cosines in searcher.similarities(asked, found)]
                assert lengths == [len(item.units) for item in found]
                assert found or narrowed is not None
        for day in (None, DAYS[1], DAYS[3]):
            # Asking for what is hidden, by its name or by its words, is asking for what never was.
            scopes = [
                Scope(seen, ids, date.fromisoformat(day) if day else None) for ids in (only_hidden, never_was, None)
            ]
            assert searcher.search(asked, scopes[0], 50) == searcher.search(asked, scopes[1], 50)
            if secrets:
                secret = sorted(secrets)[-1]
                told = searcher.search(f"Who knows {secret}?", scopes[2], 50)
                never = searcher.search(f"Who knows {'x' * len(secret)}?", scopes[2], 50)
                assert list(told.idf.values()) == list(never.idf.values())
                assert len(told.unseen) == len(never.unseen)
                assert {item.passage.id for item in told.passages} == {item.passage.id for item in never.passages}

    def check_opening(self, reader: str, hidden: set[tuple[str, int]]) -> None:
        assert self.base is not None
        catalogue, seen = self.base.catalogue, audiences_seen_by(reader)
        listed = catalogue.sources(seen)
        assert not hidden & {(source.id, source.version) for source in listed}
        assert len({source.id for source in listed}) == len(listed)
        for name in NAMES:
            for version in (None, *range(1, len(self.held[name].own) + 2)):
                document = catalogue.document(name, seen, version)
                assert document is None or (name, document.source.version) not in hidden
                if version is None:
                    continue
                excerpt = catalogue.excerpt(name, 0, 9, seen, version)
                assert (excerpt is None) == (document is None)
                if version == len(self.held[name].own):
                    assert (document is None) == ((name, version) in hidden)
                elif version not in self.numbers(name):
                    assert document is None
            newest = catalogue.newest(name, seen)
            assert newest is None or (name, newest.version) not in hidden
            assert (newest is None) == (catalogue.document(name, seen) is None)

    def numbers(self, name: str) -> set[int]:
        return set(range(1, len(self.held[name].own) + 1))

    def known(self) -> list[str]:
        return sorted(name for name, held in self.held.items() if held.own)

    def history(self, name: str) -> int:
        assert self.base is not None
        return len(self.base.catalogue.history(name))


def _probed_here(directory: Path) -> dict[str, int]:
    store = ChromaStore.embedded(directory, "")
    try:
        return store.sizes()
    finally:
        store.close()


TestNobodyMeetsWhatIsNotForThem = Library.TestCase
TestNobodyMeetsWhatIsNotForThem.settings = settings(
    max_examples=7,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take many minutes
)
