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
