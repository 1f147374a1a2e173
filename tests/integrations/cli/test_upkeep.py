"""``migdesk knowledge backup``, ``restore`` and ``check``: what they print, how they end, and that nothing is left half
done."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from integrations.cli.failures import handled
from integrations.cli.upkeep import run_backup, run_check, run_restore
from knowledge.candidates import files_in
from knowledge.decisions import Decisions
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest
from knowledge.originals import Originals
from tests.integrations.command import Ran, checked, environment, migdesk
from tests.integrations.conftest import SMALL_QUESTION, DeskOn

ROOT = Path(__file__).parents[3]


def ended(command: Callable[[], int | None], as_json: bool = False) -> int:
    """The exit code, as the command that calls this has it."""
    try:
        with handled(as_json):
            return command() or 0
    except typer.Exit as exit_:
        return exit_.exit_code


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


async def test_what_is_backed_up_and_restored_answers_the_same(
    small_copy: Path, tmp_path: Path, desk_on: DeskOn, capsys: pytest.CaptureFixture[str]
) -> None:
    file, restored = tmp_path / "desk.backup", tmp_path / "restored"
    assert ended(lambda: run_backup(file, small_copy, False)) == 0
    assert f"{file}: 1 documents in 1 versions, 1 originals" in said(capsys)
    assert ended(lambda: run_restore(file, restored, False, False)) == 0
    assert "restored: 1 documents in 1 versions" in said(capsys)
    answers = []
    for data in (small_copy, restored):
        desk = desk_on(data)
        answers.append((await desk.ask(SMALL_QUESTION)).text)
        desk.base.close()
    assert answers[0] == answers[1] == "The border post at Tabanovce is open all night and on holidays too."


def test_json_names_every_part_of_the_reports(
    small_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "desk.backup"
    assert ended(lambda: run_backup(file, small_copy, True), True) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["file"], report["documents"], report["originals"], report["lost"]) == (str(file), 1, 1, [])
    assert report["size"] == file.stat().st_size
    Decisions(small_copy).withdraw("ana", "note.txt", "wrong")
    assert ended(lambda: run_restore(file, small_copy, True, True), True) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["replaced"], report["documents"], report["lapsed"]) == (True, 1, [])
    (kept,) = report["kept"]
    assert (kept["who"], kept["document_id"], kept["action"], kept["detail"]["reason"]) == (
        "ana",
        "note.txt",
        "withdraw",
        "wrong",
    )
    assert ended(lambda: run_check(small_copy, False, True), True) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["deleted"] == 0 and {finding["well"] for finding in report["findings"]} == {True}


def test_what_was_decided_since_is_told_in_words_that_do_not_steer_the_terminal(
    small_copy: Path, tmp_path: Path, embedder: Embedder, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "desk.backup"
    ended(lambda: run_backup(file, small_copy, False))
    Decisions(small_copy).withdraw("ana", "note.txt", "wrong\x1b[31m [bold]")
    (tmp_path / "new.txt").write_text("The ferry at Bar sails on Mondays.\n", encoding="utf-8")
    Ingest(small_copy, embedder).run(files_in([tmp_path / "new.txt"])[0])
    said(capsys)
    assert ended(lambda: run_restore(file, small_copy, True, False)) == 0
    out = said(capsys)
    assert "kept, because it was decided after the backup: 1" in out
    assert "note.txt: withdraw (reason wrong�[31m [bold]) by ana" in out and "\x1b" not in out
    assert "documents added after the backup, not there any more: 1 new.txt" in out


def test_restoring_over_a_base_or_from_what_is_no_backup_is_refused(
    small_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "desk.backup"
    ended(lambda: run_backup(file, small_copy, False))
    capsys.readouterr()
    assert ended(lambda: run_restore(file, small_copy, False, True), True) == 3
    assert "--replace" in json.loads(capsys.readouterr().out)["error"]["message"]
    (tmp_path / "thesis.txt").write_text("My thesis.")
    assert ended(lambda: run_restore(tmp_path / "thesis.txt", tmp_path / "new", False, False)) == 3
    assert "is no backup" in capsys.readouterr().err
    assert ended(lambda: run_backup(tmp_path / "thesis.txt", small_copy, False)) == 3
    assert (tmp_path / "thesis.txt").read_text() == "My thesis." and not (tmp_path / "new").exists()
    assert ended(lambda: run_backup(file, tmp_path / "empty", False)) == 3
    assert "migdesk ingest" in capsys.readouterr().err


def test_check_says_what_is_wrong_and_repairs_what_may_be_deleted(
    small_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(lambda: run_check(small_copy, False, False)) == 0
    assert said(capsys).startswith("ok catalogue: well")
    Originals(small_copy).put(b"of a document that was deleted")
    assert ended(lambda: run_check(small_copy, False, False)) == 1
    assert "WRONG originals: files that no document names: 1" in said(capsys)
    assert ended(lambda: run_check(small_copy, True, False)) == 0
    assert "1 file deleted that no document names" in said(capsys)
    shutil.rmtree(small_copy / "index")
    assert ended(lambda: run_check(small_copy, True, False)) == 1
    assert "migdesk ingest --rebuild" in said(capsys)
    assert ended(lambda: run_check(tmp_path / "empty", False, False)) == 3


_SLOW = """
import time
import knowledge.keeping.backup, knowledge.keeping.restore
from integrations.cli import main
from knowledge.keeping.archive import read_archive

def slow(path, receive, progress, label):
    def told(*step):
        print(label, flush=True)
        time.sleep(10)
    return read_archive(path, receive, told, label)

knowledge.keeping.backup.read_archive = knowledge.keeping.restore.read_archive = slow
main()
"""


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_interrupted_they_end_with_130_and_leave_nothing(command: str, small_copy: Path, tmp_path: Path) -> None:
    folder, new = tmp_path / "files", tmp_path / "new"
    folder.mkdir()
    if command == "restore":
        run_backup(folder / "desk.backup", small_copy, True)
    before = list(folder.iterdir())
    data = new if command == "restore" else small_copy
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOW, "knowledge", command, str(folder / "desk.backup"), "--data", str(data)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    ran = checked(Ran(process.returncode, out, err))
    assert ran.code == 130 and "Interrupted" in ran.err
    assert list(folder.iterdir()) == before and not new.exists()


def test_the_commands_themselves(small_copy: Path, tmp_path: Path) -> None:
    file, new = tmp_path / "desk.backup", tmp_path / "new"
    assert migdesk("knowledge", "backup", file, "--data", small_copy).code == 0
    assert migdesk("knowledge", "restore", file, "--data", new).code == 0
    refused = migdesk("knowledge", "restore", file, "--data", new, "--json")
    assert refused.code == 3 and "--replace" in refused.json()["error"]["message"]
    assert migdesk("knowledge", "restore", file, "--data", new, "--replace").code == 0
    checked_ = migdesk("knowledge", "check", "--data", new, "--json")
    assert checked_.code == 0 and all(finding["well"] for finding in checked_.json()["findings"])
    shutil.rmtree(new / "originals")
    assert migdesk("knowledge", "check", "--data", new).code == 1
    assert migdesk("knowledge", "restore", "--data", new).code == 2
