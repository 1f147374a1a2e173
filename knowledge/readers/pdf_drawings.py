"""What is drawn on a PDF page besides its letters, as far as it decides whether letters can be seen."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from knowledge.readers.hidden import is_near

_MOST_OBJECTS = 200_000
_MOST_AREAS = 2_000
_DEEPEST_FORM = 8
# A rectangle is drawn with four or five lines; of other shapes the bounds say little.
_RECTANGLE = 6
_COVERS_PAGE = 0.4


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle or picture. ``order`` is when it was drawn; ``is_opaque`` that nothing shows through it."""

    left: float
    bottom: float
    right: float
    top: float
    order: int
    is_opaque: bool

    def holds(self, left: float, bottom: float, right: float, top: float) -> bool:
        return self.left <= left and right <= self.right and self.bottom <= bottom and top <= self.top


@dataclass(slots=True)
class Drawings:
    """``order`` is when each object was drawn, by its address; ``behind`` are coloured areas and pictures, ``over``
    opaque areas of any colour."""

    order: dict[int, int] = field(default_factory=dict)
    behind: list[Area] = field(default_factory=list)
    over: list[Area] = field(default_factory=list)
    has_picture: bool = False
    largest_picture: float = 0.0

    @property
    def is_covered_by_picture(self) -> bool:
        return self.largest_picture >= _COVERS_PAGE

    def is_backed(self, left: float, bottom: float, right: float, top: float, order: int) -> bool:
        """Whether something coloured lies behind the middle of this box."""
        x, y = (left + right) / 2, (bottom + top) / 2
        return any(area.order < order and area.holds(x, y, x, y) for area in self.behind)

    def is_covered(self, left: float, bottom: float, right: float, top: float, order: int) -> bool:
        """Whether an opaque rectangle was drawn over this box."""
        return any(area.order > order and area.holds(left, bottom, right, top) for area in self.over)


def drawings_of(page: pdfium.FPDF_PAGE, area: float) -> Drawings:
    """``area`` is the page's, in square points."""
    drawings = Drawings()
    for handle, matrix in _objects(page):
        order = len(drawings.order)
        drawings.order[ctypes.addressof(handle.contents)] = order
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            _add_path(drawings, handle, matrix, order)
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
            box = _bounds(handle, matrix)
            if box is None:
                continue
            if len(drawings.behind) < _MOST_AREAS:
                drawings.behind.append(Area(*box, order, is_opaque=False))
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                drawings.has_picture = True
                share = (box[2] - box[0]) * (box[3] - box[1]) / area if area else 0.0
                drawings.largest_picture = max(drawings.largest_picture, share)
    return drawings


def _add_path(drawings: Drawings, handle: pdfium.FPDF_PAGEOBJECT, matrix: "Matrix", order: int) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(handle, fill, stroke) or not fill.value:
        return
    box, colour = _bounds(handle, matrix), fill_of(handle)
    if box is None or colour is None or len(drawings.behind) + len(drawings.over) > _MOST_AREAS:
        return
    red, green, blue, alpha = colour
    if alpha > 0.05 and not is_near((red, green, blue)):
        drawings.behind.append(Area(*box, order, is_opaque=False))
    # What is blended (a marker pen, say) lets the letters through.
    see_through = alpha < 0.99 or pdfium.FPDFPageObj_HasTransparency(handle)
    if not see_through and 0 < pdfium.FPDFPath_CountSegments(handle) <= _RECTANGLE:
        drawings.over.append(Area(*box, order, is_opaque=True))


def fill_of(handle: pdfium.FPDF_PAGEOBJECT) -> tuple[float, float, float, float] | None:
    """Red, green, blue and opacity of an object's filling, 0 to 1."""
    parts = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(handle, *parts):
        return None
    red, green, blue, alpha = (part.value / 255 for part in parts)
    return red, green, blue, alpha


Matrix = tuple[float, float, float, float, float, float]
_AS_IT_IS: Matrix = (1, 0, 0, 1, 0, 0)


def _objects(page: pdfium.FPDF_PAGE) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, Matrix]]:
    """The page's objects in the order they are drawn, forms opened, each with the matrix it lies under."""
    seen = 0
    stack = [iter([(pdfium.FPDFPage_GetObject(page, n), _AS_IT_IS) for n in range(pdfium.FPDFPage_CountObjects(page))])]
    while stack and seen < _MOST_OBJECTS:
        following = next(stack[-1], None)
        if following is None:
            stack.pop()
            continue
        handle, matrix = following
        if not handle:
            continue
        seen += 1
        if pdfium.FPDFPageObj_GetType(handle) == pdfium.FPDF_PAGEOBJ_FORM and len(stack) < _DEEPEST_FORM:
            own = pdfium.FS_MATRIX()
            inner = matrix
            if pdfium.FPDFPageObj_GetMatrix(handle, own):
                inner = _under((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
            count = pdfium.FPDFFormObj_CountObjects(handle)
            stack.append(iter([(pdfium.FPDFFormObj_GetObject(handle, n), inner) for n in range(count)]))
            continue
        yield handle, matrix


def _under(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    a2, b2, c2, d2, e2, f2 = outer
    return (
        a * a2 + b * c2,
        a * b2 + b * d2,
        c * a2 + d * c2,
        c * b2 + d * d2,
        e * a2 + f * c2 + e2,
        e * b2 + f * d2 + f2,
    )


def _bounds(handle: pdfium.FPDF_PAGEOBJECT, matrix: Matrix) -> tuple[float, float, float, float] | None:
    """Left, bottom, right and top on the page."""
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(handle, *sides):
        return None
    left, bottom, right, top = (side.value for side in sides)
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
    ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
    return min(xs), min(ys), max(xs), max(ys)
