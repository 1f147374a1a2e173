"""From a document's blocks to passages: whole sentences under one heading, with exact offsets. Pure.

A passage grows block by block up to TARGET characters and never crosses a heading; a block longer than LIMIT is cut
between sentences. Sizes were chosen by measuring recall on public question packs (see evals/README.md).
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.locators import Locators
from knowledge.sentences import sentence_spans
from knowledge.types import Block, Document, Passage, Span

VERSION = "4"
TARGET = 900
LIMIT = 1500
# A sentence longer than this is no sentence (a dump, a table without rows); it is cut at white space.
LONGEST_UNIT = 3000
# Shorter units are joined with a neighbour of their block: alone they resemble every question.
SHORTEST_UNIT = 40
_BETWEEN = re.compile(r"[\s•▪◦‣·*–—-]*(?:\(?(?:\d{1,2}|[a-z])[.)]\s+)?")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, or the part of a long one; ``number`` counts the blocks from 0."""

    number: int
    headings: tuple[str, ...]
    units: tuple[Span, ...]
    opens_list: bool
    is_item: bool

    @property
    def start(self) -> int:
        return self.units[0].start

    @property
    def end(self) -> int:
        return self.units[-1].end


def passages_of(document: Document) -> list[Passage]:
    """The document's passages in reading order. Ids come from content and place, so the same text gives the same
    ids."""
    result: list[Passage] = []
    held: list[_Piece] = []
    locators = Locators(document)
    for piece in _pieces(document):
        if held and not (_fits(held, piece) and _adjoin(document.text, held[-1], piece)):
            result.append(_passage(document, held, locators))
            held = []
        held.append(piece)
    if held:
        result.append(_passage(document, held, locators))
    return result


def _fits(held: list[_Piece], piece: _Piece) -> bool:
    if piece.headings != held[-1].headings:
        return False
    length = piece.end - held[0].start
    # A list stays with its lead-in ("Partners:") and in one piece where there is any room at all.
    one_list = held[-1].opens_list or (held[-1].is_item and piece.is_item)
    return length <= TARGET or (one_list and length <= LIMIT)


def _adjoin(text: str, before: _Piece, after: _Piece) -> bool:
    """Whether nothing but blanks and bullets stands between: a heading may be the same as the one before."""
    return _BETWEEN.fullmatch(text, before.end, after.start) is not None


def _pieces(document: Document) -> Iterator[_Piece]:
    for number, block in enumerate(document.blocks):
        units = units_of(document.text, block)
        opens_list = document.text[block.span.start : block.span.end].endswith(":")
        if block.span.end - block.span.start <= LIMIT:
            yield _Piece(number, block.headings, tuple(units), opens_list, block.kind == "item")
            continue
        for group in _balanced(units):
            yield _Piece(number, block.headings, tuple(group), opens_list, block.kind == "item")


def _balanced(units: list[Span]) -> Iterator[list[Span]]:
    """Runs of units of about equal length, none above LIMIT unless a single unit is."""
    length = units[-1].end - units[0].start
    aim = length / -(-length // TARGET)
    group: list[Span] = []
    for unit in units:
        if group and (unit.end - group[0].start > LIMIT or group[-1].end - group[0].start >= aim * 0.9):
            yield group
            group = []
        group.append(unit)
    yield group


def units_of(text: str, block: Block) -> list[Span]:
    """The block's sentences (an item or row is one unit unless it is long), the shortest joined with a neighbour."""
    if block.kind != "paragraph" and block.span.end - block.span.start <= 400:
        return [block.span]
    units: list[Span] = []
    for span in sentence_spans(text, block.span.start, block.span.end):
        for part in _cut(text, span):
            if units and (units[-1].end - units[-1].start < SHORTEST_UNIT or part.end - part.start < SHORTEST_UNIT):
                units[-1] = Span(units[-1].start, part.end)
            else:
                units.append(part)
    return units


def _cut(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    while span.end - start > LONGEST_UNIT:
        blank = text.rfind(" ", start + 1, start + LONGEST_UNIT)
        cut = blank if blank > start else start + LONGEST_UNIT
        yield Span(start, cut)
        start = cut + 1 if blank > start else cut
    if start < span.end:
        yield Span(start, span.end)


def _passage(document: Document, pieces: list[_Piece], locators: Locators) -> Passage:
    start, end = pieces[0].start, pieces[-1].end
    text = document.text[start:end]
    of = document.source.id if document.source.version == 1 else f"{document.source.id}\0{document.source.version}"
    digest = hashlib.blake2b(f"{of}\0{start}\0{text}".encode(), digest_size=10).hexdigest()
    return Passage(
        id=digest,
        document_id=document.source.id,
        version=document.source.version,
        headings=pieces[0].headings,
        locator=locators.of(pieces[0].number, pieces[-1].number),
        places=tuple(
            (block.span, block.place)
            for block in document.blocks[pieces[0].number : pieces[-1].number + 1]
            if block.place
        ),
        start=start,
        end=end,
        text=text,
        units=tuple(unit for piece in pieces for unit in piece.units),
    )
