"""What was last seen of each page, kept beside the knowledge base: when to look again, and what to ask with.

It is a memory, not a truth: the catalogue knows the documents. Lost or damaged, everything is asked for anew, and
nothing is removed because of it.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from knowledge.errors import DataDirectoryError, StoreBusy

FILE = "sources.json"
_DAMAGED = "sources.json.damaged"

Status = Literal["fetched", "changed", "not modified", "vanished", "failed", "refused"]
# The page was there and could be read.
PRESENT: frozenset[Status] = frozenset({"fetched", "changed", "not modified"})


class Seen(BaseModel):
    """One page. ``digest`` is of the document made from it, ``said`` of what sources.toml said of it then; ``seen_at``
    is when it was last there, ``checked_at`` when it was last asked for."""

    model_config = ConfigDict(frozen=True)
    url: str
    status: Status
    checked_at: AwareDatetime
    reason: str = ""
    seen_at: AwareDatetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str = ""
    said: str = ""
    readers: str = ""


class _File(BaseModel):
    version: Literal[1]
    pages: dict[str, Seen]


@dataclass(slots=True)
class State:
    """Entry id → what was seen. ``remark`` tells the operator that an older state was lost."""

    pages: dict[str, Seen] = field(default_factory=dict)
    remark: str = ""


def load_state(directory: Path) -> State:
    """Empty where nothing was fetched yet. A damaged file is laid aside under another name and said so."""
    path = directory / FILE
    try:
        return State(_File.model_validate_json(path.read_bytes()).pages)
    except FileNotFoundError:
        return State()
    except (ValidationError, ValueError):
        aside = directory / _DAMAGED
        os.replace(path, aside)
        return State(remark=f"{path} was damaged and is now {aside.name}; every page is asked for anew.")
    except OSError as error:
        raise _unusable(path, error) from error


def save_state(directory: Path, state: State) -> None:
    """Whole or not at all: beside, then in its place."""
    path = directory / FILE
    content = _File(version=1, pages=dict(sorted(state.pages.items()))).model_dump(mode="json")
    try:
        write_whole(path, json.dumps(content, ensure_ascii=False, indent=1))
    except OSError as error:
        raise _unusable(path, error) from error


def write_whole(path: Path, text: str) -> None:
    """Replaces a file in one step, so that a kill leaves the old one or the new one. Raises OSError."""
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


@contextmanager
def one_refresh(directory: Path) -> Iterator[None]:
    """Held for a whole run. Raises StoreBusy at once: two runs would ask every host twice. Other writers of the
    knowledge base are held up only while documents are written."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = (directory / "sources.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise _unusable(directory, error) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy(f"Another `migdesk sources refresh` is at work in {directory}. Wait for it.") from error
        yield


def day(moment: datetime | None) -> str | None:
    """The day of a moment as it is told to people, YYYY-MM-DD in UTC."""
    return moment.date().isoformat() if moment else None


def _unusable(path: Path, error: OSError) -> DataDirectoryError:
    return DataDirectoryError(
        f"{path} cannot be used: {error.strerror or error}. Free the cause, or name another data directory with "
        "--data or MIGDESK_DATA."
    )
