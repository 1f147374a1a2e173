"""Original files are kept whole under the digest of their bytes, and under no name that anybody chose."""

import os
import resource
from pathlib import Path

import pytest

from knowledge.errors import DataDirectoryError
from knowledge.originals import Originals, digest_of


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path)


def files_of(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize("raw", [b"", b"a", b"\0\xff" * 100_000], ids=["empty", "short", "binary"])
def test_bytes_come_back_as_they_were_put(originals: Originals, raw: bytes) -> None:
    digest = originals.put(raw)
    assert digest == digest_of(raw)
    assert originals.has(digest) and originals.get(digest) == raw


def test_the_same_bytes_are_kept_once(originals: Originals, tmp_path: Path) -> None:
    assert originals.put(b"the same") == originals.put(b"the same")
    originals.put(b"another")
    assert len(files_of(tmp_path)) == 2


def test_what_was_never_put_is_not_there(originals: Originals) -> None:
    assert originals.get(digest_of(b"absent")) is None
    assert not originals.has(digest_of(b"absent"))
    assert originals.keep_only([]) == 0


@pytest.mark.parametrize("digest", ["", "..", "../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "a\0b", ".hidden"])
def test_what_is_no_digest_is_no_path_either(originals: Originals, digest: str) -> None:
    for ask in (originals.get, originals.has):
        with pytest.raises(ValueError, match="letters and digits only"):
            ask(digest)


def test_a_file_that_was_cut_short_on_the_disk_is_written_anew(originals: Originals, tmp_path: Path) -> None:
    digest = originals.put(b"all of it")
    (kept,) = files_of(tmp_path)
    kept.write_bytes(b"all")
    assert originals.put(b"all of it") == digest
    assert originals.get(digest) == b"all of it"


def test_only_what_is_still_named_is_kept_and_leftovers_of_interrupted_writes_go(
    originals: Originals, tmp_path: Path
) -> None:
    kept, gone = originals.put(b"kept"), originals.put(b"gone")
    (tmp_path / "originals" / kept[:2] / f".{kept}.{os.getpid()}").write_bytes(b"ke")
    assert originals.keep_only([kept, digest_of(b"never put")]) == 2
    assert originals.get(kept) == b"kept" and not originals.has(gone)
    assert len(files_of(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_is_named(originals: Originals, tmp_path: Path) -> None:
    (tmp_path / "originals").touch()
    with pytest.raises(
        DataDirectoryError, match=f"cannot be kept in {tmp_path / 'originals'}: .*run the command again"
    ):
        originals.put(b"no room")


def test_a_full_disk_leaves_nothing_half_written(originals: Originals, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(DataDirectoryError, match="File too large"):
            originals.put(b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert files_of(tmp_path) == []
    digest = originals.put(b"x" * 100_000)
    assert originals.has(digest)
