"""Word: headings, paragraphs, lists with their numbers, tables row by row, footnotes where they are referred to."""

from collections.abc import Iterator

from knowledge.normalisation import normalise, title_of
from knowledge.readers.docx_numbering import Numbering
from knowledge.readers.docx_styles import Styles, heading_level, numbering_in, value_in
from knowledge.readers.docx_text import Line, ParagraphReader
from knowledge.readers.hidden import COMMENT
from knowledge.readers.package import Element, Package
from knowledge.readers.reading import Reading, TextBuilder
from knowledge.readers.tables import add_table
from knowledge.readers.titles import is_telling

# A heading that is only set in bold lies deeper than all that are marked as headings.
_BOLD_LEVEL = 10
_LONGEST_BOLD_HEADING = 120
_HOLDERS = frozenset({"w.sdt", "w.sdtContent", "w.customXml", "w.ins", "w.moveTo", "w.smartTag"})


def read(package: Package, name: str) -> Reading:
    """Raises UnreadableDocument."""
    body = package.xml(package.main).find("w.body")
    walker = _Walker(package)
    if body is not None:
        walker.walk(body)
    walker.count_comments()
    builder = walker.builder
    given = package.title()
    return Reading(
        title=walker.title or (given if is_telling(given) else "") or walker.first_heading or name,
        text=builder.text,
        blocks=tuple(builder.blocks),
        remarks=builder.remarks(),
    )


class _Walker:
    def __init__(self, package: Package) -> None:
        self.builder = TextBuilder()
        self.title = self.first_heading = ""
        self._package = package
        self._styles = Styles(package)
        self._numbering = Numbering(package)
        self._paragraphs = ParagraphReader(self._styles, self.builder.left_out)
        self._notes = {kind: self._notes_of(kind) for kind in ("footnote", "endnote")}
        self._noted = 0

    def walk(self, holder: Element, background: str | None = None) -> None:
        elements = list(_content(holder))
        for index, element in enumerate(elements):
            following = elements[index + 1] if index + 1 < len(elements) else None
            if element.tag == "w.tbl":
                self._table(element)
            else:
                self._paragraph(element, following, background)

    def count_comments(self) -> None:
        part = self._package.related_as(self._package.main, "comments")
        if part:
            self.builder.left_out.add(COMMENT, "".join(t.text or "" for t in self._package.xml(part).iter("w.t")))

    def _paragraph(self, paragraph: Element, following: Element | None, background: str | None) -> None:
        line = self._paragraphs.read(paragraph, background)
        properties = paragraph.find("w.pPr")
        style = self._styles.paragraph(value_in(properties, "w.pStyle"))
        level = heading_level("", properties)
        level = style.level if level is None else level
        numbering = numbering_in(properties, style.numbering)
        text = line.text
        if numbering and normalise(text):
            text = f"{self._numbering.next(*numbering)} {text}".strip()
        if style.name == "title" and not self.title:
            self.title = title_of(text)
        if not level and not numbering and self._is_bold_heading(line, following):
            level = _BOLD_LEVEL
        if level:
            self.first_heading = self.first_heading or title_of(text)
            self.builder.heading(level, text)
        else:
            self.builder.block("item" if numbering else "paragraph", text)
        self._beside(line)

    def _beside(self, line: Line) -> None:
        """The footnotes and text boxes of a paragraph follow it."""
        for kind, identifier in line.notes:
            note = self._notes[kind].get(identifier, "")
            if note:
                self._noted += 1
                self.builder.block("paragraph", f"Footnote {self._noted}: {note}")
        for box, is_on_page in line.boxes:
            self.walk(box, None if is_on_page else "unknown")

    def _is_bold_heading(self, line: Line, following: Element | None) -> bool:
        """A short bold line before text that is not bold. A bold line before another is an address or a warning."""
        if not line.is_bold or len(line.text) > _LONGEST_BOLD_HEADING or line.text.endswith((".", ";", ",")):
            return False
        if "\n" in line.text or following is None or following.tag != "w.p":
            return following is not None and following.tag == "w.tbl" and "\n" not in line.text
        after = ParagraphReader(self._styles, TextBuilder().left_out).read(following)
        return bool(after.text) and not after.is_bold

    def _table(self, table: Element) -> None:
        style = self._styles.named(value_in(table.find("w.tblPr"), "w.tblStyle") or "")
        # A table's style may shade any of its cells; white letters in it are then probably its header.
        behind = "unknown" if style.shades else None
        rows = [row for row in _content(table, "w.tr") if row.find("w.trPr/w.del") is None]
        cells = [list(_content(row, "w.tc")) for row in rows]
        if max((len(row) for row in cells), default=0) <= 1:
            for cell in (cell for row in cells for cell in row):  # a frame around text
                self.walk(cell, _shade(cell) or behind)
            return
        header_rows = 0
        for row in rows:
            if row.find("w.trPr/w.tblHeader") is None:
                break
            header_rows += 1
        notes = Line()
        texts, weights = self._cells(cells, behind, notes)
        if not header_rows and len(weights) > 1 and weights[0] and not all(weights[1:]):
            header_rows = 1
        add_table(self.builder, texts, header_rows or None)
        self._beside(notes)

    def _cells(self, cells: list[list[Element]], behind: str | None, notes: Line) -> tuple[list[list[str]], list[bool]]:
        """The texts of a table's cells, merged ones repeated; and which rows are all bold."""
        texts: list[list[str]] = []
        weights: list[bool] = []
        for row in cells:
            line: list[str] = []
            bold: list[bool] = []
            for cell in row:
                properties = cell.find("w.tcPr")
                read = [self._paragraphs.read(p, _shade(cell) or behind) for p in cell.iter("w.p")]
                notes.notes += [note for part in read for note in part.notes]
                text = " ".join(part.text for part in read if part.text)
                bold += [part.is_bold for part in read if part.text]
                merged = properties.find("w.vMerge") if properties is not None else None
                if merged is not None and merged.get("w.val") != "restart" and texts and len(line) < len(texts[-1]):
                    text = texts[-1][len(line)]
                span = value_in(properties, "w.gridSpan") or "1"
                line += [text, *[""] * (min(int(span), 64) - 1 if span.isascii() and span.isdigit() else 0)]
            texts.append(line)
            weights.append(bool(bold) and all(bold))
        return texts, weights

    def _notes_of(self, kind: str) -> dict[str, str]:
        part = self._package.related_as(self._package.main, f"{kind}s")
        if part is None:
            return {}
        found = {}
        for note in self._package.xml(part).iter(f"w.{kind}"):
            lines = (self._paragraphs.read(paragraph).text for paragraph in note.iter("w.p"))
            found[note.get("w.id", "")] = " ".join(line for line in lines if line)
        return found


def _content(holder: Element, *wanted: str) -> Iterator[Element]:
    """The paragraphs and tables (or rows, or cells) inside, also within content controls; nothing that was deleted."""
    for child in holder:
        if child.tag in (wanted or ("w.p", "w.tbl")):
            yield child
        elif child.tag in _HOLDERS:
            yield from _content(child, *wanted)


def _shade(cell: Element) -> str | None:
    shade = cell.find("w.tcPr/w.shd")
    fill = shade.get("w.fill") if shade is not None else None
    return None if fill == "auto" else fill
