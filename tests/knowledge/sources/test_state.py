"""The memory of what was fetched: whole, or begun anew."""

import json
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.errors import DataDirectoryError, StoreBusy
from knowledge.sources.state import Seen, State, load_state, one_refresh, save_state, write_whole

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEEN = Seen(url="https://a.example/", status="fetched", checked_at=NOW, seen_at=NOW, etag='"é"')


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    assert load_state(tmp_path) == State()
    save_state(tmp_path, State({"a": SEEN}))
    assert load_state(tmp_path) == State({"a": SEEN})
    assert [path.name for path in tmp_path.iterdir()] == ["sources.json"]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"version": 2, "pages": {}}',
        b'{"version": 1, "pages": {"a": {"url": "x", "status": "well", "checked_at": "2026-11-22T12:00:00Z"}}}',
        b'{"version": 1, "pages": {"a": {"url": "x", "status": "failed", "checked_at": "2026-11-22T12:00:00"}}}',
        json.dumps({"version": 1, "pages": {"a": None}}).encode(),
    ],
)
def test_a_damaged_file_is_laid_aside_and_said_so(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "sources.json").write_bytes(damage)
    state = load_state(tmp_path)
    assert state.pages == {}
    assert "was damaged and is now sources.json.damaged" in state.remark
    assert (tmp_path / "sources.json.damaged").read_bytes() == damage
    assert load_state(tmp_path) == State()


def test_what_fails_in_the_middle_of_writing_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sources.json"
    write_whole(path, "old")

    def fails(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(DataDirectoryError, match="No space left on device"):
        save_state(tmp_path, State({"a": SEEN}))
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["sources.json"]


def _hold(
    directory: Path, held: "multiprocessing.synchronize.Event", done: "multiprocessing.synchronize.Event"
) -> None:
    with one_refresh(directory):
        held.set()
        done.wait(30)


def test_two_refreshes_do_not_run_at_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    held, done = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_hold, args=(tmp_path, held, done))
    other.start()
    try:
        assert held.wait(30)
        with pytest.raises(StoreBusy, match="Another `migdesk sources refresh` is at work"), one_refresh(tmp_path):
            raise AssertionError("two at once")
    finally:
        done.set()
        other.join()
    with one_refresh(tmp_path):
        pass


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataDirectoryError, match="file/data cannot be used"), one_refresh(tmp_path / "file" / "data"):
        raise AssertionError("made")
