"""A backup is of one moment, whole or absent, whatever else is at work on the base."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.catalogue import Catalogue
from knowledge.decisions import Decisions
from knowledge.errors import DataDirectoryError, StoreEmpty, UnusableBackup
from knowledge.keeping.archive import CATALOGUE
from knowledge.keeping.backup import back_up
from knowledge.keeping.consistency import check
from knowledge.keeping.restore import restore
from knowledge.originals import Originals, digest_of
from tests.knowledge.backups import (
    QUESTION,
    ROOT,
    catalogue_changed,
    filled,
    keeper,
    killed_at,
    members_of,
    packed,
    scribbled_over,
)
from tests.knowledge.bases import EVERYONE, contents, ingest, ranking, search, write
from tests.knowledge.test_killed_writer import FILES, assert_whole_or_absent, generation

pytestmark = pytest.mark.usefixtures("probed_here")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("shared"))


@pytest.fixture
def base(shared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shared, tmp_path / "base"))


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def test_what_is_restored_holds_and_answers_what_was_backed_up(data: Path, tmp_path: Path) -> None:
    base = Path(shutil.move(filled(tmp_path), tmp_path / "base"))
    write(tmp_path / "notes", {"0.txt": "In 2000 the group met in town0, says a second version."})
    ingest(base, tmp_path / "notes")
    before = {reader: ranking(search(base, QUESTION, reader)) for reader in ("public", "staff")}
    steps: list[tuple[int, int, str]] = []
    report = back_up(base, tmp_path / "base.backup", lambda *step: steps.append(step))
    assert (report.documents, report.versions, report.passages, report.originals) == (61, 62, 62, 62)
    assert report.size == (tmp_path / "base.backup").stat().st_size and not report.lost
    assert {label for _, _, label in steps} >= {"copying the catalogue", "packing", "reading it back"}
    assert all(0 <= done <= total for done, total, _ in steps)
    shutil.move(base, tmp_path / "lost")

    restored = restore(tmp_path / "base.backup", data)
    assert (restored.documents, restored.versions, restored.originals) == (61, 62, 62)
    assert not restored.replaced and not restored.kept
    assert contents(data) == contents(tmp_path / "lost")
    assert {reader: ranking(search(data, QUESTION, reader)) for reader in before} == before
    assert all(finding.well for finding in check(data))
    assert len(ingest(data, tmp_path / "notes").unchanged) == 60
    assert sorted(path.name for path in data.iterdir()) == sorted(path.name for path in (tmp_path / "lost").iterdir())


def test_a_backup_while_a_writer_ingests_and_another_asks_is_of_one_moment(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    first = generation(folder, 1)
    ingest(data, folder)
    second = generation(folder, 2)
    command = [sys.executable, "-m", "tests.knowledge.writer", str(data), str(folder)]
    made: list[Path] = []
    with (
        keeper("ask", data, "okapi7") as asking,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer,
    ):
        assert writer.stdout and asking.stdout and asking.stdin
        while writer.poll() is None:
            made.append(tmp_path / f"{len(made)}.backup")
            back_up(data, made[-1])
            assert json.loads(asking.stdout.readline())
        asking.stdin.close()
        assert "007.txt" in asking.stdout.read().splitlines()[-1]
        assert (writer.wait(), asking.wait()) == (0, 0)
    assert len(made) > 3
    counts = []
    for file in made[:: max(1, len(made) // 6)]:
        restored = tmp_path / f"{file.stem} restored"
        restore(file, restored)
        counts.append(assert_whole_or_absent(restored, first, second))
        assert [finding for finding in check(restored) if not finding.well] == []
        assert ingest(restored, folder).refused == []
        assert contents(restored).documents.keys() == second.keys()
    assert counts == sorted(counts) and counts[-1] <= FILES


@pytest.mark.parametrize(
    ("label", "times"),
    [("copying the catalogue", 1), ("copying the catalogue", 30), ("packing", 20), ("reading it back", 40)],
)
def test_a_killed_backup_leaves_the_earlier_one_or_none(label: str, times: int, base: Path, tmp_path: Path) -> None:
    file = tmp_path / "base.backup"
    assert killed_at(label, times, "backup", base, file)
    assert not file.exists() and len(left_over(tmp_path)) == 1
    back_up(base, file)
    assert left_over(tmp_path) == []
    earlier = file.read_bytes()
    assert killed_at(label, times, "backup", base, file)
    assert file.read_bytes() == earlier
    assert all(finding.well for finding in check(base))


def test_an_interrupted_backup_leaves_nothing(base: Path, tmp_path: Path) -> None:
    def interrupt(_done: int, _total: int, label: str) -> None:
        if label == "packing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(base, tmp_path / "base.backup", interrupt)
    assert left_over(tmp_path) == [] and not (tmp_path / "base.backup").exists()


def test_what_was_deleted_is_in_no_page_of_the_backup(base: Path, tmp_path: Path) -> None:
    ingest(base, write(tmp_path / "late", {"late.txt": "The zanzibarian witness was heard. " * 40}))
    catalogue = Catalogue(base)
    catalogue.remove("late.txt")
    Originals(base).keep_only(catalogue.originals())
    catalogue.close()
    with closing(sqlite3.connect(base / CATALOGUE)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")  # Debian's SQLite wipes free pages, others do not
        connection.execute("INSERT INTO settings VALUES ('x', ?)", ("zanzibarian witness" * 1000,))
        connection.commit()
        connection.execute("DELETE FROM settings WHERE name = 'x'")
        connection.commit()
    assert b"zanzibarian witness" in (base / CATALOGUE).read_bytes()
    back_up(base, tmp_path / "base.backup")
    assert not any(b"zanzibar" in content for _, content in members_of(tmp_path / "base.backup"))


def test_a_document_that_is_deleted_while_it_is_copied_is_not_in_the_backup(base: Path, tmp_path: Path) -> None:
    def delete(_done: int, _total: int, label: str) -> None:
        if label == "counting the originals":
            catalogue = Catalogue(base)
            catalogue.remove("59.txt")
            Originals(base).keep_only(catalogue.originals())
            catalogue.close()

    report = back_up(base, tmp_path / "base.backup", delete)
    assert (report.documents, report.originals, report.lost) == (60, 60, ())


def test_originals_that_are_missing_or_damaged_are_told_of_and_the_rest_is_kept(
    base: Path, data: Path, tmp_path: Path
) -> None:
    paths = sorted((base / "originals").glob("*/*"))
    paths[0].unlink()
    paths[1].write_bytes(b"scribbled over")
    report = back_up(base, tmp_path / "base.backup")
    assert report.lost == (paths[0].name, paths[1].name) and report.originals == 59
    assert restore(tmp_path / "base.backup", data).lost == report.lost
    assert contents(data) == contents(base)


def test_a_damaged_catalogue_makes_no_backup(base: Path, tmp_path: Path) -> None:
    scribbled_over(base / CATALOGUE, b"They spoke of return")
    with pytest.raises(DataDirectoryError, match="no backup was made"):
        back_up(base, tmp_path / "base.backup")
    assert not (tmp_path / "base.backup").exists() and left_over(tmp_path) == []


def test_only_an_earlier_backup_is_written_over(base: Path, tmp_path: Path) -> None:
    file = tmp_path / "thesis.txt"
    file.write_text("My thesis.")
    with pytest.raises(UnusableBackup, match="is no backup"):
        back_up(base, file)
    with pytest.raises(UnusableBackup, match="is no backup"):
        back_up(base, tmp_path)
    assert file.read_text() == "My thesis."
    back_up(base, tmp_path / "base.backup")
    back_up(base, tmp_path / "base.backup")


def test_where_nothing_can_be_written_or_read_it_says_so(base: Path, tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryError, match="No such file or directory"):
        back_up(base, tmp_path / "nowhere" / "base.backup")
    with pytest.raises(StoreEmpty):
        back_up(tmp_path / "empty", tmp_path / "base.backup")
    assert not (tmp_path / "empty").exists()


def test_withdrawn_narrower_and_ended_documents_stay_so(base: Path, data: Path, tmp_path: Path) -> None:
    decisions = Decisions(base)
    decisions.withdraw("ana", "3.txt", "wrong")
    decisions.relabel("ana", "4.txt", "partner:nepal")
    decisions.date("ana", "5.txt", valid_until="2020")
    back_up(base, tmp_path / "base.backup")
    restore(tmp_path / "base.backup", data)
    for reader in ("public", "partner:nepal", "staff"):
        found = {item.source.id for item in search(data, QUESTION, reader, depth=100)}
        assert found.isdisjoint({"3.txt", "5.txt"})
        assert ("4.txt" in found) == (reader == "partner:nepal")
    catalogue = Catalogue(data)
    assert [(decision.who, decision.action) for decision in catalogue.decisions()] == [
        ("ana", "withdraw"),
        ("ana", "relabel"),
        ("ana", "date"),
    ]
    assert catalogue.document("3.txt", EVERYONE) is None
    catalogue.close()
    assert ingest(data, tmp_path / "none", write(tmp_path / "again", {})).added == []


def test_what_ended_since_the_backup_is_not_in_the_index_that_is_built(base: Path, data: Path, tmp_path: Path) -> None:
    back_up(base, tmp_path / "base.backup")
    ended = catalogue_changed(
        tmp_path / "base.backup", tmp_path / "ended", "UPDATE documents SET ends = '2020-01-01' WHERE id = '5.txt'"
    )
    restore(ended, data)
    assert all(finding.well for finding in check(data))
    with closing(sqlite3.connect(data / CATALOGUE)) as connection:
        assert connection.execute("SELECT live FROM documents WHERE id = '5.txt'").fetchone() == (0,)


def test_the_tar_may_be_packed_anew_by_other_tools(base: Path, data: Path, tmp_path: Path) -> None:
    back_up(base, tmp_path / "base.backup")
    restore(packed(tmp_path / "again.backup", members_of(tmp_path / "base.backup")), data)
    assert contents(data) == contents(base)
    assert digest_of((tmp_path / "again.backup").read_bytes()) != digest_of((tmp_path / "base.backup").read_bytes())
