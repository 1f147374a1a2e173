"""Sheets for raters: one HTML file each that works offline, and the same as a table for a spreadsheet. Which question
stands behind an item stays with the run, in ``labelling/key.json``."""

import base64
import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template

from pydantic import BaseModel

from evals.errors import InvalidRun
from evals.judging.result import JUDGE, read_judge
from evals.labelling.items import Drawn, Item, KeyItem, draw_items, shuffled
from evals.labelling.labels import COLUMNS, DOES_NOT_ARISE, FORMULA
from evals.run_directory import read_run
from evals.whole_files import read_whole, write_whole

KEY = "labelling/key.json"
RATERS, SIZE = 2, 60
_SHOWN = ("question", "answer", "sentence", "quotes", "passages")


class Key(BaseModel):
    """Item → what stands behind it. Grows with each sheet drawn from the run, so that no label is orphaned."""

    format: int = 1
    run: str
    items: dict[str, KeyItem]


@dataclass(frozen=True, slots=True)
class Sheets:
    """What was written. ``items`` in each sheet, ``disagreeing`` of them where judge and metrics differ; ``audiences``
    of the texts in it, which its raters have to be allowed to read."""

    html: tuple[Path, ...]
    csv: tuple[Path, ...]
    key: Path
    items: int
    disagreeing: int
    strata: int
    audiences: tuple[str, ...]


def write_sheet(run: Path, out: Path, *, raters: int = RATERS, size: int = SIZE, seed: int) -> Sheets:
    """``sheet-1.html``, ``sheet-1.csv`` and so on in ``out``, one pair a rater, who fills in either. All hold the same
    items, in an order of their own. Raises InvalidRun."""
    given = read_run(run)
    drawn = draw_items(given, read_judge(run) if (run / JUDGE).exists() else None, size, seed)
    if not drawn:
        raise InvalidRun(f"{run} holds no answer and no refusal that could be labelled.")
    known = read_key(run).items if (run / KEY).exists() else {}
    key = Key(run=given.manifest.name, items=known | {one.item.id: one.key for one in drawn})
    write_whole(run / KEY, key.model_dump_json(indent=1) + "\n")
    named = _name_of(drawn)
    pages, tables = [], []
    for rater in range(1, raters + 1):
        items = [one.item for one in shuffled(drawn, seed, rater)]
        pages.append(out / f"sheet-{rater}.html")
        tables.append(out / f"sheet-{rater}.csv")
        write_whole(pages[-1], page(f"{named}-{rater}", items))
        write_whole(tables[-1], table(f"{named}-{rater}", items))
    return Sheets(
        html=tuple(pages),
        csv=tuple(tables),
        key=run / KEY,
        items=len(drawn),
        disagreeing=sum(one.key.why == "disagreement" for one in drawn),
        strata=len({one.key.stratum for one in drawn}),
        audiences=tuple(sorted(frozenset[str]().union(*(one.audiences for one in drawn)))),
    )


def read_key(run: Path) -> Key:
    """Raises InvalidRun where the run has none that can be read."""
    absent = f"{run} has no {KEY}: no sheet was made from it. `migdesk eval sheet` makes one."
    return read_whole(run / KEY, Key, absent)


def page(sheet: str, items: Sequence[Item]) -> str:
    """The sheet as one HTML file that asks the network for nothing. The items travel as data; its script shows them as
    text alone, and only this script and this style may run."""
    folder = resources.files("evals.labelling")
    style, script, frame = (
        folder.joinpath(f"sheet.{kind}").read_text(encoding="utf-8") for kind in ("css", "js", "html")
    )
    data = json.dumps({"sheet": sheet, "items": [item.model_dump() for item in items]}, ensure_ascii=False)
    return Template(frame).substitute(
        sheet=sheet,
        style=style,
        script=script,
        style_digest=_digest(style),
        script_digest=_digest(script),
        # No text can close the element that carries it, or open a comment in it.
        data=data.replace("<", "\\u003c"),
    )


def table(sheet: str, items: Sequence[Item]) -> str:
    """The sheet as CSV, columns to fill in first. What a spreadsheet would run as a formula begins with an
    apostrophe."""
    written = io.StringIO()
    written.write("\ufeff")  # without it spreadsheets take the file for their own code page
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow([*COLUMNS, *_SHOWN])
    for item in items:
        asked = item.sentence is not None
        shown = (
            "\n".join((*item.history, item.question)),
            " ".join(item.answer),
            item.answer[item.sentence] if item.sentence is not None else "",
            "\n\n".join(source.quote for source in item.sources if source.quote),
            "\n\n".join(source.passage for source in item.sources if source.passage),
        )
        support, refusal = ("", DOES_NOT_ARISE) if asked else (DOES_NOT_ARISE, "")
        rows.writerow([sheet, item.id, "", support, support, refusal, "", *(guarded(text) for text in shown)])
    return written.getvalue()


def guarded(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _name_of(drawn: Sequence[Drawn]) -> str:
    return "s" + hashlib.blake2b(" ".join(sorted(one.item.id for one in drawn)).encode(), digest_size=4).hexdigest()


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
