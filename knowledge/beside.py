"""Files that are made whole beside the place they are meant for, on the same disk, and only then get their name."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from knowledge.locks import is_unused, shared_lock

_IN_USE = "in-use"


@contextmanager
def folder_beside(file: Path) -> Iterator[Path]:
    """A folder for this process, closed to others and gone afterwards. Those of killed processes go: each may hold as
    much as the file. Raises OSError."""
    prefix = f".{file.name}.making-"
    for left in file.parent.glob(f"{escape(prefix)}*"):
        if is_unused(left / _IN_USE):
            shutil.rmtree(left, ignore_errors=True)
    staging = file.parent / f"{prefix}{os.getpid()}"
    staging.mkdir(mode=0o700)
    try:
        with shared_lock(staging / _IN_USE):
            yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def flush(path: Path) -> None:
    """What a file holds, or which names are in a folder, is on the disk before it is told of. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
