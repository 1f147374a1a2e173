"""The cells of an Excel file, row by row, as a person sees them: stored results of formulas, dates as dates, nothing
that is hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.errors import UnreadableDocument
from knowledge.readers.hidden import PALE, SMALLEST_POINTS, STYLED_AWAY, TINY, LeftOut, colour_of, is_near
from knowledge.readers.limits import counted
from knowledge.readers.package import Element, Package
from knowledge.readers.spreadsheet_numbers import HIDING, pattern_of, shown

_CELL = re.compile(r"([A-Z]{1,3})\d{1,7}")
_ON = ("1", "true")
_MOST_COLUMNS = 16_384


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of one row, from column A on; ``number`` is what a person sees beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str
    is_hidden: bool


class Workbook:
    """Sheets of one file. What is left out is counted in ``left_out``."""

    def __init__(self, package: Package, left_out: LeftOut) -> None:
        self._package = package
        self._left_out = left_out
        self._rows = 0
        self.formulas_without_result = 0
        root = package.xml(package.main)
        properties = root.find("s.workbookPr")
        self._from_1904 = properties is not None and properties.get("date1904") in _ON
        related = package.related(package.main)
        self.sheets = [
            Sheet(sheet.get("name", ""), related[sheet.get("r.id", "")][1], sheet.get("state", "visible") != "visible")
            for sheet in root.iterfind("s.sheets/s.sheet")
            if related.get(sheet.get("r.id", ""), ("", ""))[0] == "worksheet"
        ]
        self._strings = self._shared_strings()
        self._patterns, self._hiding = self._formats()

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows that hold something. Raises UnreadableDocument."""
        hidden_columns: list[tuple[int, int]] = []
        for element in self._package.elements(sheet.part):
            if element.tag == "s.col" and element.get("hidden") in _ON:
                hidden_columns.append((_number(element.get("min")), _number(element.get("max"))))
            elif element.tag == "s.row":
                self._rows += 1
                if self._rows > self._package.limits.rows:
                    raise UnreadableDocument(
                        f"holds more than {counted(self._package.limits.rows)} rows; split it into parts"
                    )
                row = self._row(element, hidden_columns)
                element.clear()
                if any(row.cells):
                    yield row

    def _row(self, element: Element, hidden_columns: list[tuple[int, int]]) -> Row:
        number = _number(element.get("r")) or self._rows
        cells: dict[int, str] = {}
        next_column = 1
        for cell in element.iterfind("s.c"):
            column = _column(cell.get("r", "")) or next_column
            next_column = column + 1
            text = self._text(cell)
            if not text or column > _MOST_COLUMNS:
                continue
            style = _number(cell.get("s"))
            hidden_as = self._hiding[style] if style < len(self._hiding) else None
            if element.get("hidden") in _ON or any(first <= column <= last for first, last in hidden_columns):
                hidden_as = STYLED_AWAY
            if hidden_as:
                self._left_out.add(hidden_as, text)
            else:
                cells[column] = text
        width = max(cells, default=0)
        return Row(number, tuple(cells.get(column, "") for column in range(1, width + 1)))

    def _text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find("s.is")
            return _rich_text(inline) if inline is not None else ""
        value = cell.findtext("s.v")
        if not value:
            self.formulas_without_result += cell.find("s.f") is not None
            return ""
        if kind == "s":
            index = _number(value)
            return self._strings[index] if index < len(self._strings) else ""
        if kind == "b":
            return "yes" if value == "1" else "no"
        if kind == "e":
            return ""
        if kind in ("str", "d"):
            return value
        style = _number(cell.get("s"))
        return shown(value, self._patterns[style] if style < len(self._patterns) else "", self._from_1904)

    def _shared_strings(self) -> list[str]:
        part = self._package.related_as(self._package.main, "sharedStrings")
        strings: list[str] = []
        for element in self._package.elements(part) if part else ():
            if element.tag == "s.si":
                strings.append(_rich_text(element))
                element.clear()
        return strings

    def _formats(self) -> tuple[list[str], list[str | None]]:
        """For each cell format its number pattern, and how it hides what it formats, if it does."""
        part = self._package.related_as(self._package.main, "styles")
        if part is None:
            return [], []
        root = self._package.xml(part)
        given = {_number(f.get("numFmtId")): f.get("formatCode", "") for f in root.iterfind("s.numFmts/s.numFmt")}
        fonts, fills = root.findall("s.fonts/s.font"), root.findall("s.fills/s.fill")
        formats = root.findall("s.cellXfs/s.xf")
        patterns = [pattern_of(_number(form.get("numFmtId")), given) for form in formats]
        hiding = [
            STYLED_AWAY
            if pattern == HIDING
            else _hidden_as(_at(fonts, form.get("fontId")), _at(fills, form.get("fillId")))
            for pattern, form in zip(patterns, formats, strict=True)
        ]
        return patterns, hiding


def _hidden_as(font: Element | None, fill: Element | None) -> str | None:
    if font is None:
        return None
    size, colour = font.find("s.sz"), font.find("s.color")
    if size is not None and float(size.get("val") or 11) < SMALLEST_POINTS:
        return TINY
    # Theme colour 0 is the background, white unless somebody turned it dark.
    given = colour_of("FFFFFF" if colour is not None and colour.get("theme") == "0" else _rgb(colour))
    if given is None or (colour is not None and colour.get("tint")):
        return None
    pattern = fill.find("s.patternFill") if fill is not None else None
    if pattern is None or pattern.get("patternType", "none") == "none":
        return PALE if is_near(given) else None
    behind = colour_of(_rgb(pattern.find("s.fgColor")))
    return PALE if behind and is_near(given, behind) else None


def _rgb(colour: Element | None) -> str | None:
    return colour.get("rgb") if colour is not None else None


def _rich_text(item: Element) -> str:
    """A string with its formatted runs; the pronunciation written beside it in some scripts is no part of it."""
    return "".join(
        (part.text if part.tag == "s.t" else part.findtext("s.t")) or "" for part in item if part.tag in ("s.t", "s.r")
    )


def _at(elements: list[Element], index: str | None) -> Element | None:
    number = _number(index)
    return elements[number] if number < len(elements) else None


def _column(reference: str) -> int:
    match = _CELL.fullmatch(reference)
    if match is None:
        return 0
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
