"""A briefing note as a Word file."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import cast

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as DocxParagraph

from assistant.briefing.characters import is_right_to_left
from assistant.briefing.note import Kind, Note, Paragraph, note_of
from assistant.types import Answer

_LINK_COLOUR = RGBColor(0x05, 0x63, 0xC1)
_SPACE = Pt(4)
_STYLES = {
    Kind.SENTENCE: "List Number",
    Kind.NOTICE: "List Bullet",
    Kind.QUOTE: "Quote",
    Kind.POSITION: "List Continue",
}
_KEPT_WITH_NEXT = frozenset({Kind.SOURCE, Kind.PLACE, Kind.SUBJECT, Kind.WHO})
_BOLD = frozenset({Kind.SOURCE, Kind.SUBJECT})
# What comes after w:bidi in a paragraph's properties; Word insists on the order.
_AFTER_DIRECTION = tuple(
    f"w:{name}"
    for name in "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc "
    "textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange".split()
)
_TAGS = {"sr": "sr-Cyrl-RS", "sr-Latn": "sr-Latn-RS", "cnr": "sr-Latn-ME", "en": "en-GB"}


def briefing_docx(question: str, answer: Answer, *, as_of: date, made: datetime) -> bytes:
    """The note as the bytes of a file, its labels in the language of the answer. ``as_of`` is the day on which the
    sources were asked, ``made`` an aware time. It fetches nothing when it is opened, and links to http(s) only."""
    note = note_of(question, answer, as_of=as_of, made=made)
    file = _File(note)
    for section in note.sections:
        file.heading(section.heading)
        for paragraph in section.paragraphs:
            file.paragraph(paragraph)
    return file.written(made)


def _shown(paragraph: Paragraph) -> str:
    match paragraph.kind:
        case Kind.SENTENCE | Kind.POSITION:
            return f"{paragraph.text} {''.join(f'[{number}]' for number in paragraph.numbers)}".rstrip()
        case Kind.SOURCE:
            return f"[{paragraph.numbers[0]}] {paragraph.text}"
    return paragraph.text


class _File:
    """The file under construction. Each paragraph runs in the direction of its own words."""

    def __init__(self, note: Note) -> None:
        self._title = note.title
        self._document = docx.Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
        normal = cast(ParagraphStyle, self._document.styles["Normal"])
        normal.font.name, normal.font.size = "Calibri", Pt(11)
        self.heading(note.title, level=0)
        self._speak(note.language)
        package = self._document.part.package
        # A picture of the template's first page, which is not ours.
        for key in [key for key, related in package.rels.items() if related.reltype.endswith("/thumbnail")]:
            del package.rels[key]

    def heading(self, text: str, level: int = 1) -> None:
        self._directed(self._document.add_heading(level=level), text)

    def paragraph(self, said: Paragraph) -> None:
        paragraph = self._document.add_paragraph(style=_STYLES.get(said.kind))
        paragraph.paragraph_format.space_after = _SPACE
        paragraph.paragraph_format.keep_with_next = said.kind in _KEPT_WITH_NEXT or None
        if said.address is not None:
            self._link(paragraph, said.text, said.address)
        else:
            self._directed(paragraph, _shown(said), is_bold=said.kind in _BOLD)

    def written(self, made: datetime) -> bytes:
        known = self._document.core_properties
        known.author, known.title, known.comments = "Migration Desk", self._title, ""
        known.created = known.modified = made.astimezone(UTC)
        file = BytesIO()
        self._document.save(file)
        return file.getvalue()

    def _link(self, paragraph: DocxParagraph, text: str, target: str) -> None:
        run = paragraph.add_run(text)
        run.font.color.rgb, run.font.underline = _LINK_COLOUR, True
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self._document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.append(run._r)
        paragraph._p.append(link)

    def _directed(self, paragraph: DocxParagraph, text: str, is_bold: bool = False) -> None:
        run = paragraph.add_run(text)
        if is_bold:
            run.font.bold = run.font.cs_bold = True
        if is_right_to_left(text):
            run.font.rtl = True
            paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *_AFTER_DIRECTION)

    def _speak(self, language: str) -> None:
        """Names the language for spelling and for readers of the screen, in place of the template's."""
        tag = _TAGS.get(language, language)
        for element in self._document.styles.element.iter(qn("w:lang")):
            for name in ("w:val", "w:eastAsia", "w:bidi"):
                element.set(qn(name), tag)
