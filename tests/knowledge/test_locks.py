import os
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.errors import DataDirectoryError, StoreBusy
from knowledge.locks import is_unused, shared_lock, writer_lock

_HOLD = """
import sys
from pathlib import Path
from knowledge.locks import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_at_once_who_the_first_is(data: Path) -> None:
    with (
        writer_lock(data),
        pytest.raises(StoreBusy, match=rf"writing to {data} \(process {os.getpid()}, .* since 20"),
        writer_lock(data),
    ):
        pass


def test_a_writer_in_another_process_is_named_and_its_death_frees_the_place(data: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StoreBusy, match=f"process {other.pid}, "), writer_lock(data):
            pass
        other.kill()
        other.wait()
        with writer_lock(data):
            pass


def test_the_place_is_free_again_after_a_writer_failed(data: Path) -> None:
    with pytest.raises(ZeroDivisionError), writer_lock(data):
        raise ZeroDivisionError
    with writer_lock(data):
        pass


def test_a_lock_file_with_nonsense_in_it_is_no_hindrance(data: Path) -> None:
    data.mkdir()
    (data / "writer.lock").write_bytes(b"\xff not json")
    with writer_lock(data), pytest.raises(StoreBusy), writer_lock(data):
        pass


def test_a_data_directory_that_cannot_be_made_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(
            DataDirectoryError, match=r"file/data cannot be written: Not a directory\. Choose another with --data"
        ),
        writer_lock(tmp_path / "file" / "data"),
    ):
        pass


def test_a_file_in_the_place_of_the_data_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataDirectoryError, match="file cannot be written"), writer_lock(tmp_path / "file"):
        pass


def test_what_one_reader_uses_is_in_use_until_the_last_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "in-use"
    assert is_unused(path)
    with shared_lock(path):
        with shared_lock(path):
            assert not is_unused(path)
        assert not is_unused(path)
    assert is_unused(path)
