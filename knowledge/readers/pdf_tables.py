"""Tables on a PDF page, told from nothing but pieces that stand under each other. Pure."""

from dataclasses import dataclass
from statistics import median

from knowledge.readers.pdf_fragments import Fragment

Row = list[Fragment]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; cells that go on over several lines are whole. ``size`` is that of its letters."""

    rows: tuple[tuple[str, ...], ...]
    size: float
    page: int = 0


def table_end(rows: list[Row], start: int) -> int:
    """Where the table that begins in this row ends; ``start`` where none does. Two rows of several cells make one, and
    lines between them that stand under a single cell belong to it."""
    if len(rows[start]) < 2 or _is_bullet(rows[start]):
        return start
    end, full = start + 1, 1
    for index in range(start + 1, len(rows)):
        row, before = rows[index], rows[index - 1]
        if before[0].baseline - row[0].baseline > 3.5 * max(before[0].size, row[0].size):
            break
        if len(row) >= 2 and not _is_bullet(row) and _share_columns(rows[start:index], row):
            full += 1
            end = index + 1
        elif not (len(row) == 1 and _continues(rows[start:index], row[0])):
            break
        elif index + 1 == len(rows) or len(rows[index + 1]) >= 2 or _continues(rows[start:index], rows[index + 1][0]):
            end = index + 1
    return end if full >= 2 else start


def _share_columns(above: list[Row], row: Row) -> bool:
    """Whether most cells stand under a cell of the rows above."""
    cells = [piece for other in above[-6:] for piece in other]
    under = sum(any(_overlap(piece, cell) for cell in cells) for piece in row)
    return under * 2 > len(row)


def _continues(above: list[Row], piece: Fragment) -> bool:
    """Whether a lone piece goes on with a cell: under one that is not the first, or as narrow as its column."""
    widest = max(above, key=len)
    under = [index for index, cell in enumerate(widest) if _overlap(piece, cell)]
    if len(under) != 1:
        return False
    return under[0] > 0 or piece.right <= widest[1].left


def _overlap(one: Fragment, other: Fragment) -> bool:
    return one.left < other.right and other.left < one.right


def _is_bullet(row: Row) -> bool:
    return len(row) == 2 and len(row[0].text) <= 4 and not row[0].text.isalnum()


def table_of(rows: list[Row]) -> Table:
    columns = _columns(rows)
    cells: list[list[str]] = []
    gaps = [a[0].baseline - b[0].baseline for a, b in zip(rows, rows[1:], strict=False)]
    close = min(gaps, default=0.0) * 1.15
    for index, row in enumerate(rows):
        line = [""] * len(columns)
        for piece in row:
            column = _column_of(piece, columns)
            line[column] = f"{line[column]} {piece.text}".strip()
        # A line without a first cell, close under another, goes on with it.
        goes_on = bool(cells) and not line[0] and (gaps[index - 1] <= close or len(row) == 1)
        if cells and len(row) == 1 and len(columns) > 1 and line[0] and gaps[index - 1] <= close:
            goes_on = True
        if goes_on:
            cells[-1] = [f"{above} {below}".strip() for above, below in zip(cells[-1], line, strict=True)]
        else:
            cells.append(line)
    return Table(tuple(tuple(line) for line in cells), median(piece.size for row in rows for piece in row))


def _columns(rows: list[Row]) -> list[tuple[float, float]]:
    """The stretches of the width that cells stand in. Cells that lie over several columns do not join them."""
    most = max(len(row) for row in rows)
    columns: list[tuple[float, float]] = []
    for piece in sorted((p for row in rows if len(row) * 2 > most for p in row), key=lambda p: p.left):
        if columns and piece.left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], piece.right)
        else:
            columns.append((piece.left, piece.right))
    return columns


def _column_of(piece: Fragment, columns: list[tuple[float, float]]) -> int:
    """The column that holds most of the piece, or the nearest."""

    def fit(index: int) -> tuple[float, float]:
        left, right = columns[index]
        return min(right, piece.right) - max(left, piece.left), -abs(left - piece.left)

    return max(range(len(columns)), key=fit)
