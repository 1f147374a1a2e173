"""Plain text: paragraphs, list items and headings told from the lines alone."""

import re

from knowledge.normalisation import normalise, one_line
from knowledge.readers.hidden import LeftOut
from knowledge.readers.reading import Reading, decode
from knowledge.sentences import opens_with_month
from knowledge.types import Block, Span

_BULLET = re.compile(r"(?:[•▪◦‣]\s*|[-–—*·]\s+)+(?=\S)|\(?\d{1,2}[.)]\s+|\(?[a-z]\)\s+")
_CLOSED = re.compile(r"[.!?…:;।॥؟۔][\"'”’»)\]]*$")
_TERMINATED = re.compile(r"[.!?…।॥؟۔][\"'”’»)\]]*$")
_FIELD = re.compile(r"[^.:]{2,40}:\s")
_TITLE_WORDS = 14
_LONGEST_TITLE = 25


def read(raw: bytes, name: str) -> Reading:
    source = decode(raw)
    left_out = LeftOut()
    left_out.count_deceptive(source)
    text = normalise(source)
    paragraphs = _paragraphs(text)
    blocks: list[Block] = []
    headings: tuple[str, ...] = ()
    for index, span in enumerate(paragraphs):
        words = text[span.start : span.end]
        if _is_heading(text, paragraphs, index):
            headings = (one_line(words),)
            continue
        bullet = _bullet(words)
        if bullet:
            blocks.append(Block("item", Span(span.start + bullet.end(), span.end), headings))
        else:
            blocks.append(Block("paragraph", span, headings))
    if not blocks and text:
        blocks.append(Block("paragraph", Span(0, len(text))))
    return Reading(title=_title(text, paragraphs, name), text=text, blocks=tuple(blocks), remarks=left_out.remarks())


def _paragraphs(text: str) -> list[Span]:
    """Lines, joined where the text is wrapped: by its shape as a whole, or where a line plainly goes on."""
    lines: list[Span] = []
    position = 0
    for line in text.split("\n"):
        lines.append(Span(position, position + len(line)))
        position += len(line) + 1
    wrapped = _is_wrapped(text)
    joined: list[Span] = []
    previous_blank = True
    for span in lines:
        line = text[span.start : span.end]
        if not line:
            previous_blank = True
            continue
        goes_on = False
        if joined and not previous_blank and _bullet(line) is None:
            start, end = joined[-1].start, joined[-1].end
            tail = text[max(start, end - 80) : end]
            goes_on = wrapped or (line[0].islower() and end - start > 40 and not _CLOSED.search(tail))
        if goes_on:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
        previous_blank = False
    return joined


def _bullet(line: str) -> re.Match[str] | None:
    """The bullet or number that opens a list item. The day of a date ("5. juna 2024") is none."""
    match = _BULLET.match(line)
    if match and match.group()[0].isdigit() and opens_with_month(line[match.end() :]):
        return None
    return match


def _is_wrapped(text: str) -> bool:
    """True when most lines that are followed by another end near one width, as in mail and typewritten notes."""
    inner = [
        len(line) for line, following in zip(text.split("\n"), text.split("\n")[1:], strict=False) if line and following
    ]
    if len(inner) < 3:
        return False
    width = max(inner)
    return 50 <= width <= 110 and sum(length > width - 25 for length in inner) >= 0.6 * len(inner)


def _is_heading(text: str, paragraphs: list[Span], index: int) -> bool:
    """A short line without a full stop, standing after a finished sentence and before prose."""
    span = paragraphs[index]
    line = text[span.start : span.end]
    words = line.split()
    if not 1 < len(words) <= _TITLE_WORDS or "\n" in line or _CLOSED.search(line) or line.endswith(","):
        return False
    if not (line[0].isupper() or line[0].isdigit() or not line[0].isascii()) or _bullet(line):
        return False
    if index + 1 == len(paragraphs):
        return False
    following = text[paragraphs[index + 1].start : paragraphs[index + 1].end]
    if len(following.split()) < 12 or not _TERMINATED.search(following):
        return False
    if index == 0:
        return True
    before = text[paragraphs[index - 1].start : paragraphs[index - 1].end]
    if _FIELD.match(line) and _FIELD.match(before):
        return False  # a line of "Duration: …" fields, not a title with a colon
    return bool(_TERMINATED.search(before)) or text[paragraphs[index - 1].end : span.start].count("\n") > 1


def _title(text: str, paragraphs: list[Span], name: str) -> str:
    """The first line that reads like a title before the prose begins, else the first words of long prose. A sentence
    is no title: a text that is hardly more goes by the file's name."""
    for span in paragraphs[:8]:
        line = one_line(text[span.start : span.end])
        words = line.split()
        if 5 <= len(words) <= _LONGEST_TITLE and len(line) <= 250 and not _TERMINATED.search(line):
            return line
        if len(words) > _TITLE_WORDS:
            return " ".join(words[:12]) + " …"
    first = one_line(text[paragraphs[0].start : paragraphs[0].end]) if paragraphs else ""
    is_title = 0 < len(first.split()) <= _TITLE_WORDS and len(first) <= 120 and not _CLOSED.search(first)
    return first if is_title and not first.endswith(",") else name
