"""Files beside a run that are written whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from evals.errors import InvalidRun


def write_whole(path: Path, text: str) -> None:
    """Raises InvalidRun where the place cannot be written."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # As given: a spreadsheet file ends its lines in its own way.
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(path)
    except OSError as error:
        raise InvalidRun(f"{path} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
