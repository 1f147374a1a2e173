"""Letters on a PDF page to pieces of lines. Pure: what the letters are and where they stand is known already."""

from dataclasses import dataclass
from typing import NamedTuple

HYPHEN = "\x02"  # how PDFium gives a hyphen at which a word was broken
# Of the size of the letters: a gap that parts words, and one that parts columns.
_WORD_GAP = 0.15
_COLUMN_GAP = 1.0


@dataclass(frozen=True, slots=True)
class Fragment:
    """Letters on one line without a wide gap, in a frame where text runs to the right and ``baseline`` grows upwards.
    ``is_broken`` says that it ends in the middle of a word."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    is_bold: bool
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """What all letters of one text object share."""

    turn: int
    size: float
    is_bold: bool
    hidden_as: str | None
    is_pale: bool
    order: int


class Letter(NamedTuple):  # there are thousands on a page, and a tuple is made three times as fast
    text: str
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    style: Style


def fragments_of(letters: list[Letter], turn: int) -> list[Fragment]:
    """Letters that follow each other in the file and on one line, joined."""
    fragments: list[Fragment] = []
    parts: list[str] = []
    left = right = baseline = size = 0.0
    weights = 0
    is_broken = False

    def close() -> None:
        text = "".join(parts)
        if text.strip():
            bold = weights * 2 > len(text)
            fragments.append(Fragment(text.strip(), left, right, baseline, size, bold, is_broken))

    for letter in letters:
        if turn:
            y = turned(letter.x, letter.y, turn)[1]
            one, other = turned(letter.left, letter.bottom, turn)[0], turned(letter.right, letter.top, turn)[0]
            start, end = min(one, other), max(one, other)
        else:
            y, start, end = letter.y, letter.left, letter.right
        em = letter.style.size if letter.style.size > 1 else 1.0
        gap = start - right
        # A raised figure or letter stays on its line.
        same_line = bool(parts) and abs(y - baseline) < 0.5 * max(em, size)
        if not same_line or gap > _COLUMN_GAP * min(em, size) or gap < -0.7 * em or (parts and parts[-1] == HYPHEN):
            if letter.text.isspace():
                continue
            close()
            parts, left, baseline, size, weights, is_broken = [], start, y, em, 0, False
        elif gap > _WORD_GAP * em and not letter.text.isspace() and not parts[-1].isspace():
            parts.append(" ")
        is_broken = letter.text == HYPHEN
        parts.append("-" if is_broken else letter.text)
        weights += letter.style.is_bold
        size = size if size > em else em
        if not letter.text.isspace():
            right = end
        elif not same_line:
            right = start
    close()
    return fragments


def turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """A point in the frame where text that was turned by ``turn`` quarters runs to the right."""
    if turn == 1:
        return y, -x
    if turn == 2:
        return -x, -y
    if turn == 3:
        return -y, x
    return x, y
