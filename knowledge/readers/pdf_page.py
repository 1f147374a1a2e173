"""One PDF page to pieces of lines with their place, size and weight, without what nobody can see."""

import ctypes
import math
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from knowledge.readers.hidden import COVERED, INVISIBLE, OFF_PAGE, PALE, SMALLEST_POINTS, TINY, LeftOut, is_near
from knowledge.readers.pdf_drawings import Drawings, drawings_of, fill_of
from knowledge.readers.pdf_fragments import Fragment, Letter, Style, fragments_of, turned

_INVISIBLE_MODES = frozenset({3, 7})
_BOLD_WEIGHT = 600


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
    by_turn = {
        other: fragments_of([letter for letter in kept if letter.style.turn == other], other)
        for other in dict.fromkeys(turns)
    }
    corners = [turned(x, y, turn)[1] for x in crop[::2] for y in crop[1::2]]
    return PageText(
        bottom=min(corners),
        top=max(corners),
        fragments=by_turn.pop(turn, []),
        turned=[fragment for fragments in by_turn.values() for fragment in fragments],
        is_recognised=is_recognised,
        is_picture=drawings.has_picture and not kept,
    )


def _visible(
    letters: list[Letter], drawings: Drawings, crop: tuple[float, float, float, float], left_out: LeftOut
) -> tuple[list[Letter], bool]:
    """The letters that can be seen, and whether they are an invisible layer over the picture of a page."""
    invisible = sum(letter.style.hidden_as == INVISIBLE for letter in letters)
    is_recognised = bool(invisible) and invisible >= 0.9 * len(letters) and drawings.is_covered_by_picture
    kept: list[Letter] = []
    dropped: dict[str, list[str]] = {}
    seen: dict[tuple[str, int, int], int] = {}
    for letter in letters:
        style = letter.style
        hidden_as = style.hidden_as
        if letter.right < crop[0] or letter.left > crop[2] or letter.top < crop[1] or letter.bottom > crop[3]:
            hidden_as = OFF_PAGE
        elif style.is_pale and not drawings.is_backed(*letter[1:5], style.order):
            hidden_as = PALE
        elif drawings.over and drawings.is_covered(*letter[1:5], style.order):
            hidden_as = COVERED
        if hidden_as and not (is_recognised and hidden_as == INVISIBLE):
            dropped.setdefault(hidden_as, []).append(letter.text)
            continue
        # Programs that have no bold font draw each letter twice; the two of a ligature come from one object.
        place = (letter.text, round(letter.x), round(letter.y))
        if seen.setdefault(place, style.order) == style.order:
            kept.append(letter)
    for kind, texts in dropped.items():
        left_out.add(kind, "".join(texts))
    return kept, is_recognised


def _letters(text_page: pdfium.FPDF_TEXTPAGE, drawings: Drawings) -> list[Letter]:
    letters: list[Letter] = []
    styles: dict[int, Style] = {}
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    high = 0
    code_at, object_at = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetTextObject
    origin_at, box_at = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetLooseCharBox
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        code = code_at(text_page, index)
        # Blanks and line ends that PDFium made up are found again from the gaps.
        if not code or (code <= 32 and code != 2 and pdfium.FPDFText_IsGenerated(text_page, index) == 1):
            continue
        if 0xD800 <= code < 0xDC00:  # the first half of a letter that PDFium gives in two
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0xFFFD
        high = 0
        handle = object_at(text_page, index)
        if not handle or not origin_at(text_page, index, x, y):
            continue
        box_at(text_page, index, box)
        address = ctypes.addressof(handle.contents)
        style = styles.get(address)
        if style is None:
            style = styles[address] = _style(text_page, index, handle, drawings.order.get(address, 0))
        letter = chr(code) if code <= 0x10FFFF else "\ufffd"
        letters.append(Letter(letter, box.left, box.bottom, box.right, box.top, x.value, y.value, style))
    return letters


def _style(text_page: pdfium.FPDF_TEXTPAGE, index: int, handle: pdfium.FPDF_PAGEOBJECT, order: int) -> Style:
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
    return Style(
        turn=round(math.degrees(math.atan2(b, a)) / 90) % 4,
        size=size,
        is_bold=is_bold or pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT,
        hidden_as=hidden_as,
        is_pale=is_pale,
        order=order,
    )


def _crop(page: pdfium.FPDF_PAGE) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what is shown of the page."""
    sides = [ctypes.c_float() for _ in range(4)]
    if pdfium.FPDFPage_GetCropBox(page, *sides) or pdfium.FPDFPage_GetMediaBox(page, *sides):
        left, bottom, right, top = (side.value for side in sides)
        return min(left, right), min(bottom, top), max(left, right), max(bottom, top)
    return 0.0, 0.0, 612.0, 792.0
