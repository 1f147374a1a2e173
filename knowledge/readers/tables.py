"""Table rows that can be read alone, from cells alone: which row names the columns is often not marked."""

import re
from collections.abc import Sequence

from knowledge.normalisation import one_line
from knowledge.readers.reading import TextBuilder, row_text

_LONGEST_NAME = 80
_FIGURE = re.compile(r"[\W\d]*\d[\W\d]*%?")


def add_table(builder: TextBuilder, rows: Sequence[Sequence[str]], header_rows: int | None = None) -> None:
    """Adds a block for each row. ``header_rows`` is how many the file marks as header, None where it marks nothing."""
    cleaned = [[one_line(cell) for cell in row] for row in rows]
    cleaned = [row for row in cleaned if any(row)]
    header: list[str] = []
    if header_rows is None and is_header(cleaned):
        header_rows = 1
    if header_rows and len(cleaned) > header_rows:
        header = join_headers(cleaned[:header_rows])
        cleaned = cleaned[header_rows:]
    for row in cleaned:
        builder.block("row", row_text(header, row) if header else _pair(row))


def is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row can only be names of columns: short, complete, without figures, over three columns or
    more. A table of two columns is as often a list of "Donor | European Union"."""
    if len(rows) < 2 or len(rows[0]) < 3:
        return False
    names = [name for name in rows[0][1:] if name]
    return len(names) == len(rows[0]) - 1 and all(
        len(name) <= _LONGEST_NAME and (not _FIGURE.fullmatch(name) or _is_year(name)) for name in names
    )


def join_headers(rows: Sequence[Sequence[str]]) -> list[str]:
    """Several header rows as one: "Returns" over "2023" becomes "Returns 2023"."""
    width = max(len(row) for row in rows)
    columns = [[row[index] for row in rows if index < len(row) and row[index]] for index in range(width)]
    return [" ".join(dict.fromkeys(column)) for column in columns]


def _pair(row: Sequence[str]) -> str:
    if len(row) == 2 and all(row) and len(row[0]) <= _LONGEST_NAME:
        return f"{row[0].rstrip(' :')}: {row[1]}"
    return row_text((), row)


def _is_year(name: str) -> bool:
    return len(name) == 4 and name.isdigit() and name[:2] in ("19", "20")
