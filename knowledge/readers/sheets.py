"""Excel and CSV: every row can be read alone, each cell with its column's name."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from knowledge.errors import UnreadableDocument
from knowledge.normalisation import one_line, title_of
from knowledge.readers.limits import Limits, counted
from knowledge.readers.package import Package
from knowledge.readers.reading import Reading, TextBuilder, decode, row_text
from knowledge.readers.tables import join_headers
from knowledge.readers.titles import is_telling
from knowledge.readers.workbook import Row, Workbook

_FIGURE = re.compile(r"[^\w]*\d[\d\s.,:/%-]*[^\w]*")
_YEAR = re.compile(r"(19|20)\d\d")
_LONGEST_NAME = 100
_DEFAULT_NAME = re.compile(r"(sheet|tabelle|feuil\d?|lapa|list|лист|table)\s*\d*", re.IGNORECASE)
_SEPARATORS = ",;\t|"


def read_xlsx(package: Package, name: str) -> Reading:
    """Raises UnreadableDocument."""
    builder = TextBuilder()
    workbook = Workbook(package, builder.left_out)
    hidden = [sheet.name for sheet in workbook.sheets if sheet.is_hidden]
    visible = [sheet for sheet in workbook.sheets if not sheet.is_hidden]
    for sheet in visible:
        builder.end_sections()
        if not _DEFAULT_NAME.fullmatch(sheet.name):
            builder.heading(1, sheet.name)
        _add_rows(builder, workbook.rows(sheet), f"sheet “{title_of(sheet.name)}”, ")
    notes = [f"left out hidden sheets: {', '.join(title_of(name) for name in hidden)}"] if hidden else []
    if workbook.formulas_without_result:
        notes.append(f"{workbook.formulas_without_result:,} formulas have no stored result; open and save it in Excel")
    given = package.title()
    return Reading(
        title=given if is_telling(given) else name,
        text=builder.text,
        blocks=tuple(builder.blocks),
        remarks=builder.remarks(*notes),
    )


def read_csv(raw: bytes, name: str, limits: Limits) -> Reading:
    """Raises UnreadableDocument."""
    text = decode(raw)
    builder = TextBuilder()
    _add_rows(builder, _records(text, limits), "")
    return Reading(title=name, text=builder.text, blocks=tuple(builder.blocks), remarks=builder.remarks())


def _records(text: str, limits: Limits) -> Iterator[Row]:
    csv.field_size_limit(max(len(text), 1))
    # A null byte ends the reading of a line in some versions of Python and is an error in others.
    lines = io.StringIO(text.replace("\0", ""), newline="")
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=_separator(text)), start=1):
            if number > limits.rows:
                raise UnreadableDocument(f"holds more than {counted(limits.rows)} rows; split it into parts")
            if any(cell.strip() for cell in cells):
                yield Row(number, tuple(cells))
    except csv.Error as error:
        raise UnreadableDocument(f"is no valid CSV: {error}") from error


def _separator(text: str) -> str:
    """The character that stands equally often in the first lines; a comma where none does."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    if len(lines) > 1 and len(text) > 20_000:
        lines.pop()

    def fitness(separator: str) -> tuple[float, int]:
        counts = [line.count(separator) for line in lines]
        most = max(counts, default=0)
        even = sum(count == counts[0] for count in counts) / len(counts) if counts and counts[0] else 0.0
        return even, most

    best = max(_SEPARATORS, key=fitness)
    return best if lines and fitness(best)[1] else ","


def _add_rows(builder: TextBuilder, rows: Iterable[Row], place: str) -> None:
    header: list[str] = []
    for region in _regions(rows):
        # Titles and notes stand alone above a table, or apart from it.
        while region and sum(map(bool, region[0].cells)) == 1:
            row = region.pop(0)
            builder.place = f"{place}row {row.number}"
            builder.block("paragraph", "".join(row.cells))
        count = _header_rows([row.cells for row in region])
        if count:
            header = join_headers(
                [_filled(region[0].cells) if count > 1 else region[0].cells, *(r.cells for r in region[1:count])]
            )
            header = [one_line(title_of(column)) for column in header]
        elif region and len(region[0].cells) > len(header):
            header = []
        for row in region[count:]:
            builder.place = f"{place}row {row.number}"
            builder.block("row", row_text(header, [one_line(cell) for cell in row.cells]))


def _regions(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows without an empty one between them."""
    region: list[Row] = []
    for row in rows:
        if region and row.number > region[-1].number + 1:
            yield region
            region = []
        region.append(row)
    if region:
        yield region


def _header_rows(rows: list[tuple[str, ...]]) -> int:
    """How many rows at the top name the columns: none, one, or two where the upper one groups the lower."""
    if len(rows) < 2 or not _are_names(rows[0]):
        return 0
    width = max(len(row) for row in rows[:50])
    filled = sum(map(bool, rows[0]))
    if filled == width or filled >= 2 and filled >= width - 1:
        return 1
    if len(rows) > 2 and _are_names(rows[1], distinct=False) and sum(map(bool, rows[1])) >= filled:
        return 2
    return 1 if filled * 2 >= width else 0


def _are_names(cells: tuple[str, ...], distinct: bool = True) -> bool:
    names = [one_line(cell) for cell in cells if cell]
    if len(names) < 2 or (distinct and len(set(names)) < len(names)):
        return False
    return all(len(n) <= _LONGEST_NAME and (not _FIGURE.fullmatch(n) or bool(_YEAR.fullmatch(n))) for n in names)


def _filled(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Merged cells hold their text in the first: it counts for those after it."""
    result: list[str] = []
    for cell in cells:
        result.append(cell or (result[-1] if result else ""))
    return tuple(result)
