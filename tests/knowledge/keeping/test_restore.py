"""A backup in the place of another base: nothing stricter is lost, nothing half done stays, and a desk that runs on the
directory answers from the one or from the other."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.base import open_base
from knowledge.catalogue import Catalogue
from knowledge.decisions import Decisions
from knowledge.errors import BaseExists, DataDirectoryError, StoreBusy
from knowledge.keeping.archive import CATALOGUE
from knowledge.keeping.backup import back_up
from knowledge.keeping.consistency import check
from knowledge.keeping.restore import RestoreReport, restore
from knowledge.locks import writer_lock
from knowledge.originals import Originals
from knowledge.types import Decision
from tests.knowledge.backups import QUESTION, filled, keeper, killed_at, notes
from tests.knowledge.bases import EVERYONE, PUBLIC, Contents, contents, ingest, ranking, search, write
from tests.knowledge.embedders import word_embedder

pytestmark = pytest.mark.usefixtures("probed_here")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``data`` with its backup, and ``other`` with another base, whose passages have the same keys."""
    root = tmp_path_factory.mktemp("shared")
    back_up(filled(root), root / "base.backup")
    (root / "other").mkdir()
    filled(root / "other", 70, "Kenya")
    return root


@pytest.fixture
def base(root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(root / "data", tmp_path / "base"))


@pytest.fixture
def other(root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(root / "other" / "data", tmp_path / "other"))


@pytest.fixture
def backup(root: Path) -> Path:
    return root / "base.backup"


@pytest.fixture
def wanted(root: Path) -> Contents:
    return contents(root / "data")


def assert_restored(directory: Path, wanted: Contents, base: Path) -> None:
    assert contents(directory) == wanted
    assert ranking(search(directory, QUESTION, "staff")) == ranking(search(base, QUESTION, "staff"))
    assert [finding for finding in check(directory) if not finding.well] == []
    assert not (directory / "restoring").exists()


def test_a_base_that_is_there_stays_unless_it_is_said_to_be_replaced(
    root: Path, other: Path, backup: Path, wanted: Contents
) -> None:
    before = contents(other)
    with pytest.raises(BaseExists, match="--replace"):
        restore(backup, other)
    assert contents(other) == before
    report = restore(backup, other, replace=True)
    assert report.replaced and report.gone == tuple(sorted(f"{n}.txt" for n in range(60, 70))) and not report.back
    assert_restored(other, wanted, root / "data")
    named = {document.original for document in wanted.documents.values()}
    assert {path.name for path in (other / "originals").glob("*/*")} == named


def test_restoring_twice_changes_nothing_more(root: Path, backup: Path, other: Path, wanted: Contents) -> None:
    for _ in range(2):
        restore(backup, other, replace=True)
        assert_restored(other, wanted, root / "data")


def test_while_another_process_writes_nothing_is_restored(base: Path, backup: Path) -> None:
    with writer_lock(base), pytest.raises(StoreBusy):
        restore(backup, base, replace=True)
    with writer_lock(base):
        assert back_up(base, base.parent / "while.backup").documents == 61


# ---- a desk that is running ------------------------------------------------------------------------------------------


def answers(process_lines: Iterator[str], count: int) -> list[list[tuple[str, str]]]:
    return [[(name, text) for name, text in json.loads(next(process_lines))] for _ in range(count)]


def test_a_desk_in_another_process_answers_from_the_old_base_or_the_restored_one(
    root: Path, other: Path, backup: Path
) -> None:
    def asked(directory: Path) -> list[tuple[str, str]]:
        return [(item.source.id, item.passage.text) for item in search(directory, QUESTION, depth=8)]

    old, new = asked(other), asked(root / "data")
    assert old != new
    with keeper("ask", other, QUESTION) as desk:
        assert desk.stdout and desk.stdin
        lines = iter(desk.stdout)
        assert answers(lines, 3) == [old] * 3
        restore(backup, other, replace=True)
        during = answers(lines, 1)
        while during[-1] != new and len(during) < 5000:  # what it had answered before it was read here
            during += answers(lines, 1)
        assert answers(lines, 20) == [new] * 20
        texts = {text for answer in (old, new) for _, text in answer}
        for answer in during:
            assert answer in (old, new) or {text for _, text in answer} <= texts | known_texts(root)
        restore(backup, other, replace=True)
        assert answers(lines, 20) == [new] * 20
        desk.stdin.close()
        desk.stdout.read()
        assert desk.wait() == 0


def known_texts(root: Path) -> set[str]:
    return {document.text for data in ("data", "other/data") for document in contents(root / data).documents.values()}


def test_nothing_that_an_open_desk_remembers_passes_for_something_restored(
    root: Path, other: Path, backup: Path
) -> None:
    """The same keys, another text under each: the passages, the words' frequencies and the index are all remembered."""
    desk = open_base(other, word_embedder())
    try:
        for n in range(70):
            desk.searcher.search(f"town{n} {n} Kenya Nepal", PUBLIC, 20)
        restore(backup, other, replace=True)
        for n in range(70):
            question = f"town{n} {n} Kenya Nepal"
            found = desk.searcher.search(question, PUBLIC, 20)
            assert ranking(found.passages) == ranking(search(root / "data", question, depth=20))
            assert all("Kenya" not in item.passage.text for item in found.passages)
        assert desk.searcher.damage is None
    finally:
        desk.close()


def test_what_is_ingested_after_a_restore_is_found_by_an_open_desk(base: Path, backup: Path, tmp_path: Path) -> None:
    """Keys and revisions go on from the base that was replaced, not from those in the backup."""
    ingest(base, write(tmp_path / "late", {"late.txt": "The okapi is late."}))
    desk = open_base(base, word_embedder())
    try:
        assert desk.searcher.search("okapi", PUBLIC, 1).passages[0].passage.text == "The okapi is late."
        restore(backup, base, replace=True)
        assert desk.searcher.search("okapi", PUBLIC, 1).passages[0].source.id != "late.txt"
        ingest(base, write(tmp_path / "next", {"next.txt": "The okapi is next."}))
        assert desk.searcher.search("okapi", PUBLIC, 1).passages[0].passage.text == "The okapi is next."
    finally:
        desk.close()


# ---- kills -----------------------------------------------------------------------------------------------------------

MOMENTS = [
    ("checking the backup", 20),
    ("unpacking", 20),
    ("putting it into use", 1),
    ("putting it into use", 30),
    ("building the index", 1),
]


@pytest.mark.parametrize(("label", "times"), MOMENTS)
def test_a_killed_restore_into_an_empty_directory_is_mended_by_running_it_again(
    label: str, times: int, root: Path, data: Path, backup: Path, wanted: Contents
) -> None:
    assert killed_at(label, times, "restore", data, backup)
    if label == "building the index":
        assert contents(data) == wanted
        assert [finding.what for finding in check(data) if not finding.well] == ["restore", "index"]
    report = restore(backup, data)
    assert report.completed == (label == "building the index")
    assert_restored(data, wanted, root / "data")


@pytest.mark.parametrize(("label", "times"), MOMENTS)
def test_a_killed_restore_over_a_base_leaves_the_old_one_or_the_new_one_whole(
    label: str, times: int, root: Path, other: Path, backup: Path, wanted: Contents
) -> None:
    before = contents(other)
    Decisions(other).withdraw("ana", "3.txt", "wrong")
    hidden = contents(other)
    assert killed_at(label, times, "replace", other, backup)
    now = contents(other)
    assert now == hidden if label != "building the index" else now.documents == wanted.documents
    assert "3.txt" not in {item.source.id for item in search(other, QUESTION, "staff", depth=100)}
    assert restore(backup, other, replace=True).replaced
    assert contents(other).documents == wanted.documents != before.documents
    assert "3.txt" not in {item.source.id for item in search(other, QUESTION, "staff", depth=100)}
    assert [finding for finding in check(other) if not finding.well] == []


def test_another_backup_does_not_complete_a_killed_restore(base: Path, data: Path, backup: Path) -> None:
    assert killed_at("building the index", 1, "restore", data, backup)
    back_up(base, base.parent / "second.backup")
    with pytest.raises(BaseExists):
        restore(base.parent / "second.backup", data)


# ---- what was decided since ------------------------------------------------------------------------------------------


def seen(data: Path, reader: str) -> set[str]:
    return {item.source.id for item in search(data, QUESTION, reader, depth=100)}


def told(decisions: tuple[Decision, ...]) -> list[tuple[str, str, str]]:
    return sorted((decision.document_id, decision.action, decision.who) for decision in decisions)


def test_what_was_withdrawn_or_made_narrower_since_the_backup_stays_so(base: Path, backup: Path) -> None:
    decisions = Decisions(base)
    decisions.withdraw("ana", "1.txt", "wrong")
    decisions.relabel("ben", "2.txt", "partner:nepal")
    decisions.relabel("ana", "secret.txt", "public")
    decisions.withdraw("ana", "3.txt", "wrong")
    decisions.reinstate("ana", "3.txt", "right after all")
    decisions.date("ana", "4.txt", valid_until="2020")
    decisions.relabel("ana", "5.txt", "staff")
    decisions.relabel("ana", "5.txt", "public")

    report = restore(backup, base, replace=True)
    assert told(report.kept) == [("1.txt", "withdraw", "ana"), ("2.txt", "relabel", "ben")]
    assert told(report.lapsed) == [("4.txt", "date", "ana"), ("secret.txt", "relabel", "ana")]
    assert seen(base, "public").isdisjoint({"1.txt", "2.txt", "secret.txt"})
    assert {"3.txt", "4.txt", "5.txt"} <= seen(base, "public")
    assert "2.txt" in seen(base, "partner:nepal") and "2.txt" not in seen(base, "staff")
    catalogue = Catalogue(base)
    held = catalogue.decisions()
    assert [(d.who, d.document_id, d.action, d.detail.get("reason")) for d in held] == [
        ("ana", "1.txt", "withdraw", "wrong"),
        ("ben", "2.txt", "relabel", None),
    ]
    assert all(decision.detail["decided_at"] for decision in held)
    assert catalogue.document("1.txt", EVERYONE) is None
    catalogue.close()
    again = restore(backup, base, replace=True)
    assert told(again.kept) == told(report.kept) and not again.lapsed


def test_two_delegations_that_a_document_is_for_by_turns_leave_it_to_staff(base: Path, tmp_path: Path) -> None:
    Decisions(base).relabel("ana", "1.txt", "partner:nepal")
    back_up(base, tmp_path / "nepal.backup")
    Decisions(base).relabel("ana", "1.txt", "partner:bangladesh")
    restore(tmp_path / "nepal.backup", base, replace=True)
    readers = ["public", "partner:nepal", "partner:bangladesh", "staff"]
    assert [reader for reader in readers if "1.txt" in seen(base, reader)] == ["staff"]


def test_a_narrower_audience_by_ingest_stays_and_the_next_ingest_may_widen_it(tmp_path: Path) -> None:
    base = filled(tmp_path, 5)
    back_up(base, tmp_path / "base.backup")
    ingest(base, tmp_path / "notes" / "1.txt", audience="partner")
    report = restore(tmp_path / "base.backup", base, replace=True)
    assert told(report.kept) == [("1.txt", "relabel", "")]
    assert "1.txt" not in seen(base, "public") and "1.txt" in seen(base, "partner")
    assert ingest(base, tmp_path / "notes" / "1.txt").relabelled == ["1.txt"]
    assert "1.txt" in seen(base, "public")


def test_older_versions_are_not_shown_more_widely_either(tmp_path: Path) -> None:
    base = filled(tmp_path, 3)
    back_up(base, tmp_path / "base.backup")
    write(tmp_path / "notes", {"1.txt": "In 2001 they met in town1, for staff."})
    ingest(base, tmp_path / "notes" / "1.txt", audience="staff")
    write(tmp_path / "notes", {"1.txt": "In 2001 they met in town1, for everybody."})
    ingest(base, tmp_path / "notes" / "1.txt")
    restore(tmp_path / "base.backup", base, replace=True)
    assert "1.txt" not in seen(base, "public") and "1.txt" in seen(base, "staff")


def test_a_document_that_was_withdrawn_and_then_deleted_comes_back_withdrawn(base: Path, backup: Path) -> None:
    Decisions(base).withdraw("ana", "1.txt", "wrong")
    catalogue = Catalogue(base)
    for name in ("1.txt", "2.txt"):
        catalogue.remove(name)
    catalogue.close()
    report = restore(backup, base, replace=True)
    assert report.back == ("1.txt", "2.txt")
    assert seen(base, "public").isdisjoint({"1.txt"}) and "2.txt" in seen(base, "public")


def test_a_younger_backup_brings_back_what_was_decided_after_the_base(base: Path, tmp_path: Path) -> None:
    Decisions(base).withdraw("ana", "1.txt", "wrong")
    older = Path(shutil.copytree(base, tmp_path / "older"))
    Decisions(base).reinstate("ana", "1.txt", "right after all")
    back_up(base, tmp_path / "younger.backup")
    report = restore(tmp_path / "younger.backup", older, replace=True)
    assert not report.kept and not report.lapsed
    assert "1.txt" in seen(older, "public")


# ---- directories that are in a bad way -------------------------------------------------------------------------------


def outcome(base: Path, backup: Path, wanted: Contents, root: Path) -> RestoreReport:
    with pytest.raises(BaseExists):
        restore(backup, base)
    report = restore(backup, base, replace=True)
    assert_restored(base, wanted, root / "data")
    return report


def test_a_catalogue_that_is_no_database_any_more_is_laid_aside(
    root: Path, base: Path, backup: Path, wanted: Contents
) -> None:
    (base / CATALOGUE).write_bytes(b"ruin" * 5000)
    report = outcome(base, backup, wanted, root)
    assert report.restart and report.decisions_unreadable
    assert (base / f"{CATALOGUE}.damaged").read_bytes() == b"ruin" * 5000


def test_a_damaged_or_strange_catalogue_is_written_over(
    root: Path, base: Path, other: Path, backup: Path, wanted: Contents
) -> None:
    raw = bytearray((base / CATALOGUE).read_bytes())
    raw[4096 * 2 :] = bytes(len(raw) - 4096 * 2)
    (base / CATALOGUE).write_bytes(raw)
    assert outcome(base, backup, wanted, root).decisions_unreadable
    with closing(sqlite3.connect(other / CATALOGUE)) as connection:
        connection.execute("DROP TABLE decisions")
    assert outcome(other, backup, wanted, root).decisions_unreadable


def test_an_index_originals_and_leftovers_that_lie_there_are_in_nobody_s_way(
    root: Path, base: Path, backup: Path, wanted: Contents
) -> None:
    for name in ("", "-wal", "-shm"):
        (base / (CATALOGUE + name)).unlink(missing_ok=True)
    (base / f"{CATALOGUE}-wal").write_bytes(b"an old log" * 1000)
    (base / "restoring").mkdir()
    (base / "restoring" / "old").touch()
    for path in list((base / "originals").glob("*/*"))[:3]:
        path.write_bytes(b"scribbled over")
    assert not restore(backup, base).replaced
    assert_restored(base, wanted, root / "data")


def test_a_restored_base_beside_the_first_has_another_name_on_a_shared_server(
    base: Path, data: Path, backup: Path
) -> None:
    def name(directory: Path) -> str:
        catalogue = Catalogue(directory)
        catalogue.close()
        return catalogue.base

    before = name(base)
    restore(backup, data)
    restore(backup, base, replace=True)
    assert name(base) == before != name(data)


def test_too_little_room_is_said_before_anything_is_done(
    data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: shutil._ntuple_diskusage(10**6, 10**6, 1000))
    with pytest.raises(DataDirectoryError, match="Make room"):
        restore(backup, data)
    assert not data.exists()


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path, backup: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataDirectoryError, match="cannot be"):
        restore(backup, tmp_path / "file" / "data")
    with pytest.raises(DataDirectoryError, match="No such file"):
        restore(tmp_path / "nowhere", tmp_path / "data")


def test_notes_of_the_replaced_base_can_be_ingested_again(base: Path, backup: Path, tmp_path: Path) -> None:
    folder = notes(tmp_path / "more", 3, "Chad")
    ingest(base, folder)
    kept = Originals(base)
    restore(backup, base, replace=True)
    added = ingest(base, folder).added
    assert len(added) == 3 and all(finding.well for finding in check(base))
    catalogue = Catalogue(base)
    assert all(kept.has(digest) for digest in catalogue.originals())
    catalogue.close()
