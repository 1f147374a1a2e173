"""Bytes to a Reading: the kind is told, its reader called. Runs in the reading process only (see ``sandbox``)."""

from collections.abc import Callable
from dataclasses import replace

from knowledge.errors import UnreadableDocument
from knowledge.readers import docx, email, html, markdown, pdf, plain, pptx, sheets
from knowledge.readers.kinds import OFFICE, kind_of
from knowledge.readers.limits import Limits
from knowledge.readers.package import Package
from knowledge.readers.reading import Reading
from knowledge.types import Block, Span

_TEXTS: dict[str, Callable[[bytes, str], Reading]] = {
    "markdown": markdown.read,
    "plain": plain.read,
    "html": html.read,
    "eml": email.read,
}
_LIMITED: dict[str, Callable[[bytes, str, Limits], Reading]] = {"pdf": pdf.read, "csv": sheets.read_csv}
_PACKAGES: dict[str, Callable[[Package, str], Reading]] = {
    "docx": docx.read,
    "pptx": pptx.read,
    "xlsx": sheets.read_xlsx,
}


def read_bytes(suffix: str, name: str, raw: bytes, limits: Limits) -> Reading:
    """What a file with this ending says. Raises UnreadableDocument, and whatever a parser did not expect."""
    kind = kind_of(suffix, raw)
    if kind in OFFICE:
        with Package.open(raw, limits) as package:
            # People rename files; what is inside decides.
            reading = _PACKAGES[package.kind](package, name)
    elif kind in _LIMITED:
        reading = _LIMITED[kind](raw, name, limits)
    else:
        reading = _TEXTS[kind](raw, name)
    if reading.text and not reading.blocks:  # nothing but headings is still something
        reading = replace(reading, blocks=(Block("paragraph", Span(0, len(reading.text))),))
    if not reading.blocks:
        raise UnreadableDocument("; ".join(("holds no text", *reading.remarks)))
    return reading
