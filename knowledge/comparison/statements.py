"""A document as the statements it makes, in order: what two of its versions are compared by. Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.chunking import units_of
from knowledge.normalisation import one_line
from knowledge.types import Document, Span


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, list item or table row on one line; ``span`` is where it lies in its document's text. ``headings``
    run from the outermost inwards, without the document's title."""

    text: str
    span: Span
    headings: tuple[str, ...] = ()
    place: str = ""


def statements_of(document: Document, titles: Iterable[str] = ()) -> list[Statement]:
    """Every statement of the document in reading order. ``titles`` are other titles of the document: a heading that is
    one of them is its title too."""
    own = {_plain(title) for title in (document.source.title, *titles)}
    found: list[Statement] = []
    for block in document.blocks:
        headings = tuple(map(_plain, block.headings))
        # Formats differ in whether the title is a heading too: a change of format is no change of what is said.
        if headings and headings[0] in own:
            headings = headings[1:]
        for span in units_of(document.text, block):
            text = _plain(document.text[span.start : span.end])
            if text:
                found.append(Statement(text, span, headings, block.place))
    return found


def _plain(text: str) -> str:
    """On one line, and with each letter written in one way: neither is seen, and neither is a change."""
    return one_line(unicodedata.normalize("NFC", text))
