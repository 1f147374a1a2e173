"""Files of a run that are written whole or not at all, and read as one model."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from evals.errors import InvalidRun
from evals.lines import first_fault

Model = TypeVar("Model", bound=BaseModel)


def read_whole(path: Path, model: type[Model], absent: str) -> Model:
    """Raises InvalidRun: ``absent`` where there is no such file, else naming the file and what is wrong in it."""
    try:
        return model.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise InvalidRun(absent) from error
    except OSError as error:
        raise InvalidRun(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise InvalidRun(f"{path}: {first_fault(error)}") from error


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
