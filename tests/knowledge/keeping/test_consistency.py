"""Each finding, by damage made in the test; and none where nothing is wrong."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.catalogue import Catalogue
from knowledge.decisions import Decisions
from knowledge.errors import DataDirectoryError, StoreBusy, StoreEmpty
from knowledge.ingest import Ingest
from knowledge.keeping.archive import CATALOGUE
from knowledge.keeping.consistency import check
from knowledge.keeping.findings import Finding
from knowledge.keeping.surroundings import repair
from knowledge.locks import writer_lock
from knowledge.originals import Originals
from tests.knowledge.backups import filled, scribbled_over
from tests.knowledge.bases import ingest, note, store, write
from tests.knowledge.embedders import word_embedder

pytestmark = pytest.mark.usefixtures("probed_here")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents of every kind: for everybody and for staff, of two versions, withdrawn, ended."""
    root = tmp_path_factory.mktemp("shared")
    data = filled(root, 8)
    ingest(data, write(root / "notes", {"1.txt": "A second version of the note on town1."}))
    decisions = Decisions(data)
    decisions.withdraw("ana", "2.txt", "wrong")
    decisions.date("ana", "3.txt", valid_until="2020")
    decisions.relabel("ana", "4.txt", "partner:nepal")
    return data


@pytest.fixture
def base(shared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shared, tmp_path / "base"))


def wrong(base: Path) -> list[Finding]:
    findings = check(base)
    assert {finding.what for finding in findings} >= {"catalogue", "passages", "texts", "keywords", "days", "index"}
    assert all(finding.advice for finding in findings if not finding.well)
    return [finding for finding in findings if not finding.well]


def change(base: Path, *statements: str) -> None:
    with closing(sqlite3.connect(base / CATALOGUE)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def table_of(base: Path, text: str) -> str:
    """The part of the keyword index in which the text stands."""
    with closing(sqlite3.connect(base / CATALOGUE)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'lexicon%' AND sql LIKE '%fts5%'")
        (found,) = (
            name
            for (name,) in tables.fetchall()
            if connection.execute(f"SELECT 1 FROM {name} WHERE body LIKE ?", (text,)).fetchone()
        )
    return str(found)


def test_a_sound_base_has_no_finding_and_looking_changes_nothing(base: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    before = (base / CATALOGUE).read_bytes()
    findings = check(base, progress=lambda *step: steps.append(step))
    assert all(finding.well and not finding.advice for finding in findings)
    assert {label for _, _, label in steps} >= {"catalogue", "originals", "index"}
    assert (base / CATALOGUE).read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "what", "detail", "example"),
    [
        (
            "DELETE FROM passages WHERE document_id = '5.txt'",
            ["passages", "keywords", "index"],
            "versions that no question can find: 1",
            "5.txt (version 1)",
        ),
        (
            "DELETE FROM documents WHERE id = '5.txt'",
            ["passages", "originals"],
            "passages of no document: 1",
            "5.txt (version 1)",
        ),
        (
            "UPDATE documents SET audience = 'staff' WHERE id = '5.txt'",
            ["passages"],
            "versions indexed for others than may see them: 1",
            "5.txt (version 1)",
        ),
        (
            "UPDATE documents SET withdrawn_at = '2026' WHERE id = '5.txt'",
            ["passages", "days"],
            "versions indexed for others than may see them: 1",
            "5.txt (version 1)",
        ),
        (
            "UPDATE documents SET text = 'x' || text WHERE id = '1.txt' AND version = 1",
            ["texts"],
            "versions that do not read as their passages: 1",
            "1.txt (version 1)",
        ),
        (
            'UPDATE passages SET "end" = "end" - 1 WHERE document_id = \'6.txt\'',
            ["texts"],
            "versions that do not read as their passages: 1",
            "6.txt (version 1)",
        ),
        (
            "UPDATE passages SET unit_vectors = x'00' WHERE document_id = '6.txt'",
            ["texts"],
            "versions that do not read as their passages: 1",
            "6.txt (version 1)",
        ),
        (
            "UPDATE passages SET units = x'0000000000ffff00' WHERE document_id = '6.txt'",
            ["texts"],
            "versions that do not read as their passages: 1",
            "6.txt (version 1)",
        ),
        (
            "UPDATE passages SET text = CAST(x'ff' AS TEXT) WHERE document_id = '6.txt'",
            ["texts"],
            "versions that do not read as their passages: 1",
            "6.txt (version 1)",
        ),
        (
            "UPDATE documents SET ends = '2020-01-01' WHERE id = '5.txt'",
            ["days"],
            "versions indexed for days that are over: 1",
            "5.txt (version 1)",
        ),
        (
            "UPDATE documents SET ends = NULL WHERE id = '3.txt'",
            ["days"],
            "versions in force that are not indexed: 1",
            "3.txt (version 1)",
        ),
    ],
)
def test_what_the_catalogue_says_against_itself_is_found(
    statement: str, what: list[str], detail: str, example: str, base: Path
) -> None:
    change(base, statement)
    findings = wrong(base)
    assert [finding.what for finding in findings] == what
    assert (findings[0].detail, findings[0].examples) == (detail, (example,))


def test_a_missing_entry_of_the_keyword_index_is_found(base: Path) -> None:
    table = table_of(base, "%town5.%")
    change(base, f"DELETE FROM {table} WHERE body LIKE '%town5.%'")
    (finding,) = wrong(base)
    assert finding.what == "keywords" and "4 of 5 passages for public, in force" in finding.detail


def test_an_entry_in_another_audience_s_part_is_found(base: Path) -> None:
    secret, public = table_of(base, "%secret is kept%"), table_of(base, "%town5.%")
    change(base, f"INSERT INTO {public}(rowid, context, body) SELECT rowid, context, body FROM {secret}")
    findings = wrong(base)
    assert findings[0].what == "keywords" and public in findings[0].detail


def damage(base: Path) -> None:
    scribbled_over(base / CATALOGUE, b"They spoke of return")


def ruin(base: Path) -> None:
    (base / CATALOGUE).write_bytes(b"ruin" * 5000)


@pytest.mark.parametrize("hurt", [damage, ruin])
def test_a_damaged_file_is_a_finding_and_nothing_is_repaired_in_it(hurt: Callable[[Path], None], base: Path) -> None:
    stray = base / "originals" / "zz" / "stray"
    write(base / "originals", {"zz/stray": "perhaps all that is left"})
    hurt(base)
    findings = [finding for finding in check(base) if not finding.well]
    assert findings[0].what == "catalogue" and "--replace" in findings[0].advice
    with pytest.raises(DataDirectoryError):
        repair(base)
    assert stray.exists()


def test_originals_that_are_missing_damaged_or_of_no_document_are_found_and_the_last_repaired(base: Path) -> None:
    catalogue = Catalogue(base)
    held = {document.source.id: document.original or "" for document in catalogue.documents()}
    catalogue.close()
    (base / "originals" / held["5.txt"][:2] / held["5.txt"]).unlink()
    (base / "originals" / held["6.txt"][:2] / held["6.txt"]).write_bytes(b"scribbled over")
    stray = Originals(base).put(b"of a document that was deleted")
    write(base / "originals", {f"{stray[:2]}/.{stray}.4711": "half of it"})
    findings = wrong(base)
    assert [(finding.detail, finding.examples) for finding in findings] == [
        ("originals that are missing: 1", ("5.txt",)),
        ("originals that are damaged: 1", ("6.txt",)),
        ("files that no document names: 2", (f".{stray}.4711", stray)),
    ]
    assert repair(base) == 2
    assert [finding.detail for finding in wrong(base)] == [finding.detail for finding in findings[:2]]
    assert all(Originals(base).has(digest) for name, digest in held.items() if name != "5.txt")


def test_while_another_process_writes_what_it_has_not_named_yet_is_not_counted(base: Path) -> None:
    Originals(base).put(b"of a document that comes in a moment")
    with writer_lock(base):
        assert wrong(base) == []
        assert any("another process is writing" in finding.detail for finding in check(base))
        with pytest.raises(StoreBusy):
            repair(base)


def test_a_vector_index_that_is_gone_damaged_or_behind_is_found(base: Path) -> None:
    index = next((base / "index").iterdir())
    saved = shutil.copytree(index, base.parent / "saved")
    shutil.rmtree(index)
    assert [(finding.what, "missing" in finding.detail) for finding in wrong(base)] == [("index", True)]
    shutil.copytree(saved, index)
    (index / "chroma.sqlite3").write_bytes(b"ruin" * 5000)
    assert [finding.what for finding in wrong(base)] == ["index"]
    shutil.rmtree(index)
    shutil.copytree(saved, index)
    assert wrong(base) == []

    catalogue = Catalogue(base)
    catalogue.count_change()
    catalogue.close()
    (finding,) = wrong(base)
    assert "behind" in finding.detail
    change(base, "UPDATE settings SET value = '' WHERE name = 'index'")
    assert [finding.detail for finding in wrong(base)] == ["there is no vector index"]
    Ingest(base, word_embedder()).rebuild()
    assert wrong(base) == []


def test_an_index_that_holds_others_than_the_catalogue_is_found(base: Path) -> None:
    """Another passage in the place of one of those in the index, under the same name."""
    change(base, "UPDATE passages SET id = 'another' WHERE document_id = '5.txt'")
    (finding,) = wrong(base)
    assert finding.what == "index" and "1 of them gone" in finding.detail


def test_traces_of_a_killed_restore_are_found(base: Path) -> None:
    (base / "restoring").mkdir()
    assert [finding.what for finding in wrong(base)] == ["restore"]
    assert repair(base) == 1 and wrong(base) == []
    change(base, "INSERT INTO settings VALUES ('restoring', 'a backup')")
    (finding,) = wrong(base)
    assert "knowledge restore" in finding.advice


def test_where_there_is_nothing_it_says_so_and_makes_nothing(data: Path) -> None:
    with pytest.raises(StoreEmpty):
        check(data)
    assert not data.exists()


def test_documents_of_any_script_and_length_are_read_as_citations_read_them(data: Path) -> None:
    texts = ["𝐀 bold letter", "नेपाल फर्किए।", "a\u0000b and more words", "e\u0301 " * 500, "line\r\nline"]
    store(data, [note(f"n{n}", text) for n, text in enumerate(texts)])
    assert [finding.what for finding in wrong(data)] == ["index"]
    assert json.dumps([finding.detail for finding in wrong(data)]) == '["there is no vector index"]'
