"""Where in a document a passage stands, as a person would say it: "page 4, Key dates", "sheet “2024”, rows 12–15"."""

import re

from knowledge.types import Document, Passage, Span

_COUNTED = re.compile(r"(.*?)(page|slide|row) (\d+)", re.DOTALL)


class Locators:
    """Made once for a document, so that each of its passages is located in constant time."""

    def __init__(self, document: Document) -> None:
        self._blocks = document.blocks
        self._title = document.source.title
        self._is_nested = any(len(block.headings) > 1 for block in document.blocks)

    def of(self, first: int, last: int) -> str:
        """The place of blocks ``first`` to ``last`` (from 0): page, slide or row where the file has them, and the
        section; else the section, or the paragraph's number where there is none."""
        place = place_between(self._blocks[first].place, self._blocks[last].place)
        section = self._section(first)
        if not place:
            return section or f"paragraph {first + 1}"
        # A sheet's name is its heading and stands in its place already.
        return f"{place}, {section}" if section and f"“{section}”" not in place else place

    def _section(self, number: int) -> str:
        headings = self._blocks[number].headings
        if len(headings) == 1 and self._is_nested and self._blocks[0].headings == headings:
            return "" if self._blocks[number].place else "opening"
        return headings[-1] if headings and headings != (self._title,) else ""


def locator_at(passage: Passage, span: Span) -> str:
    """Where the words of ``span`` stand: the passage's locator, narrowed to the pages, slides or rows they are on."""
    touched = [place for part, place in passage.places if part.start < span.end and span.start < part.end]
    if not touched:
        return passage.locator
    whole = place_between(passage.places[0][1], passage.places[-1][1])
    narrowed = place_between(touched[0], touched[-1])
    return narrowed + passage.locator.removeprefix(whole) if passage.locator.startswith(whole) else narrowed


def place_between(first: str, last: str) -> str:
    """Two places as one: "page 4" and "page 5" are "pages 4–5"."""
    if first == last or not last:
        return first
    start, end = _COUNTED.fullmatch(first), _COUNTED.fullmatch(last)
    if start and end and start.group(1, 2) == end.group(1, 2):
        before, word, number = start.groups()
        return f"{before}{word}s {number}–{end.group(3)}"
    return f"{first} – {last}" if first else last
