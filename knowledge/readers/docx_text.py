"""One paragraph of a Word file as a person sees it: without what was deleted or hidden, its footnotes beside it."""

from dataclasses import dataclass, field

from knowledge.readers.docx_styles import Look, Styles, value_in
from knowledge.readers.hidden import LeftOut
from knowledge.readers.package import Element

_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SHAPE = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}spPr"
# What was deleted or moved away while changes were tracked, and properties, which hold no text.
_NOT_SHOWN = frozenset({"w.del", "w.moveFrom", "w.pPr", "w.rPr", "w.sdtPr", "w.rt", "w.instrText", "w.delText"})
_MARKS = {"w.tab": " ", "w.br": "\n", "w.cr": "\n", "w.noBreakHyphen": "-", "w.ptab": " "}
_NOTES = {"w.footnoteReference": "footnote", "w.endnoteReference": "endnote"}


@dataclass(slots=True)
class Line:
    """A paragraph's text; the notes it refers to, as (kind, id); the text boxes anchored in it, each with whether its
    background is the page."""

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[tuple[Element, bool]] = field(default_factory=list)
    is_bold: bool = False


class ParagraphReader:
    """Reads paragraphs with the styles of their document; what nobody can see is counted in ``left_out``."""

    def __init__(self, styles: Styles, left_out: LeftOut) -> None:
        self._styles = styles
        self._left_out = left_out

    def read(self, paragraph: Element, background: str | None = None) -> Line:
        """``background`` is the colour behind the paragraph as RRGGBB, "unknown", or None for the page."""
        properties = paragraph.find("w.pPr")
        style = self._styles.paragraph(value_in(properties, "w.pStyle"))
        shade = properties.find("w.shd") if properties is not None else None
        behind = (shade.get("w.fill") if shade is not None else None) or background
        look = style.look.over(self._styles.base)
        if behind not in (None, "auto"):
            look = Look(background=behind).over(look)
        line = Line()
        parts: list[str] = []
        weights: set[bool] = set()
        self._gather(paragraph, look, line, parts, weights)
        line.text = "".join(parts).strip()
        line.is_bold = weights == {True}
        return line

    def _gather(self, element: Element, look: Look, line: Line, parts: list[str], weights: set[bool]) -> None:
        for child in element:
            if child.tag == "w.r":
                self._run(child, look, line, parts, weights)
            elif child.tag in ("m.oMath", "m.oMathPara"):
                parts.append("".join(text.text or "" for text in child.iter("m.t")))
            elif child.tag == f"{_COMPATIBLE}AlternateContent":
                self._boxes(child, line)
            elif child.tag not in _NOT_SHOWN:
                self._gather(child, look, line, parts, weights)

    def _run(self, run: Element, look: Look, line: Line, parts: list[str], weights: set[bool]) -> None:
        properties = run.find("w.rPr")
        named = value_in(properties, "w.rStyle")
        if named:
            look = self._styles.named(named).look.over(look)
        look = Look.of(properties).over(look)
        shown: list[str] = []
        for child in run:
            if child.tag == "w.t":
                shown.append(child.text or "")
            elif child.tag in _MARKS:
                shown.append(_MARKS[child.tag])
            elif child.tag in _NOTES:
                line.notes.append((_NOTES[child.tag], child.get("w.id", "")))
            elif child.tag == "w.ruby":
                shown += [text.text or "" for base in child.iter("w.rubyBase") for text in base.iter("w.t")]
            elif child.tag not in _NOT_SHOWN:
                self._boxes(child, line)
        text = "".join(shown)
        hidden_as = look.hidden_as()
        if hidden_as:
            self._left_out.add(hidden_as, text)
        elif text:
            parts.append(text)
            if text.strip():
                weights.add(bool(look.bold))

    def _boxes(self, element: Element, line: Line) -> None:
        """Text boxes are written twice for old programs; the first writing is enough."""
        if element.tag == f"{_COMPATIBLE}Fallback":
            return
        if element.tag == "w.txbxContent":
            line.boxes.append((element, False))
            return
        before = len(line.boxes)
        for child in element:
            self._boxes(child, line)
        frame = element.find(_SHAPE)
        if frame is not None and frame.find("a.noFill") is not None:
            line.boxes[before:] = [(box, True) for box, _ in line.boxes[before:]]
