"""An answer as a briefing note in DOCX, to be taken along: what was asked, what holds, and where each word stands."""

import unicodedata
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import groupby
from typing import cast
from urllib.parse import quote, urlsplit

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from assistant.replies import message
from assistant.types import Answer, Citation, Outcome, SourceCard

_LINK_COLOUR = RGBColor(0x05, 0x63, 0xC1)
_SPACE = Pt(4)
_LONGEST_LINK = 2000  # what Word follows
_SAFE_IN_LINKS = "%/:?#[]@!$&'()*+,;=-._~"
# Characters that turn the words around them: a document or a question has no business with them.
_TURNING = dict.fromkeys(ord(c) for c in "\u202a\u202b\u202c\u202d\u202e")
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
    note = _Note(answer.language, message("briefing.title", answer.language))
    note.heading(message("briefing.question", answer.language))
    note.paragraph(question)
    note.heading(message("briefing.result", answer.language))
    note.paragraph(_outcome(answer))
    if answer.sentences:
        note.heading(message("briefing.answer", answer.language))
        for sentence in answer.sentences:
            numbers = dict.fromkeys(citation.number for citation in sentence.citations)
            labels = "".join(f"[{number}]" for number in numbers)
            note.paragraph(f"{_one_line(sentence.text)} {labels}", "List Number")
    else:
        note.paragraph(answer.text)
    if answer.notices:
        note.heading(message("briefing.notices", answer.language))
        for notice in answer.notices:
            note.paragraph(_one_line(notice.text), "List Bullet")
    if answer.sources:
        note.heading(message("briefing.sources", answer.language))
        for source in answer.sources:
            _add_source(note, source, answer)
    note.heading(message("briefing.about", answer.language))
    for line in _about(answer, as_of, made):
        note.paragraph(line)
    return note.file(made)


def _outcome(answer: Answer) -> str:
    language = answer.language
    match answer.outcome:
        case Outcome.ANSWERED:
            return message("briefing.answered", language)
        case Outcome.PARTIAL:
            return message("briefing.partial", language)
        case Outcome.NOT_COVERED:
            return message("briefing.not_covered", language)
        case Outcome.NEEDS_CLARIFICATION:
            return message("briefing.needs_clarification", language)
        case Outcome.DECLINED:
            return message("briefing.declined", language)
        case Outcome.EVIDENCE_ONLY:
            return message("briefing.evidence_only", language)
        case Outcome.FAILED:
            return message("briefing.failed", language)


def _add_source(note: "_Note", source: SourceCard, answer: Answer) -> None:
    title = _one_line(source.title) or message("briefing.untitled", answer.language)
    note.paragraph(f"[{source.number}] {title}", is_bold=True, keeps_next=True)
    known = " · ".join(_one_line(part) for part in (source.publisher, source.published) if part)
    if known:
        note.paragraph(known)
    if source.url:
        note.link(source.url)
    citations = [c for sentence in answer.sentences for c in sentence.citations if c.number == source.number]
    for locator, quotes in groupby(dict.fromkeys(map(_place_and_quote, citations)), key=lambda pair: pair[0]):
        if locator:
            note.paragraph(locator, keeps_next=True)
        for _, words in quotes:
            note.paragraph(f"“{words}”", "Quote")


def _place_and_quote(citation: Citation) -> tuple[str, str]:
    return _one_line(citation.locator), _one_line(citation.quote)


def _about(answer: Answer, as_of: date, made: datetime) -> list[str]:
    language, model = answer.language, answer.provenance.model
    lines = [message("briefing.as_of", language, date=as_of.isoformat())]
    if answer.sentences:
        are_quotes = all(sentence.text in [c.quote for c in sentence.citations] for sentence in answer.sentences)
        if model is None or are_quotes:
            lines.append(message("briefing.quotes_only", language))
        else:
            lines.append(message("briefing.model", language, model=_one_line(model)))
    lines.append(message("briefing.made", language, date=made.astimezone(UTC).strftime("%Y-%m-%d %H:%M")))
    lines.append(message("briefing.disclaimer", language))
    return lines


class _Note:
    """The file under construction. Each paragraph runs in the direction of its own words."""

    def __init__(self, language: str, title: str) -> None:
        self._title = title
        self._document = docx.Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
        normal = cast(ParagraphStyle, self._document.styles["Normal"])
        normal.font.name, normal.font.size = "Calibri", Pt(11)
        self.heading(title, level=0)
        self._speak(language)
        package = self._document.part.package
        # A picture of the template's first page, which is not ours.
        for key in [key for key, related in package.rels.items() if related.reltype.endswith("/thumbnail")]:
            del package.rels[key]

    def heading(self, text: str, level: int = 1) -> None:
        self._directed(self._document.add_heading(level=level), text)

    def paragraph(
        self, text: str, style: str | None = None, *, is_bold: bool = False, keeps_next: bool = False
    ) -> None:
        paragraph = self._document.add_paragraph(style=style)
        paragraph.paragraph_format.space_after = _SPACE
        paragraph.paragraph_format.keep_with_next = keeps_next or None
        self._directed(paragraph, text, is_bold)

    def link(self, address: str) -> None:
        """The address to be followed where it is one of the web, else nothing."""
        target = _web_address(address)
        if target is None:
            return
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.space_after = _SPACE
        run = paragraph.add_run(_clean(address))
        run.font.color.rgb, run.font.underline = _LINK_COLOUR, True
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self._document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.append(run._r)
        paragraph._p.append(link)

    def file(self, made: datetime) -> bytes:
        known = self._document.core_properties
        known.author, known.title, known.comments = "Migration Desk", self._title, ""
        known.created = known.modified = made.astimezone(UTC)
        written = BytesIO()
        self._document.save(written)
        return written.getvalue()

    def _directed(self, paragraph: Paragraph, text: str, is_bold: bool = False) -> None:
        text = _clean(text)
        run = paragraph.add_run(text)
        if is_bold:
            run.font.bold = run.font.cs_bold = True
        if _is_right_to_left(text):
            run.font.rtl = True
            paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *_AFTER_DIRECTION)

    def _speak(self, language: str) -> None:
        """Names the language for spelling and for readers of the screen, in place of the template's."""
        tag = _TAGS.get(language, language)
        for element in self._document.styles.element.iter(qn("w:lang")):
            for name in ("w:val", "w:eastAsia", "w:bidi"):
                element.set(qn(name), tag)


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())


def _clean(text: str) -> str:
    """Without what XML cannot hold, and what turns the words around it."""
    return "".join(c if _can_stand(c) else " " if c < "\xa0" else "\ufffd" for c in text.translate(_TURNING))


def _can_stand(character: str) -> bool:
    if character in "\t\n\r":
        return True
    return unicodedata.category(character) not in ("Cc", "Cs") and ord(character) & 0xFFFE != 0xFFFE


def _is_right_to_left(text: str) -> bool:
    """By the first character with a direction of its own, outside isolated parts (rules P2 and P3 of UAX #9)."""
    depth = 0
    for character in text:
        match unicodedata.bidirectional(character):
            case "LRI" | "RLI" | "FSI":
                depth += 1
            case "PDI":
                depth = max(0, depth - 1)
            case "L" if not depth:
                return False
            case "R" | "AL" if not depth:
                return True
    return False


def _web_address(address: str) -> str | None:
    """The address, so that every word processor takes it; None where it is not one of the web."""
    target = quote(_clean(address).strip(), safe=_SAFE_IN_LINKS)
    try:
        parts = urlsplit(target)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return target if is_whole and len(target) <= _LONGEST_LINK else None
