"""PowerPoint: slide by slide, the title as heading, then text, tables and the speaker's notes."""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.normalisation import title_of
from knowledge.readers.hidden import OFF_PAGE, PALE, SMALLEST_POINTS, STYLED_AWAY, TINY, colour_of, is_near
from knowledge.readers.package import Element, Package
from knowledge.readers.reading import Reading, TextBuilder
from knowledge.readers.tables import add_table
from knowledge.readers.titles import is_telling

_TITLES = frozenset({"title", "ctrTitle"})
# Footers, dates and numbers repeat on every slide.
_FURNITURE = frozenset({"ftr", "dt", "sldNum", "hdr", "sldImg"})
_LIST_HOLDERS = frozenset({"body", "obj", ""})
_SHAPES = frozenset({"p.sp", "p.graphicFrame", "p.grpSp"})
_FILLS = ("a.solidFill", "a.gradFill", "a.blipFill", "a.pattFill")
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Slide:
    """What decides whether text can be seen: the slide's size, and its background where that is one plain colour."""

    width: int
    height: int
    background: Colour | None


def read(package: Package, name: str) -> Reading:
    """Raises UnreadableDocument."""
    root = package.xml(package.main)
    related = package.related(package.main)
    size = root.find("p.sldSz")
    width, height = (_number(size, "cx"), _number(size, "cy")) if size is not None else (0, 0)
    builder = TextBuilder()
    title = ""
    hidden: list[str] = []
    for number, entry in enumerate(root.iterfind("p.sldIdLst/p.sldId"), start=1):
        _, part = related.get(entry.get("r.id", ""), ("", ""))
        if not package.has(part):
            continue
        slide = package.xml(part)
        if slide.get("show") in ("0", "false"):
            hidden.append(str(number))
            continue
        builder.place = f"slide {number}"
        reader = _SlideReader(builder, _Slide(width, height, _background(package, part, slide)))
        slide_title = reader.read(slide)
        title = title or slide_title
        notes = package.related_as(part, "notesSlide")
        if notes:
            reader.read_notes(package.xml(notes))
    given = package.title()
    left = f"left out hidden slides: {', '.join(hidden)}"
    return Reading(
        title=title or (given if is_telling(given) else "") or name,
        text=builder.text,
        blocks=tuple(builder.blocks),
        remarks=builder.remarks(*([left] if hidden else [])),
    )


class _SlideReader:
    def __init__(self, builder: TextBuilder, slide: _Slide) -> None:
        self._builder = builder
        self._slide = slide

    def read(self, slide: Element) -> str:
        """Adds the slide and returns its title."""
        tree = slide.find("p.cSld/p.spTree")
        shapes = list(tree) if tree is not None else []
        titles = [shape for shape in shapes if _holder(shape) in _TITLES]
        self._builder.end_sections()
        title = title_of(" ".join(text for shape in titles for text in self._paragraphs(shape)))
        others = [shape for shape in shapes if shape not in titles and _holder(shape) not in _FURNITURE]
        if any((text.text or "").strip() for shape in others for text in shape.iter("a.t")):
            self._builder.heading(1, title)
        else:
            self._builder.block("paragraph", title)
        self._shapes(others)
        return title

    def read_notes(self, notes: Element) -> None:
        bodies = [shape for shape in notes.iter("p.sp") if _holder(shape) == "body"]
        for text in (text for shape in bodies for text in self._paragraphs(shape)):
            self._builder.block("paragraph", f"Speaker notes: {text}")

    def _shapes(self, shapes: list[Element], in_group: bool = False) -> None:
        """Shapes inside a group lie in the group's own measure; only the group is asked where on the slide it is."""
        for shape in shapes:
            if shape.tag not in _SHAPES:
                continue
            hidden_as = self._hidden_as(shape, in_group)
            if hidden_as:
                self._builder.left_out.add(hidden_as, "".join(t.text or "" for t in shape.iter("a.t")))
            elif shape.tag == "p.grpSp":
                self._shapes(list(shape), in_group=True)
            elif shape.tag == "p.graphicFrame":
                for table in shape.iter("a.tbl"):
                    self._table(table)
            else:
                paragraphs = list(self._paragraphs(shape))
                kind = _holder(shape)
                is_list = kind is not None and kind in _LIST_HOLDERS and len(paragraphs) > 1
                for text in paragraphs:
                    self._builder.block("item" if is_list else "paragraph", text)

    def _table(self, table: Element) -> None:
        rows = [[" ".join(self._paragraphs(cell)) for cell in row.findall("a.tc")] for row in table.findall("a.tr")]
        properties = table.find("a.tblPr")
        marked = properties is not None and properties.get("firstRow") in ("1", "true")
        # PowerPoint marks a header in every new table; two columns are more often a list of pairs.
        add_table(self._builder, rows, 1 if marked and rows and len(rows[0]) > 2 else None)

    def _paragraphs(self, shape: Element) -> Iterator[str]:
        behind = self._slide.background
        properties = shape.find("p.spPr") if shape.tag == "p.sp" else None
        if shape.tag != "p.sp" or shape.find("p.style/a.fillRef") is not None:
            behind = None
        if properties is not None and any(properties.find(fill) is not None for fill in _FILLS):
            behind = _plain_colour(properties.find("a.solidFill"))
        for paragraph in shape.iter("a.p"):
            text = "".join(self._runs(paragraph, behind)).strip()
            if text:
                yield text

    def _runs(self, paragraph: Element, behind: Colour | None) -> Iterator[str]:
        for run in paragraph:
            if run.tag == "a.br":
                yield "\n"
            text = run.findtext("a.t") or ""
            if run.tag not in ("a.r", "a.fld") or not text:
                continue
            look = run.find("a.rPr")
            points = _number(look, "sz") / 100 if look is not None and look.get("sz") else None
            colour = _plain_colour(look.find("a.solidFill")) if look is not None else None
            if points is not None and points < SMALLEST_POINTS:
                self._builder.left_out.add(TINY, text)
            elif colour and behind and is_near(colour, behind):
                self._builder.left_out.add(PALE, text)
            else:
                yield text

    def _hidden_as(self, shape: Element, in_group: bool) -> str | None:
        own = next(shape.iter("p.cNvPr"), None)
        if own is not None and own.get("hidden") in ("1", "true"):
            return STYLED_AWAY
        frames = (shape.find(path) for path in ("p.spPr/a.xfrm", "p.grpSpPr/a.xfrm", "p.xfrm"))
        frame = next((frame for frame in frames if frame is not None), None)
        if frame is None or in_group or not self._slide.width:
            return None
        offset, extent = frame.find("a.off"), frame.find("a.ext")
        left, top = _number(offset, "x"), _number(offset, "y")
        right, bottom = left + _number(extent, "cx"), top + _number(extent, "cy")
        is_outside = right <= 0 or bottom <= 0 or left >= self._slide.width or top >= self._slide.height
        return OFF_PAGE if is_outside else None


def _holder(shape: Element) -> str | None:
    """The kind of placeholder that the shape fills; None for a shape of its own."""
    holder = shape.find("p.nvSpPr/p.nvPr/p.ph")
    return None if holder is None else holder.get("type", "")


def _background(package: Package, part: str, slide: Element) -> Colour | None:
    """The slide's background where it is one plain colour without a picture on it, else None."""
    if next(slide.iter("p.pic"), None) is not None:
        return None
    for _ in range(3):  # the slide, its layout, its master
        background = slide.find("p.cSld/p.bg")
        if background is not None:
            reference = background.find("p.bgRef")
            return _plain_colour(reference if reference is not None else background.find("p.bgPr/a.solidFill"))
        above = package.related_as(part, "slideLayout") or package.related_as(part, "slideMaster")
        if above is None:
            break
        part, slide = above, package.xml(above)
    return None


def _plain_colour(fill: Element | None) -> Colour | None:
    """A colour given by its figures, or the theme's background, which is white unless somebody turned it dark."""
    if fill is None:
        return None
    given = fill.find("a.srgbClr")
    if given is not None:
        return colour_of(given.get("val"))
    themed = fill.find("a.schemeClr")
    return (1, 1, 1) if themed is not None and themed.get("val") in ("bg1", "lt1") and not len(themed) else None


def _number(element: Element | None, name: str) -> int:
    text = element.get(name, "") if element is not None else ""
    return int(text) if len(text) < 12 and text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() else 0
