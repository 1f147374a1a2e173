"""What operators decide holds from the next question on, in every process, is kept with who and when, and is refused
before anything changes where it cannot hold."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase, open_base
from knowledge.decisions import Decisions
from knowledge.errors import InvalidDecision, KnowledgeError, StoreBusy, StoreEmpty, UnknownAudience, UnknownDocument
from knowledge.types import Decision
from knowledge.versions import VersionInfo
from tests.knowledge.bases import EVERYONE, Contents, contents
from tests.knowledge.embedders import word_embedder
from tests.knowledge.histories import (
    Calendar,
    ask,
    assert_sound,
    catalogue_of,
    days_of,
    find,
    history,
    paper,
    take_in,
    versions_found,
)

pytestmark = pytest.mark.usefixtures("probed_here")

ROOT = Path(__file__).parents[2]
QUESTION = "What is the fee for the okapi?"


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    return Calendar(monkeypatch, "2024-05-10")


@pytest.fixture
def stocked(data: Path, calendar: Calendar) -> Path:
    """The okapi in two versions, and three other papers."""
    gnu = paper("gnu", "The gnu pays nothing at all.", published="2024-02")
    take_in(data, paper("okapi", "The fee for the okapi is 10 euros.", published="2023-01"), gnu)
    take_in(data, paper("okapi", "The fee for the okapi is 20 euros.", published="2024-03"))
    take_in(data, paper("emu", "The emu is asked for a fee."), paper("yak", "The yak has its own rules."))
    return data


@pytest.fixture
def decisions(stocked: Path) -> Decisions:
    return Decisions(stocked)


def kept(data: Path, document_id: str | None = None) -> list[Decision]:
    with catalogue_of(data) as catalogue:
        return catalogue.decisions(document_id)


def state_of(data: Path) -> tuple[Contents, list[list[VersionInfo]], list[Decision], list[Path]]:
    """All that a refused decision must not change."""
    infos = [history(data, name) for name in ("okapi", "gnu", "emu", "yak")]
    return contents(data), infos, kept(data), sorted((data / "index").rglob("*.json"))


# ---- each decision and its record ------------------------------------------------------------------------------------


DECIDED: dict[str, tuple[Callable[[Decisions], None], str, dict[str, str | None]]] = {
    "relabel": (lambda it: it.relabel("ana", "okapi", " Partner:Nepal "), "relabel", {"audience": "partner:nepal"}),
    "date the latest": (
        lambda it: it.date("ana", "okapi", published="2024-04", valid_until=None),
        "date",
        {"version": "2", "published": "2024-04", "valid_until": None},
    ),
    "date a version": (
        lambda it: it.date("ana", "okapi", 1, valid_from="2022"),
        "date",
        {"version": "1", "valid_from": "2022"},
    ),
    "supersede since a day": (
        lambda it: it.supersede("ana", "okapi", "gnu", "2024-05"),
        "supersede",
        {"successor": "gnu", "since": "2024-05-01"},
    ),
    "supersede from the day the other holds": (
        lambda it: it.supersede("ana", "okapi", "gnu"),
        "supersede",
        {"successor": "gnu", "since": "2024-02-01"},
    ),
    "supersede by what has no date": (
        lambda it: it.supersede("ana", "okapi", "emu"),
        "supersede",
        {"successor": "emu", "since": "2024-05-10"},
    ),
    "withdraw": (lambda it: it.withdraw("ana", "okapi", "грешка ü"), "withdraw", {"reason": "грешка ü"}),
    "reinstate": (lambda it: it.reinstate("ana", "okapi", "it was none"), "reinstate", {"reason": "it was none"}),
}


@pytest.mark.parametrize(("decide", "action", "detail"), DECIDED.values(), ids=list(DECIDED))
def test_a_decision_is_kept_with_who_what_and_when(
    stocked: Path,
    decisions: Decisions,
    decide: Callable[[Decisions], None],
    action: str,
    detail: dict[str, str | None],
) -> None:
    decide(decisions)
    assert kept(stocked) == [Decision("ana", "okapi", action, detail, "2024-05-10T12:00:00+00:00")]  # type: ignore[arg-type]
    assert_sound(stocked, "2024-05-10")


def test_decisions_are_told_in_their_order_and_of_one_document_alone(
    stocked: Path, decisions: Decisions, calendar: Calendar
) -> None:
    decisions.withdraw("ana", "okapi", "one")
    calendar.day = "2024-05-11"
    decisions.relabel("ben", "gnu", "staff")
    decisions.reinstate("ana", "okapi", "two")
    told = [(decision.who, decision.document_id, decision.action, decision.at[:10]) for decision in kept(stocked)]
    assert told == [
        ("ana", "okapi", "withdraw", "2024-05-10"),
        ("ben", "gnu", "relabel", "2024-05-11"),
        ("ana", "okapi", "reinstate", "2024-05-11"),
    ]
    assert [decision.who for decision in kept(stocked, "gnu")] == ["ben"]
    assert kept(stocked, "emu") == []


def test_what_is_decided_twice_holds_and_is_kept_twice(stocked: Path, decisions: Decisions) -> None:
    for _ in range(2):
        decisions.withdraw("ana", "okapi", "a mistake")
    assert ask(stocked, QUESTION) == {("gnu", 1), ("emu", 1), ("yak", 1)}
    for _ in range(2):
        decisions.reinstate("ana", "okapi", "none")
    assert ("okapi", 2) in ask(stocked, QUESTION)
    assert len(kept(stocked)) == 4


def test_a_document_leaves_one_audience_and_comes_to_another(stocked: Path, decisions: Decisions) -> None:
    for audience, sees in (
        ("partner:nepal", {"partner:nepal"}),
        ("staff", {"staff"}),
        ("partner", {"partner", "partner:nepal", "partner:bangladesh", "staff"}),
        ("public", EVERYONE),
    ):
        decisions.relabel("ana", "okapi", audience)
        for reader in EVERYONE:
            found = {(name, version) for name, version in ask(stocked, QUESTION, reader) if name == "okapi"}
            then = {
                (name, version) for name, version in ask(stocked, QUESTION, reader, "2023-06-01") if name == "okapi"
            }
            assert (found, then) == (({("okapi", 2)}, {("okapi", 1)}) if reader in sees else (set(), set()))
        assert_sound(stocked, "2024-05-10")


# ---- what cannot hold ------------------------------------------------------------------------------------------------


WRONG: dict[str, tuple[Callable[[Decisions], None], type[KnowledgeError], str]] = {
    "relabel what is not there": (lambda it: it.relabel("ana", "lion", "staff"), UnknownDocument, "document 'lion'"),
    "date what is not there": (lambda it: it.date("ana", "lion", published="2024"), UnknownDocument, "'lion'"),
    "withdraw what is not there": (lambda it: it.withdraw("ana", "lion", "x"), UnknownDocument, "'lion'"),
    "reinstate what is not there": (lambda it: it.reinstate("ana", "lion", "x"), UnknownDocument, "'lion'"),
    "supersede what is not there": (lambda it: it.supersede("ana", "lion", "gnu"), UnknownDocument, "'lion'"),
    "supersede by what is not there": (lambda it: it.supersede("ana", "okapi", "lion"), UnknownDocument, "'lion'"),
    "an empty id": (lambda it: it.withdraw("ana", "", "x"), UnknownDocument, "document ''"),
    "a version that is not there": (
        lambda it: it.date("ana", "okapi", 3, published="2024"),
        UnknownDocument,
        "version 3 of 'okapi'",
    ),
    "version 0": (lambda it: it.date("ana", "okapi", 0, published="2024"), UnknownDocument, "version 0 of 'okapi'"),
    "an unknown audience": (lambda it: it.relabel("ana", "okapi", "everybody"), UnknownAudience, "'everybody'"),
    "the shelf of what is withdrawn": (
        lambda it: it.relabel("ana", "okapi", "withdrawn"),
        UnknownAudience,
        "'withdrawn'",
    ),
    "no date": (lambda it: it.date("ana", "okapi"), InvalidDecision, "Name a date to set: published, valid_from"),
    "an unknown date": (lambda it: it.date("ana", "okapi", as_of="2024"), InvalidDecision, "'as_of' is no date of a"),
    "a bad day": (lambda it: it.date("ana", "okapi", published="2024-02-30"), InvalidDecision, "'2024-02-30' is no"),
    "an empty day": (lambda it: it.date("ana", "okapi", valid_from=""), InvalidDecision, "'' is no date"),
    "a bad day among good ones": (
        lambda it: it.date("ana", "okapi", published="2024", valid_until="soon"),
        InvalidDecision,
        "'soon' is no date",
    ),
    "valid for ever": (
        lambda it: it.date("ana", "okapi", valid_until="9999-12-31"),
        InvalidDecision,
        "clear the date of what does not end",
    ),
    "valid until before valid from": (
        lambda it: it.date("ana", "okapi", valid_from="2024-06-02", valid_until="2024-06-01"),
        InvalidDecision,
        "valid_until 2024-06-01 lies before valid_from 2024-06-02",
    ),
    "a bad day to take a place on": (
        lambda it: it.supersede("ana", "okapi", "gnu", "yesterday"),
        InvalidDecision,
        "'yesterday' is no date",
    ),
    "taking its own place": (
        lambda it: it.supersede("ana", "okapi", "okapi"),
        InvalidDecision,
        "cannot take each other's place",
    ),
}


@pytest.mark.parametrize(("decide", "error", "says"), WRONG.values(), ids=list(WRONG))
def test_a_decision_that_cannot_hold_is_refused_and_changes_nothing(
    stocked: Path, decisions: Decisions, decide: Callable[[Decisions], None], error: type[KnowledgeError], says: str
) -> None:
    before = state_of(stocked)
    with pytest.raises(error, match=says):
        decide(decisions)
    assert state_of(stocked) == before


def test_a_date_is_checked_against_the_one_that_was_set_before(stocked: Path, decisions: Decisions) -> None:
    decisions.date("ana", "okapi", valid_from="2024-06-15")
    for day in ("2024-05", "2024-06-14", "2023"):
        with pytest.raises(InvalidDecision, match=f"valid_until {day} lies before valid_from 2024-06-15"):
            decisions.date("ana", "okapi", valid_until=day)
    decisions.date("ana", "okapi", valid_until="2024-06")  # the month has days left
    assert days_of(stocked, "okapi")[1] == ("2024-06-15", "2024-07-01")
    decisions.date("ana", "okapi", valid_until="2024-06-15")  # one day
    assert days_of(stocked, "okapi")[1] == ("2024-06-15", "2024-06-16")
    with pytest.raises(InvalidDecision, match="valid_until 2024-06-15 lies before valid_from 2024-06-16"):
        decisions.date("ana", "okapi", valid_from="2024-06-16")
    decisions.date("ana", "okapi", valid_from="2023", valid_until="2023")
    assert days_of(stocked, "okapi")[1] == ("2023-01-01", "2024-01-01")
    assert len(kept(stocked)) == 4


def test_documents_cannot_take_each_others_place_in_a_circle(stocked: Path, decisions: Decisions) -> None:
    decisions.supersede("ana", "okapi", "gnu", "2024-04-01")
    decisions.supersede("ana", "gnu", "emu", "2024-04-02")
    before = state_of(stocked)
    for document_id, successor in (("gnu", "okapi"), ("emu", "gnu"), ("emu", "okapi")):
        with pytest.raises(InvalidDecision, match=f"'{document_id}' and '{successor}' cannot take each other's place"):
            decisions.supersede("ana", document_id, successor)
    assert state_of(stocked) == before
    decisions.supersede("ana", "yak", "okapi", "2024-04-03")  # into the row, and no circle
    assert ask(stocked, QUESTION) == {("emu", 1)}
    assert_sound(stocked, "2024-05-10")


def test_where_there_is_no_base_nothing_is_decided_and_nothing_made(tmp_path: Path) -> None:
    with pytest.raises(StoreEmpty, match="migdesk ingest PATH"):
        Decisions(tmp_path / "absent").withdraw("ana", "okapi", "x")
    assert list(tmp_path.iterdir()) == []


# ---- the next question -----------------------------------------------------------------------------------------------


@pytest.fixture
def base(stocked: Path) -> Iterator[KnowledgeBase]:
    """Open before anything is decided, with everything read once that it keeps in memory."""
    opened_base = open_base(stocked, word_embedder())
    for as_of in (None, "2023-06-01"):
        assert find(opened_base, QUESTION, as_of=as_of)
    assert opened_base.searcher.rare_terms("okapi 10 20", frozenset({"public"}))
    yield opened_base
    opened_base.close()


def okapis(base: KnowledgeBase, reader: str = "public", as_of: str | None = None) -> list[int]:
    return sorted(v for name, v in versions_found(find(base, QUESTION, reader, as_of)) if name == "okapi")


def words_known(base: KnowledgeBase) -> list[str]:
    return base.searcher.rare_terms("10 20", frozenset({"public"}))


def test_a_base_that_is_open_goes_by_each_decision_in_its_next_question(
    base: KnowledgeBase, decisions: Decisions
) -> None:
    public = frozenset({"public"})
    assert (okapis(base), words_known(base)) == ([2], ["20"])
    decisions.relabel("ana", "okapi", "staff")
    assert (okapis(base), okapis(base, as_of="2023-06-01"), words_known(base)) == ([], [], [])
    assert (okapis(base, "staff"), okapis(base, "staff", "2023-06-01")) == ([2], [1])
    assert base.catalogue.document("okapi", public) is None
    decisions.relabel("ana", "okapi", "public")
    assert (okapis(base), words_known(base)) == ([2], ["20"])
    decisions.withdraw("ana", "okapi", "a mistake")
    assert (okapis(base, "staff"), okapis(base, "staff", "2023-06-01"), words_known(base)) == ([], [], [])
    decisions.reinstate("ana", "okapi", "none")
    assert (okapis(base), words_known(base)) == ([2], ["20"])
    decisions.date("ana", "okapi", valid_from="2025")
    assert (okapis(base), okapis(base, as_of="2025-01-01")) == ([1], [2])
    decisions.date("ana", "okapi", published="2024-04", valid_from=None)
    (found,) = [found for found in find(base, QUESTION) if found.source.id == "okapi"]
    assert (found.source.version, found.source.published) == (2, "2024-04")
    decisions.supersede("ana", "okapi", "gnu", "2024-05-10")
    assert (okapis(base), okapis(base, as_of="2024-05-09"), words_known(base)) == ([], [2], [])
    assert base.searcher.damage is None and not base.snapshots.is_behind()


_ELSEWHERE = """
import sys
from pathlib import Path
from knowledge.decisions import Decisions
decisions = Decisions(Path(sys.argv[1]))
match sys.argv[2]:
    case "relabel":
        decisions.relabel("ana", "okapi", "staff")
    case "withdraw":
        decisions.withdraw("ana", "okapi", "a mistake")
    case "supersede":
        decisions.supersede("ana", "okapi", "gnu", "2024-05-01")
    case "date":
        decisions.date("ana", "okapi", valid_until="2024-05-09")
"""


@pytest.mark.parametrize("action", ["relabel", "withdraw", "supersede", "date"])
def test_what_another_process_decides_holds_in_the_next_question_here(
    stocked: Path, base: KnowledgeBase, action: str
) -> None:
    assert okapis(base) == [2]
    command = [sys.executable, "-c", _ELSEWHERE, str(stocked), action]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    assert okapis(base) == []
    assert okapis(base, as_of="2024-04-30") == ([2] if action in ("supersede", "date") else [])
    assert words_known(base) == []
    assert base.searcher.damage is None


def test_a_decision_holds_even_where_the_index_cannot_be_written_and_is_made_up_for_later(
    stocked: Path, base: KnowledgeBase, decisions: Decisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("knowledge.snapshots.shutil.copytree", _no_room)
        with pytest.raises(KnowledgeError, match="index cannot be written"):
            decisions.withdraw("ana", "okapi", "a mistake")
    assert okapis(base) == [] and base.snapshots.is_behind()
    assert [decision.action for decision in kept(stocked)] == ["withdraw"]
    take_in(stocked)
    assert okapis(base) == []
    assert_sound(stocked, "2024-05-10")


def _no_room(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


# ---- two at once -----------------------------------------------------------------------------------------------------


_HOLDING = """
import sys
from pathlib import Path
from knowledge.locks import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_decision_while_another_process_writes_names_it_soon_and_changes_nothing(
    stocked: Path, base: KnowledgeBase, decisions: Decisions
) -> None:
    before = state_of(stocked)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDING, str(stocked)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdin is not None and holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        started = time.monotonic()
        for decide, _, _ in DECIDED.values():
            with pytest.raises(StoreBusy, match=rf"Another process is writing to .*\(process {holder.pid}, "):
                decide(decisions)
        assert time.monotonic() - started < 10
        assert okapis(base) == [2]  # asking goes on
        holder.stdin.close()
        assert holder.wait(30) == 0
    assert state_of(stocked) == before
    decisions.withdraw("ana", "okapi", "now")
    assert okapis(base) == []


def test_a_decision_that_fails_half_way_is_neither_kept_nor_holds(
    stocked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state_of(stocked)
    decision = Decision("ana", "okapi", "withdraw")
    with monkeypatch.context() as patch, catalogue_of(stocked) as catalogue:
        patch.setattr("knowledge.versions.move_passages", _breaks)
        with pytest.raises(ZeroDivisionError):
            catalogue.decide(decision)
    assert state_of(stocked) == before
    with catalogue_of(stocked) as catalogue, pytest.raises(ValueError, match="'forget' is no decision"):
        catalogue.decide(Decision("ana", "okapi", "forget"))  # type: ignore[arg-type]
    assert state_of(stocked) == before


def _breaks(*_: object) -> None:
    raise ZeroDivisionError
