"""One writer a data directory, with a message that says who it is."""

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from knowledge.errors import DataDirectoryError, StoreBusy


@contextmanager
def writer_lock(directory: Path) -> Iterator[None]:
    """Held while documents or the index are written. Raises StoreBusy at once when another process holds it; the
    system frees it when its holder ends, however it ends."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = (directory / "writer.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise DataDirectoryError(
            f"The data directory {directory} cannot be written: {error.strerror}. Choose another with --data or "
            f"MIGDESK_DATA."
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy(
                f"Another process is writing to {directory}{_holder(directory)}. Wait for it to finish, then try again."
            ) from error
        handle.truncate(0)
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
        handle.write(
            json.dumps(
                {
                    "pid": os.getpid(),
                    "command": command,
                    "since": datetime.now(UTC).isoformat(timespec="seconds"),
                }
            )
        )
        handle.flush()
        try:
            yield
        finally:
            handle.truncate(0)


def _holder(directory: Path) -> str:
    try:
        holder = json.loads((directory / "writer.lock").read_text(encoding="utf-8"))
        return f" (process {holder['pid']}, `{holder['command']}`, since {holder['since']})"
    except (OSError, ValueError, KeyError):
        return ""


@contextmanager
def shared_lock(path: Path) -> Iterator[bool]:
    """Held while a directory is in use; the one that would delete it asks with ``is_unused``."""
    with path.open("a+", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield True


def is_unused(path: Path) -> bool:
    """True when no process holds a shared lock on the path."""
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
