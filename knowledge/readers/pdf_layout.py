"""Pieces of lines on a page to lines and tables in reading order. Pure.

Two columns of prose are read one after the other; lines whose pieces stand under each other are a table. A gutter
between columns is where hardly any piece crosses, and both of its sides are wide enough for prose.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from knowledge.readers.pdf_page import Fragment

# Of the width of the text: how wide a column of prose is at least, and how finely gutters are looked for.
_PROSE_WIDTH = 0.2
_STEPS = 60
_FEWEST_ROWS = 4
_MOST_COLUMNS_DEEP = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and the margins of the column that it stands in."""

    piece: Fragment
    margin_left: float
    margin_right: float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; cells that go on over several lines are whole. ``size`` is that of its letters."""

    rows: tuple[tuple[str, ...], ...]
    size: float
    page: int = 0


Row = list[Fragment]


def in_reading_order(fragments: Sequence[Fragment]) -> list[Line | Table]:
    """The page's lines and tables."""
    return _read(_rows(fragments), 0)


def _rows(fragments: Sequence[Fragment]) -> list[Row]:
    """Pieces on one height, from top to bottom and left to right; close ones are joined."""
    rows: list[Row] = []
    for fragment in sorted(fragments, key=lambda piece: -piece.baseline):
        if rows and abs(rows[-1][0].baseline - fragment.baseline) < 0.35 * max(fragment.size, rows[-1][0].size):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    return [_joined(sorted(row, key=lambda piece: piece.left)) for row in rows]


def _joined(row: Row) -> Row:
    joined = [row[0]]
    for piece in row[1:]:
        last = joined[-1]
        gap = piece.left - last.right
        if gap > 1.2 * min(last.size, piece.size):
            joined.append(piece)
            continue
        blank = "" if gap < 0.15 * piece.size else " "
        joined[-1] = replace(
            last,
            text=last.text + blank + piece.text,
            right=max(last.right, piece.right),
            size=max(last.size, piece.size),
            is_bold=last.is_bold and piece.is_bold,
            is_broken=piece.is_broken,
        )
    return joined


def _read(rows: list[Row], depth: int) -> list[Line | Table]:
    if not rows:
        return []
    left = min(row[0].left for row in rows)
    right = max(piece.right for row in rows for piece in row)
    gutter = _gutter(rows, left, right) if depth < _MOST_COLUMNS_DEEP else None
    if gutter is None:
        return _lines_and_tables(rows, left, right)
    result: list[Line | Table] = []
    run: list[Row] = []
    for row in [*rows, None]:
        if row is not None and not any(piece.left < gutter < piece.right for piece in row):
            run.append(row)
            continue
        sides = [[p for p in r if p.right <= gutter] for r in run], [[p for p in r if p.left >= gutter] for r in run]
        if _is_prose(sides[0], right - left) and _is_prose(sides[1], right - left):
            for side in sides:
                result += _read([r for r in side if r], depth + 1)
        else:
            result += _lines_and_tables(run, left, right)
        run = []
        if row is not None:
            result += _lines_and_tables([row], left, right)
    return result


def _gutter(rows: list[Row], left: float, right: float) -> float | None:
    """Where between the columns nothing stands, or None where there is one column."""
    width = right - left
    pieces = [piece for row in rows for piece in row]
    best: tuple[int, float] | None = None
    middle = (left + right) / 2
    for step in range(_STEPS // 5, _STEPS * 4 // 5 + 1):
        x = left + width * step / _STEPS
        crossed = sum(piece.left < x < piece.right for piece in pieces)
        if best is None or (crossed, abs(x - middle)) < (best[0], abs(best[1] - middle)):
            best = crossed, x
    if best is None or best[0] > 0.4 * len(rows):
        return None
    x = best[1]
    both = sum(any(p.right <= x for p in row) and any(p.left >= x for p in row) for row in rows)
    before = sum(any(p.right <= x for p in row) for row in rows)
    after = sum(any(p.left >= x for p in row) for row in rows)
    # Columns need not be set on the same heights.
    return x if min(before, after) >= _FEWEST_ROWS and (both >= 2 or best[0] == 0) else None


def _is_prose(side: Sequence[Row], width: float) -> bool:
    """Whether the lines of one side are long enough and alone on their height."""
    filled = [row for row in side if row]
    if len(filled) < _FEWEST_ROWS:
        return False
    alone = sum(len(row) == 1 for row in filled) >= 0.8 * len(filled)
    long = median(row[-1].right - row[0].left for row in filled) >= _PROSE_WIDTH * width
    wordy = median(len(" ".join(piece.text for piece in row).split()) for row in filled) >= 4
    return alone and long and wordy


def _lines_and_tables(rows: list[Row], left: float, right: float) -> list[Line | Table]:
    result: list[Line | Table] = []
    index = 0
    while index < len(rows):
        end = _table_end(rows, index)
        if end > index:
            result.append(_table(rows[index:end]))
            index = end
            continue
        piece = rows[index][0]
        if len(rows[index]) > 1:  # parted by a wide gap, as a number from its heading
            piece = replace(
                piece,
                text=" ".join(p.text for p in rows[index]),
                right=rows[index][-1].right,
                is_bold=all(p.is_bold for p in rows[index]),
                is_broken=rows[index][-1].is_broken,
            )
        result.append(Line(piece, left, right))
        index += 1
    return result


def _table_end(rows: list[Row], start: int) -> int:
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


def _table(rows: list[Row]) -> Table:
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
