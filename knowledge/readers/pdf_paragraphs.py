"""Lines of a PDF to headings, paragraphs and list items, over the ends of lines, columns and pages. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.normalisation import words_of
from knowledge.readers.pdf_layout import Line
from knowledge.readers.pdf_tables import Table

Kind = Literal["heading", "paragraph", "item"]
_BULLET = re.compile(r"(?:[•▪◦‣●○■□➢►\uf0b7\uf0a7\uf0d8*]\s*|[-–—·o]\s+)(?=\S)")
_NUMBERED = re.compile(r"(?:\(?\d{1,2}\)|\(?[a-z]\)|\(?[ivx]{1,5}\)|\d{1,2}\.)\s+(?=\S)")
# A line of a table of contents leads the way to something that is read where it stands.
_LEADER = re.compile(r"(?:\.{4,}|(?:\s\.){4,}|…{2,})\s*(?:\d{1,4}|[ivxlc]{1,6})?\s*$")
_ENDS = re.compile(r"[.!?…:;।۔؟][\"'”’»)\]\d]*$")
# How much larger than the text a heading is set.
_LARGER = 1.12
_LONGEST_HEADING = 200
_LONGEST_BOLD_HEADING = 120
_BOLD_LEVEL = 10


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``size`` is that of its letters, ``page`` where it begins. ``level`` is a heading's depth."""

    kind: Kind
    text: str
    page: int
    size: float
    is_bold: bool
    level: int = 0


def paragraphs_of(
    pages: Sequence[tuple[int, Sequence[Line | Table]]], outline: dict[str, int]
) -> list[Paragraph | Table]:
    """All pages as one text. ``outline`` gives the depth of each heading named in the bookmarks, by ``outline_key``.
    Tables stand where they stood; the page of a Table is that of the Paragraph or the entry made for it."""
    words = Counter(word.lower() for _, content in pages for line in content for word in _words(line))
    joined: list[Paragraph | Table] = []
    for number, content in pages:
        for entry in _page_paragraphs(number, content, words):
            if isinstance(entry, Paragraph) and joined and _goes_on(joined[-1], entry):
                last = joined[-1]
                assert isinstance(last, Paragraph)
                joined[-1] = replace(last, text=join_lines(last.text, entry.text, last.text.endswith("-"), words))
            else:
                joined.append(entry)
    return _with_headings(joined, outline)


def outline_key(title: str) -> str:
    """A title without numbers, spaces and signs, as bookmarks and headings differ in them."""
    return "".join(character for character in title.lower() if character.isalpha())


def join_lines(text: str, following: str, is_broken: bool, words: Counter[str]) -> str:
    """Two lines as one. A word that was broken at the end of a line is put together, unless the document writes it
    with its hyphen elsewhere."""
    if not (is_broken or text.endswith("-")) or not following[:1].islower() or not text[-2:-1].isalpha():
        return f"{text} {following}"
    first, second = re.split(r"\s", text)[-1][:-1], re.match(r"[^\s.,;:!?)]*", following)
    rest = second.group() if second else ""
    whole, hyphened = f"{first}{rest}".lower(), f"{first}-{rest}".lower()
    if words[hyphened.strip("(“\"'")] > words[whole.strip("(“\"'")]:
        return text + following
    return text[:-1] + following


def _page_paragraphs(number: int, content: Sequence[Line | Table], words: Counter[str]) -> Iterator[Paragraph | Table]:
    spacing = _spacing(content)
    current: Paragraph | None = None
    last: Line | None = None
    for entry in content:
        if isinstance(entry, Table):
            if current:
                yield current
            current, last = None, None
            yield replace(entry, page=number)
            continue
        piece = entry.piece
        if _LEADER.search(piece.text):
            continue
        bullet = _BULLET.match(piece.text)
        is_item = bullet is not None or _NUMBERED.match(piece.text) is not None
        if current and last and not is_item and not _begins(last, entry, spacing):
            current = replace(
                current,
                text=join_lines(current.text, piece.text, last.piece.is_broken, words),
                is_bold=current.is_bold and piece.is_bold,
            )
        else:
            if current:
                yield current
            text = piece.text[bullet.end() :] if bullet else piece.text
            kind: Kind = "item" if is_item else "paragraph"
            current = Paragraph(kind, text, number, piece.size, piece.is_bold)
        last = entry
    if current:
        yield current


def _spacing(content: Sequence[Line | Table]) -> float:
    """The usual distance of two lines, as a multiple of their size."""
    lines = [entry.piece for entry in content if isinstance(entry, Line)]
    steps = [
        round((a.baseline - b.baseline) / max(a.size, 1), 1)
        for a, b in zip(lines, lines[1:], strict=False)
        if 0 < a.baseline - b.baseline < 3 * a.size and abs(a.size - b.size) < 0.5
    ]
    return Counter(steps).most_common(1)[0][0] if steps else 1.2


def _begins(last: Line, line: Line, spacing: float) -> bool:
    """Whether a line begins a paragraph."""
    above, piece = last.piece, line.piece
    size = max(above.size, piece.size)
    if abs(above.size - piece.size) > 0.08 * size:
        return True
    step = above.baseline - piece.baseline
    ended = _ENDS.search(above.text) is not None
    if step < 0:  # the next column
        return ended
    if step > (spacing + 0.35) * size:
        return True
    if above.is_bold != piece.is_bold and (ended or not piece.text[:1].islower()) and _is_short(last):
        return True
    if not ended:
        # A title in lines of its own, a list without bullets: far from the margin, then a capital.
        return (
            _is_short(last)
            and last.piece.right < line.piece.right - 0.3 * (line.margin_right - line.margin_left)
            and not piece.text[:1].islower()
        )
    indented = 0.8 * size < piece.left - above.left < 6 * size
    return _is_short(last) or indented


def _is_short(line: Line) -> bool:
    """Whether the next word would have had room on the line."""
    return line.piece.right < line.margin_right - 0.15 * (line.margin_right - line.margin_left)


def _goes_on(last: Paragraph | Table, following: Paragraph) -> bool:
    """Whether a paragraph goes on over the end of a page."""
    if isinstance(last, Table) or following.kind != "paragraph" or last.page == following.page:
        return False
    same = abs(last.size - following.size) <= 0.08 * last.size and last.is_bold == following.is_bold
    return same and not _ENDS.search(last.text) and following.text[:1].islower()


def _with_headings(entries: list[Paragraph | Table], outline: dict[str, int]) -> list[Paragraph | Table]:
    lengths: Counter[float] = Counter()
    for entry in entries:
        if isinstance(entry, Paragraph):
            lengths[round(entry.size * 2) / 2] += len(entry.text)
        else:
            lengths[round(entry.size * 2) / 2] += sum(len(cell) for row in entry.rows for cell in row)
    body = lengths.most_common(1)[0][0] if lengths else 0.0
    sizes = sorted(
        {round(e.size * 2) / 2 for e in entries if isinstance(e, Paragraph) and _is_larger(e, body)}, reverse=True
    )
    # Children follow parents and text follows a heading; the last line of all cannot be one.
    result: list[Paragraph | Table] = []
    for index, entry in enumerate(entries):
        following = entries[index + 1] if index + 1 < len(entries) else None
        level = 0
        if isinstance(entry, Paragraph) and following is not None:
            if _is_larger(entry, body):
                level = min(sizes.index(round(entry.size * 2) / 2) + 1, _BOLD_LEVEL - 1)
            elif _is_bold_heading(entry, following):
                level = _BOLD_LEVEL
            named = outline.get(outline_key(entry.text)) if len(entry.text) <= _LONGEST_HEADING else None
            if named is not None and (level or entry.is_bold or not _ENDS.search(entry.text)):
                level = level or named
        if level and isinstance(entry, Paragraph):
            result.append(replace(entry, kind="heading", level=level))
        else:
            result.append(entry)
    return result


def _is_larger(entry: Paragraph, body: float) -> bool:
    return (
        entry.size >= body * _LARGER
        and len(entry.text) <= _LONGEST_HEADING
        and any(character.isalpha() for character in entry.text)
        and not (entry.text.endswith(".") and len(entry.text) > 80)
    )


def _is_bold_heading(entry: Paragraph, following: Paragraph | Table) -> bool:
    if not entry.is_bold or len(entry.text) > _LONGEST_BOLD_HEADING or entry.text.endswith((".", ",", ";")):
        return False
    return isinstance(following, Table) or not following.is_bold


def _words(entry: Line | Table) -> list[str]:
    """A line's words, those with a hyphen inside both whole and in parts."""
    if isinstance(entry, Table):
        return []
    tokens = entry.piece.text.split()[:-1] if entry.piece.text.endswith("-") else entry.piece.text.split()
    return [*words_of(" ".join(tokens)), *(token.strip("().,;:“”\"'") for token in tokens if "-" in token[1:-1])]
