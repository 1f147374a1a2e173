"""Where in a document a passage stands, as a person would say it: "page 4, Key dates", "sheet “2024”, rows 12–15".

These words are stored with a passage. Who shows them in another language takes them apart again: see ``spots_in``.
"""

import re
from dataclasses import dataclass

from knowledge.types import Document, Passage, Span

_COUNTED = re.compile(r"(.*?)(page|slide|row) (\d+)", re.DOTALL)
_SPOT = re.compile(
    r"(?:sheet “(?P<sheet>[^”]*)”, (?=rows? ))?(?:(?P<counted>page|slide|row)s (?P<from>[0-9]+)–(?P<to>[0-9]+)"
    r"|(?P<kind>page|slide|row|paragraph) (?P<number>[0-9]+))(?= – |, |$)|(?P<opening>opening)$"
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A counted place: ``kind`` is page, slide, row, paragraph or opening (which has no number); ``sheet`` the name of
    the sheet with the row, ``last`` the end of a range."""

    kind: str
    first: int | None = None
    last: int | None = None
    sheet: str | None = None


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


def spots_in(locator: str) -> tuple[tuple[Spot, ...], str]:
    """The counted places that a locator begins with (two where it reaches from one to another), and the section after
    them; a section alone has no counted place."""
    first = _SPOT.match(locator)
    if first is None:
        return (), locator
    spots, end = [_spot(first)], first.end()
    if locator.startswith(" – ", end) and (second := _SPOT.match(locator, end + 3)):
        spots.append(_spot(second))
        end = second.end()
    rest = locator[end:]
    return (tuple(spots), rest.removeprefix(", ")) if not rest or rest.startswith(", ") else ((), locator)


def _spot(match: re.Match[str]) -> Spot:
    if match["opening"]:
        return Spot("opening")
    if match["counted"]:
        return Spot(match["counted"], int(match["from"]), int(match["to"]), match["sheet"])
    return Spot(match["kind"], int(match["number"]), sheet=match["sheet"])


def place_between(first: str, last: str) -> str:
    """Two places as one: "page 4" and "page 5" are "pages 4–5"."""
    if first == last or not last:
        return first
    start, end = _COUNTED.fullmatch(first), _COUNTED.fullmatch(last)
    if start and end and start.group(1, 2) == end.group(1, 2):
        before, word, number = start.groups()
        return f"{before}{word}s {number}–{end.group(3)}"
    return f"{first} – {last}" if first else last
