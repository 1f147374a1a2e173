"""Pieces of lines on a page to lines and tables in reading order. Pure.

Two columns of prose are read one after the other; lines whose pieces stand under each other are a table. A gutter
between columns is where hardly any piece crosses, and both of its sides are wide enough for prose.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from knowledge.readers.pdf_fragments import Fragment
from knowledge.readers.pdf_tables import Row, Table, table_end, table_of

# Of the width of the text: how wide a column of prose is at least, and how finely gutters are looked for.
_PROSE_WIDTH = 0.2
_STEPS = 60
_FEWEST_ROWS = 4
# Of the size of the letters: what is drawn apart but stands this close is one piece.
_JOIN_GAP = 0.6
_MOST_COLUMNS_DEEP = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and the margins of the column that it stands in."""

    piece: Fragment
    margin_left: float
    margin_right: float


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
        if gap > _JOIN_GAP * min(last.size, piece.size):
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
        end = table_end(rows, index)
        if end > index:
            result.append(table_of(rows[index:end]))
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
