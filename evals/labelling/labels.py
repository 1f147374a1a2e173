"""What raters send back: the file that a sheet's page saves (a line of JSON a label) or the filled-in table, read with
messages that name file and line."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from evals.errors import EvalError
from evals.lines import first_fault, read_models

COLUMNS = ("sheet", "item", "rater", "support", "answers", "refusal", "note")
# A spreadsheet runs a cell that begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
DOES_NOT_ARISE = "n/a"
_QUESTIONS = ("support", "answers", "refusal")


class InvalidLabels(EvalError):
    """A file of labels that cannot be used. The message names file and line."""


def _word(value: object) -> object:
    if not isinstance(value, str):
        return value
    word = value.strip().lower()
    return None if word in ("", DOES_NOT_ARISE) else word


class Label(BaseModel):
    """What one rater said of one item. None: not labelled, or the question does not arise; ``unsure``: the rater
    looked and could not tell. ``at``: when, where the page noted it."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    sheet: str = Field(pattern=r"^s[0-9a-f]{8}-[0-9]{1,3}$")
    item: str = Field(pattern=r"^i[0-9a-f]{12}$")
    rater: str = Field(min_length=1, max_length=20)
    support: Annotated[Literal["supported", "partly", "not", "unsure"] | None, BeforeValidator(_word)] = None
    answers: Annotated[Literal["yes", "partly", "no", "unsure"] | None, BeforeValidator(_word)] = None
    refusal: Annotated[Literal["right", "wrong", "unsure"] | None, BeforeValidator(_word)] = None
    note: str = Field(default="", max_length=4000)
    at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _is_about_an_answer_or_a_refusal(self) -> Self:
        if self.refusal is not None and (self.support is not None or self.answers is not None):
            raise ValueError("refusal is for items that are refusals, which have neither support nor answers")
        return self

    @property
    def is_empty(self) -> bool:
        return self.support is None and self.answers is None and self.refusal is None


@dataclass(frozen=True, slots=True)
class Labels:
    """Every label given, one a rater and item, with the place it was read from."""

    labels: tuple[Label, ...]
    places: Mapping[tuple[str, str], str]

    @property
    def raters(self) -> tuple[str, ...]:
        return tuple(sorted({label.rater for label in self.labels}))


def read_labels(files: Iterable[Path]) -> Labels:
    """Rows without a label are left out. Raises InvalidLabels for a row that is none, for two raters with the same
    initials, and for an item that one rater labelled twice and differently."""
    given: dict[tuple[str, str], Label] = {}
    places: dict[tuple[str, str], str] = {}
    sheets: dict[str, str] = {}
    for path in files:
        for line, label in _read(path):
            key, place = (label.rater, label.item), f"{path}:{line}"
            if sheets.setdefault(label.rater, label.sheet) != label.sheet:
                raise InvalidLabels(
                    f"{place}: rater: {label.rater} filled in the sheet {sheets[label.rater]} too. Raters of one run "
                    "need different initials, and one sheet each."
                )
            if key in given and _said(given[key]) != _said(label):
                raise InvalidLabels(f"{place}: item: {label.rater} labelled it otherwise in {places[key]}")
            given[key], places[key] = label, place
    if not given:
        raise InvalidLabels("The files hold no label. Fill in a sheet, save it, and name the saved file.")
    return Labels(tuple(given.values()), places)


def _said(label: Label) -> tuple[str | None, ...]:
    return label.support, label.answers, label.refusal


def _read(path: Path) -> Iterator[tuple[int, Label]]:
    rows = _rows(path) if path.suffix.lower() == ".csv" else read_models(path, InvalidLabels, _from_json)
    for line, label in rows:
        if not label.is_empty:
            yield line, label.model_copy(update={"rater": label.rater.upper()})


def _from_json(line: str) -> Label:
    held = json.loads(line)
    if not isinstance(held, dict):
        raise ValueError("a label is an object")
    return Label.model_validate(held)


def _rows(path: Path) -> Iterator[tuple[int, Label]]:
    """Of a table as a spreadsheet saves it, whatever it puts between the cells. A rater's initials stand in their first
    row or in each."""
    text = _text(path)
    header = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
    rater = ""
    columns: list[str] = []
    try:
        for cells in reader:
            if not columns:
                columns = [cell.strip().lower() for cell in cells]
                missing = [name for name in COLUMNS if name not in columns and name != "note"]
                if missing:
                    raise InvalidLabels(f"{path}:1: there is no column {missing[0]}. Keep the sheet's first row.")
                continue
            row = dict(zip(columns, cells, strict=False))
            if not any(cell.strip() for cell in cells):
                continue
            rater = row.get("rater", "").strip() or rater
            yield reader.line_num, _label(path, reader.line_num, row, rater)
    except csv.Error as error:
        raise InvalidLabels(f"{path}:{reader.line_num}: not a table ({error})") from error


def _label(path: Path, line: int, row: dict[str, str], rater: str) -> Label:
    held: dict[str, Any] = {name: row.get(name, "") for name in COLUMNS} | {"rater": rater}
    note = held["note"]
    held["note"] = note[1:] if note.startswith("'") and note[1:].startswith(FORMULA) else note
    labelled = any(_word(held[name]) is not None for name in _QUESTIONS)
    if not rater and labelled:
        raise InvalidLabels(f"{path}:{line}: rater: write your initials in the column rater, in your first row")
    try:
        return Label.model_validate(held if labelled else held | {"rater": rater or "?"})
    except ValidationError as failure:
        raise InvalidLabels(f"{path}:{line}: {first_fault(failure)}") from failure


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidLabels(f"{path}: {error.strerror}") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Saved in a code page of its own: labels and ids are plain letters in each of them.
        return raw.decode("latin-1")
