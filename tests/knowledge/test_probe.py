"""An index is opened in a process of its own, which goes with the one that asked for it."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import IndexDamaged
from knowledge.probe import probe
from tests.knowledge.bases import ingest, write


@pytest.mark.usefixtures("probed_here")  # while it is built; then it is probed in earnest
def test_a_sound_index_is_told_by_the_sizes_of_its_collections(data: Path, tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", {f"{n}.txt": f"Note {n} speaks of return." for n in range(3)})
    ingest(data, notes)
    (snapshot,) = (data / "index").iterdir()
    assert list(probe(snapshot).values()) == [3]


def test_an_index_that_cannot_be_opened_is_said_to_be_damaged_and_this_process_lives(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(np.random.default_rng(1).bytes(20_000))
    with pytest.raises(IndexDamaged, match=f"{tmp_path} cannot be opened"):
        probe(tmp_path)


def test_a_probe_does_not_outlive_who_asked_for_it_and_makes_nothing_anew(tmp_path: Path) -> None:
    """The next writer cleans up what a killed one left; a probe that comes to it later would make it again."""
    building = tmp_path / "building-1"
    building.mkdir()
    program = (
        "import subprocess, sys\n"
        "from pathlib import Path\n"
        "from knowledge.probe import probe\n"
        "started = subprocess.Popen.__init__\n"
        "def told(self, *given, **named):\n"
        "    started(self, *given, **named)\n"
        "    print(self.pid, flush=True)\n"
        "subprocess.Popen.__init__ = told\n"
        "probe(Path(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", program, str(building)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as writer:
        assert writer.stdout is not None
        child = int(writer.stdout.readline())
        writer.kill()
        writer.wait()
    shutil.rmtree(building)
    deadline = time.monotonic() + 30
    while _is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_running(child) and not building.exists()


def _is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
