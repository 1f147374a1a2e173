"""``migdesk ingest``, as processes: what is read, what is refused, and what a second or a broken run does."""

import json
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from integrations.cli import ingesting
from knowledge.candidates import Candidate, files_in
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest
from knowledge.types import IngestReport
from tests.integrations.command import ended, migdesk, started
from tests.integrations.conftest import LIBRARY, SMALL_QUESTION, DeskOn
from tests.integrations.servers import wait_until


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder with one document of each kind that is read, and of each kind that is refused."""
    folder = tmp_path / "papers"
    (folder / "deep").mkdir(parents=True)
    (folder / "post.txt").write_text("The border post at Tabanovce is open all night.\n", encoding="utf-8")
    (folder / "deep" / "ferry.md").write_text("# Ferry\n\nThe ferry at Bar sails on Mondays.\n", encoding="utf-8")
    (folder / "bus.html").write_text("<title>Bus</title><p>The bus to Preševo leaves at noon.</p>", encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "empty.txt").write_text(" \n", encoding="utf-8")
    return folder


def test_a_run_reports_what_it_took_and_refused_and_a_second_changes_nothing(papers: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = migdesk("ingest", papers, "--json", "--data", data)
    report = first.json()
    assert first.code == 0
    lists = {"added", "unchanged", "replaced", "relabelled", "withdrawn", "kept", "refused", "remarks"}
    assert set(report) == {*lists, "passages", "rebuilt"}
    assert sorted(report["added"]) == ["bus.html", "deep/ferry.md", "post.txt"]
    assert report["passages"] == 3
    reasons = {Path(refusal["origin"]).name: refusal["reason"] for refusal in report["refused"]}
    assert set(reasons) == {"picture.png", "empty.txt"}
    assert ".png" in reasons["picture.png"]
    assert "no text" in reasons["empty.txt"]
    rows = documents(data)

    (papers / "post.txt").touch()
    second = migdesk("ingest", papers, "--json", "--data", data).json()
    assert (second["added"], second["replaced"], second["passages"]) == ([], [], 0)
    assert sorted(second["unchanged"]) == sorted(report["added"])
    assert documents(data) == rows

    (papers / "post.txt").write_text("The border post at Tabanovce is closed at night.\n", encoding="utf-8")
    third = migdesk("ingest", papers, "--data", data)
    assert third.code == 0
    assert "0 added, 1 replaced, 2 unchanged, 2 refused" in third.said
    assert "picture.png: files of type '.png' are not read" in third.said


async def test_a_note_of_one_sentence_can_be_asked_about(tmp_path: Path, embedder: Embedder, desk_on: DeskOn) -> None:
    note = tmp_path / "note.txt"
    note.write_text("The ferry at Bar sails on Mondays.\n", encoding="utf-8")
    Ingest(tmp_path / "data", embedder).run(files_in([note])[0])
    desk = desk_on(tmp_path / "data")
    try:
        answer = await desk.ask("When does the ferry at Bar sail?")
    finally:
        desk.base.close()
    assert answer.text == "The ferry at Bar sails on Mondays."


def test_the_starter_library_is_every_brief_under_its_own_name(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[Candidate] = []

    def taken(candidates: list[Candidate], *_: object) -> IngestReport:
        handed.extend(candidates)
        return IngestReport(added=[candidate.name for candidate in candidates])

    monkeypatch.setattr(ingesting, "_ingest", taken)  # to embed all of it takes a minute
    assert ingesting.run_ingest([], None, None, True, False, tmp_path / "data", True) == 0
    assert sorted(Path(c.origin).stem for c in handed) == sorted(path.stem for path in LIBRARY.glob("*.md"))


def test_a_brief_is_known_again_by_its_id(base_copy: Path) -> None:
    ran = migdesk("ingest", LIBRARY / "marri.md", LIBRARY / "iom-serbia-feature.md", "--json", "--data", base_copy)
    assert ran.code == 0
    assert (ran.json()["unchanged"], ran.json()["added"]) == (["marri", "iom-serbia-feature"], [])


def test_a_corpus_is_read_line_by_line_and_a_wrong_line_is_named(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    right = {"id": "c1", "title": "Ferry", "text": "The ferry at Bar sails on Mondays."}
    corpus.write_text(json.dumps(right) + '\n{"id": "c2"}\nnot json\n', encoding="utf-8")
    ran = migdesk("ingest", "--corpus", corpus, "--json", "--data", tmp_path / "data")
    assert ran.code == 0
    assert ran.json()["added"] == ["c1"]
    assert [refusal["origin"] for refusal in ran.json()["refused"]] == [f"{corpus}:2", f"{corpus}:3"]


def test_what_is_not_there_fails_with_the_reason_and_leaves_no_data_directory(tmp_path: Path) -> None:
    (tmp_path / "unreadable").mkdir()
    data = tmp_path / "data"
    ran = migdesk("ingest", tmp_path / "nowhere", tmp_path / "unreadable", "--data", data)
    assert ran.code == 1
    assert f"{tmp_path}/nowhere: no such file or directory" in ran.said
    assert f"{tmp_path}/unreadable: holds no file of a type that is read" in ran.said
    assert not data.exists()


def test_an_unknown_audience_is_refused_before_anything_is_written(papers: Path, tmp_path: Path) -> None:
    ran = migdesk("ingest", papers, "--audience", "everybody", "--data", tmp_path / "data")
    assert ran.code == 2
    assert "'everybody' is not an audience" in ran.said
    assert not (tmp_path / "data").exists()


def test_a_data_directory_that_cannot_be_written_is_named(papers: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = migdesk("ingest", papers, "--json", "--data", tmp_path / "file" / "data")
    assert ran.code == 3
    assert ran.json()["error"]["code"] == "knowledge"
    assert f"{tmp_path}/file/data cannot be written" in ran.json()["error"]["message"]


def test_a_second_writer_is_told_who_is_first_and_an_interrupted_run_is_completed_by_the_next(tmp_path: Path) -> None:
    count = 140
    corpus, data = tmp_path / "corpus.jsonl", tmp_path / "data"
    texts = [f"Border post {number} opens at dawn." for number in range(count)]
    corpus.write_text(
        "".join(json.dumps({"id": f"p{n}", "title": "Post", "text": text}) + "\n" for n, text in enumerate(texts)),
        encoding="utf-8",
    )
    first = started("ingest", "--corpus", corpus, "--json", "--data", data)
    try:
        wait_until(lambda: first.poll() is not None or documents(data) > [], "a first document", timeout=60)
        first.send_signal(signal.SIGSTOP)  # so that it is surely still under way when the second comes
        second = migdesk("ingest", "--corpus", corpus, "--data", data)
        assert second.code == 3
        assert f"process {first.pid}, `migdesk ingest`" in second.said
        first.send_signal(signal.SIGINT)
    finally:
        os.kill(first.pid, signal.SIGCONT)
        interrupted = ended(first)
    assert interrupted.code == 130
    assert "Interrupted" in interrupted.err
    kept = len(documents(data))
    assert 0 < kept < count

    rerun = migdesk("ingest", "--corpus", corpus, "--json", "--data", data).json()
    assert (len(rerun["unchanged"]), len(rerun["added"])) == (kept, count - kept)
    status = migdesk("status", "--json", "--data", data).json()
    assert status["audiences"] == {"public": {"documents": count, "passages": count}}
    assert status["index_state"] == "up to date"


def test_an_index_built_with_other_settings_is_never_asked_and_a_rebuild_mends_it(small_copy: Path) -> None:
    change_fingerprint(small_copy, "of-another")
    asked = migdesk("ask", SMALL_QUESTION, "--json", "--data", small_copy)
    assert asked.code == 3
    assert f"migdesk ingest --rebuild --data {small_copy}" in asked.json()["error"]["message"]
    assert migdesk("ingest", "--rebuild", "--data", small_copy).code == 0
    mended = migdesk("ask", SMALL_QUESTION, "--json", "--data", small_copy)
    assert mended.code == 0
    assert mended.json()["outcome"] == "ANSWERED"


def change_fingerprint(data: Path, fingerprint: str) -> None:
    """As if the base had been built by another version, or with another embedder."""
    connection = sqlite3.connect(data / "catalogue.sqlite3")
    with connection:
        (index,) = connection.execute("SELECT value FROM settings WHERE name = 'index'").fetchone()
        moved = f"{fingerprint}-{index.partition('-')[2]}"
        for name, value in (("fingerprint", fingerprint), ("index", moved)):
            connection.execute("UPDATE settings SET value = ? WHERE name = ?", (value, name))
        connection.execute("UPDATE passages SET fingerprint = ?", (fingerprint,))
    connection.close()
    (data / "index" / index).rename(data / "index" / moved)


def documents(data: Path) -> list[tuple[str, str, str]]:
    """Id, digest and the moment of writing of each document; none before there is a catalogue."""
    try:
        connection = sqlite3.connect(f"file:{data}/catalogue.sqlite3?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return []
    try:
        return list(connection.execute("SELECT id, digest, ingested_at FROM documents ORDER BY id"))
    except sqlite3.OperationalError:  # not yet created
        return []
    finally:
        connection.close()


def test_what_is_kept_as_uploaded_is_told_and_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ingesting._print(IngestReport(kept=["quota.txt"]), tmp_path)
    said = capsys.readouterr().out
    assert "1 kept as uploaded" in said and "kept quota.txt: the version uploaded by an operator is newer" in said
