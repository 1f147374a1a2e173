"""JSON lines into models and back, with messages that name file and line."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from evals.errors import EvalError

Model = TypeVar("Model", bound=BaseModel)


def lines_of(path: Path, error: type[EvalError], *, only_whole: bool = False) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, counted from 1. Only line feeds end a line: a text may hold other separators.
    ``only_whole`` leaves out a last line that has no line feed yet."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as failure:
        raise error(f"{path}: {getattr(failure, 'strerror', None) or failure}") from failure
    for number, line in enumerate(lines[:-1] if only_whole else lines, start=1):
        if line.strip():
            yield number, line


def read_models(
    path: Path, error: type[EvalError], read: Callable[[str], Model], *, only_whole: bool = False
) -> Iterator[tuple[int, Model]]:
    """Each line as ``read`` makes it, with its number. Raises ``error`` naming the first wrong line and its field."""
    for number, line in lines_of(path, error, only_whole=only_whole):
        try:
            yield number, read(line)
        except ValidationError as failure:
            raise error(f"{path}:{number}: {first_fault(failure)}") from failure
        except (ValueError, RecursionError) as failure:
            raise error(f"{path}:{number}: not JSON ({failure})") from failure


def first_fault(failure: ValidationError) -> str:
    """The first thing wrong, led by the field it is wrong in."""
    first = failure.errors(include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    told = str(first["msg"]).removeprefix("Value error, ")
    return f"{where}: {told}" if where else told


def line_of(model: BaseModel) -> str:
    """A model as one line of JSON with its line feed; what has its default is left out."""
    return model.model_dump_json(exclude_defaults=True) + "\n"
