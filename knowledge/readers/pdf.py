"""PDF: text in reading order with its page numbers, headings by size, weight or bookmark; scans by Tesseract."""

import contextlib
import logging
import re
from collections import Counter
from collections.abc import Iterator

import pypdfium2

from knowledge.errors import UnreadableDocument
from knowledge.normalisation import title_of, words_of
from knowledge.readers.limits import Limits, counted
from knowledge.readers.ocr import DOTS_PER_INCH, Picture, Recogniser
from knowledge.readers.pdf_furniture import without_furniture
from knowledge.readers.pdf_layout import Line, in_reading_order
from knowledge.readers.pdf_page import PageText, read_page
from knowledge.readers.pdf_paragraphs import Paragraph, join_lines, outline_key, paragraphs_of
from knowledge.readers.pdf_tables import Table
from knowledge.readers.reading import Reading, TextBuilder
from knowledge.readers.tables import add_table
from knowledge.readers.titles import is_telling

_MOST_PIXELS = 20_000_000
_MOST_BOOKMARKS = 5_000
_PASSWORD = 4
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_RIGHT_TO_LEFT_SHARE = 0.1
# It warns of circular bookmarks and the like, which concern nobody.
logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)


def read(raw: bytes, name: str, limits: Limits) -> Reading:
    """Raises UnreadableDocument."""
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise UnreadableDocument("is protected with a password; save it without one") from error
        raise UnreadableDocument("is damaged: no PDF reader can open it; is the file whole?") from error
    with contextlib.closing(document):
        if len(document) > limits.pages:
            raise UnreadableDocument(f"has more than {counted(limits.pages)} pages; split it into parts")
        return _Reader(document, name, limits).read()


class _Reader:
    def __init__(self, document: pypdfium2.PdfDocument, name: str, limits: Limits) -> None:
        self._document = document
        self._name = name
        self._builder = TextBuilder()
        self._recogniser = Recogniser(limits.ocr_seconds)
        self._recognised: list[int] = []
        self._unread: list[int] = []
        self._layers: list[int] = []
        self._broken: list[int] = []

    def read(self) -> Reading:
        pages: list[PageText] = []
        scans: dict[int, str] = {}
        for number in range(1, len(self._document) + 1):
            page = PageText()
            with self._page(number) as opened:
                if opened is not None:
                    page = read_page(opened.raw, self._builder.left_out)
                    if page.is_picture:
                        scans[number] = self._scan(opened, number)
            pages.append(page)
            if page.is_recognised:
                self._layers.append(number)
        content = [
            (number, [*in_reading_order(kept), *(Line(piece, piece.left, piece.right) for piece in page.turned)])
            for number, (page, kept) in enumerate(zip(pages, without_furniture(pages), strict=True), start=1)
        ]
        entries = paragraphs_of(content, self._outline())
        self._add(entries, scans)
        return Reading(
            title=self._title(entries),
            text=self._builder.text,
            blocks=tuple(self._builder.blocks),
            remarks=self._builder.remarks(*self._remarks()),
        )

    def _add(self, entries: list[Paragraph | Table], scans: dict[int, str]) -> None:
        waiting = sorted(scans.items())
        for entry in entries:
            while waiting and waiting[0][0] < entry.page:
                self._add_scan(*waiting.pop(0))
            self._builder.place = f"page {entry.page}"
            if isinstance(entry, Table):
                add_table(self._builder, entry.rows)
            elif entry.kind == "heading":
                self._builder.heading(entry.level, entry.text)
            else:
                self._builder.block("item" if entry.kind == "item" else "paragraph", entry.text)
        for number, text in waiting:
            self._add_scan(number, text)

    def _add_scan(self, number: int, text: str) -> None:
        self._builder.place = f"page {number}"
        for paragraph in text.split("\n\n"):
            text = ""
            for line in filter(None, map(str.strip, paragraph.split("\n"))):
                text = join_lines(text, line, text.endswith("-"), Counter()) if text else line
            self._builder.block("paragraph", text)

    def _scan(self, page: pypdfium2.PdfPage, number: int) -> str:
        """The recognised text of a page that is a picture."""
        text = self._recogniser.text(_picture(page)) if self._recogniser.is_installed else None
        (self._unread if text is None else self._recognised).append(number)
        return text or ""

    @contextlib.contextmanager
    def _page(self, number: int) -> Iterator[pypdfium2.PdfPage | None]:
        try:
            page = self._document[number - 1]
        except pypdfium2.PdfiumError:
            self._broken.append(number)
            yield None
            return
        with contextlib.closing(page):
            yield page

    def _outline(self) -> dict[str, int]:
        depths: dict[str, int] = {}
        for count, bookmark in enumerate(self._document.get_toc(max_depth=6)):
            if count >= _MOST_BOOKMARKS:
                break
            depths.setdefault(outline_key(bookmark.get_title()), bookmark.level + 1)
        depths.pop("", None)
        return depths

    def _title(self, entries: list[Paragraph | Table]) -> str:
        """What the properties say, if the first pages say it too; else the first of the largest headings there."""
        opening = [entry for entry in entries if entry.page <= 2 and isinstance(entry, Paragraph)]
        headings = [entry for entry in opening if entry.kind == "heading"]
        given = title_of(self._document.get_metadata_value("Title"))
        words = {word.lower() for word in words_of(given)}
        said = {word.lower() for entry in opening for word in words_of(entry.text)}
        if is_telling(given) and (2 * len(words & said) >= len(words) or not headings):
            return given
        largest = max(headings, key=lambda entry: (entry.size, -entry.page), default=None)
        return (title_of(largest.text) if largest else "") or self._name

    def _remarks(self) -> Iterator[str]:
        if self._unread:
            why = "was not recognised" if self._recogniser.is_installed else "needs OCR (install Tesseract)"
            yield f"{_pages(self._unread)} a scan without text: {why}"
        if self._recognised:
            yield f"{_pages(self._recognised)} a scan, its text recognised by Tesseract and perhaps wrong in places"
        if self._layers:
            yield f"{_pages(self._layers)} a scan, its text recognised by whoever made the file and perhaps wrong"
        text = self._builder.text
        if len(_RIGHT_TO_LEFT.findall(text)) > _RIGHT_TO_LEFT_SHARE * len(text):
            yield "is written from right to left, which PDF files often store in another order: check its words"
        if self._broken:
            yield f"{_pages(self._broken)} damaged and was left out"


def _picture(page: pypdfium2.PdfPage) -> Picture:
    width, height = page.get_size()
    scale = DOTS_PER_INCH / 72
    # A page may claim to be as large as a house.
    scale = min(scale, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    with contextlib.closing(bitmap):
        stride, rows = bitmap.stride, bytes(bitmap.buffer)
        grey = b"".join(rows[line * stride : line * stride + bitmap.width] for line in range(bitmap.height))
        return Picture(bitmap.width, bitmap.height, grey)


def _pages(numbers: list[int]) -> str:
    """ "page 3 is", "pages 3–5, 8 are"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    listed = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
    return f"page {listed} is" if len(numbers) == 1 else f"pages {listed} are"
