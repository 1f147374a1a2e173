"""One PDF page to pieces of lines with their place, size and weight, without what nobody can see."""

import ctypes
import math
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from knowledge.readers.hidden import COVERED, INVISIBLE, OFF_PAGE, PALE, SMALLEST_POINTS, TINY, LeftOut, is_near
from knowledge.readers.pdf_drawings import Drawings, drawings_of, fill_of

_INVISIBLE_MODES = frozenset({3, 7})
_HYPHEN = "\x02"  # how PDFium gives a hyphen at which a word was broken
_BOLD_WEIGHT = 600
# Of the size of the letters: a gap that parts words, and one that parts columns.
_WORD_GAP = 0.15
_COLUMN_GAP = 1.6


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


@dataclass(slots=True)
class PageText:
    """``fragments`` run the way most of the page does, ``turned`` another way. ``is_recognised`` marks text that lies
    invisibly over the picture of a page; ``is_picture`` a page that has a picture and no text."""

    bottom: float = 0.0
    top: float = 0.0
    fragments: list[Fragment] = field(default_factory=list)
    turned: list[Fragment] = field(default_factory=list)
    is_recognised: bool = False
    is_picture: bool = False


@dataclass(frozen=True, slots=True)
class _Style:
    """What all letters of one text object share."""

    turn: int
    size: float
    is_bold: bool
    hidden_as: str | None
    is_pale: bool
    order: int


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    style: _Style


def read_page(page: pdfium.FPDF_PAGE, left_out: LeftOut) -> PageText:
    """The page's text; what nobody can see is counted in ``left_out``."""
    crop = _crop(page)
    drawings = drawings_of(page, (crop[2] - crop[0]) * (crop[3] - crop[1]))
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return PageText(is_picture=drawings.has_picture)
    try:
        letters = _letters(text_page, drawings)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    kept, is_recognised = _visible(letters, drawings, crop, left_out)
    turns = [letter.style.turn for letter in kept if letter.text.strip()]
    turn = max(set(turns), key=turns.count) if turns else 0
    by_turn = {other: _fragments([l for l in kept if l.style.turn == other], other) for other in dict.fromkeys(turns)}
    corners = [_turned(x, y, turn)[1] for x in crop[::2] for y in crop[1::2]]
    return PageText(
        bottom=min(corners),
        top=max(corners),
        fragments=by_turn.pop(turn, []),
        turned=[fragment for fragments in by_turn.values() for fragment in fragments],
        is_recognised=is_recognised,
        is_picture=drawings.has_picture and not kept,
    )


def _visible(
    letters: list[_Letter], drawings: Drawings, crop: tuple[float, float, float, float], left_out: LeftOut
) -> tuple[list[_Letter], bool]:
    """The letters that can be seen, and whether they are an invisible layer over the picture of a page."""
    invisible = sum(letter.style.hidden_as == INVISIBLE for letter in letters)
    is_recognised = bool(invisible) and invisible >= 0.9 * len(letters) and drawings.is_covered_by_picture
    kept: list[_Letter] = []
    dropped: dict[str, list[str]] = {}
    seen: set[tuple[str, int, int]] = set()
    for letter in letters:
        box = (letter.left, letter.bottom, letter.right, letter.top)
        style = letter.style
        hidden_as = style.hidden_as
        if letter.right < crop[0] or letter.left > crop[2] or letter.top < crop[1] or letter.bottom > crop[3]:
            hidden_as = OFF_PAGE
        elif style.is_pale and not drawings.is_backed(*box, style.order):
            hidden_as = PALE
        elif drawings.over and drawings.is_covered(*box, style.order):
            hidden_as = COVERED
        if hidden_as and not (is_recognised and hidden_as == INVISIBLE):
            dropped.setdefault(hidden_as, []).append(letter.text)
            continue
        # Programs that have no bold font draw each letter twice.
        place = (letter.text, round(letter.x), round(letter.y))
        if place not in seen or letter.text == " ":
            seen.add(place)
            kept.append(letter)
    for kind, texts in dropped.items():
        left_out.add(kind, "".join(texts))
    return kept, is_recognised


def _letters(text_page: pdfium.FPDF_TEXTPAGE, drawings: Drawings) -> list[_Letter]:
    letters: list[_Letter] = []
    styles: dict[int, _Style] = {}
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    high = 0
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        # Blanks and line ends that PDFium made up are found again from the gaps.
        if not code or pdfium.FPDFText_IsGenerated(text_page, index) == 1 and code != 2:
            continue
        if 0xD800 <= code < 0xDC00:  # the first half of a letter that PDFium gives in two
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0xFFFD
        high = 0
        handle = pdfium.FPDFText_GetTextObject(text_page, index)
        if not handle or not pdfium.FPDFText_GetCharOrigin(text_page, index, x, y):
            continue
        pdfium.FPDFText_GetLooseCharBox(text_page, index, box)
        address = ctypes.addressof(handle.contents)
        style = styles.get(address)
        if style is None:
            style = styles[address] = _style(text_page, index, handle, drawings.order.get(address, 0))
        letter = chr(code) if code <= 0x10FFFF else "\ufffd"
        letters.append(_Letter(letter, box.left, box.bottom, box.right, box.top, x.value, y.value, style))
    return letters


def _style(text_page: pdfium.FPDF_TEXTPAGE, index: int, handle: pdfium.FPDF_PAGEOBJECT, order: int) -> _Style:
    matrix = pdfium.FS_MATRIX()
    a, b, c, d = 1.0, 0.0, 0.0, 1.0
    if pdfium.FPDFText_GetMatrix(text_page, index, matrix):
        a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    size = pdfium.FPDFText_GetFontSize(text_page, index) * math.hypot(c, d)
    font = pdfium.FPDFTextObj_GetFont(handle)
    name = ctypes.create_string_buffer(256)
    pdfium.FPDFFont_GetBaseFontName(font, name, 256)
    is_bold = b"bold" in name.value.lower() or b"black" in name.value.lower()
    colour = fill_of(handle)
    hidden_as = None
    if pdfium.FPDFTextObj_GetTextRenderMode(handle) in _INVISIBLE_MODES:
        hidden_as = INVISIBLE
    elif size < SMALLEST_POINTS:
        hidden_as = TINY
    is_pale = colour is not None and (colour[3] < 0.05 or is_near(colour[:3]))
    return _Style(
        turn=round(math.degrees(math.atan2(b, a)) / 90) % 4,
        size=size,
        is_bold=is_bold or pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT,
        hidden_as=hidden_as,
        is_pale=is_pale,
        order=order,
    )


def _fragments(letters: list[_Letter], turn: int) -> list[Fragment]:
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
        x, y = _turned(letter.x, letter.y, turn)
        corners = [_turned(letter.left, letter.bottom, turn), _turned(letter.right, letter.top, turn)]
        start, end = min(corners[0][0], corners[1][0]), max(corners[0][0], corners[1][0])
        em = max(letter.style.size, 1.0)
        gap = start - right
        # A raised figure or letter stays on its line.
        same_line = bool(parts) and abs(y - baseline) < 0.5 * max(em, size)
        if not same_line or gap > _COLUMN_GAP * min(em, size) or gap < -0.7 * em or (parts and parts[-1] == _HYPHEN):
            if letter.text.isspace():
                continue
            close()
            parts, left, baseline, size, weights, is_broken = [], start, y, em, 0, False
        elif gap > _WORD_GAP * em and not letter.text.isspace() and not parts[-1].isspace():
            parts.append(" ")
        is_broken = letter.text == _HYPHEN
        parts.append("-" if is_broken else letter.text)
        weights += letter.style.is_bold
        size = max(size, em)
        if not letter.text.isspace():
            right = max(end, start)
        elif not same_line:
            right = start
    close()
    return fragments


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """A point in the frame where text that was turned by ``turn`` quarters runs to the right."""
    if turn == 1:
        return y, -x
    if turn == 2:
        return -x, -y
    if turn == 3:
        return -y, x
    return x, y


def _crop(page: pdfium.FPDF_PAGE) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what is shown of the page."""
    sides = [ctypes.c_float() for _ in range(4)]
    if pdfium.FPDFPage_GetCropBox(page, *sides) or pdfium.FPDFPage_GetMediaBox(page, *sides):
        left, bottom, right, top = (side.value for side in sides)
        return min(left, right), min(bottom, top), max(left, right), max(bottom, top)
    return 0.0, 0.0, 612.0, 792.0
