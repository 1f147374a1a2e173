"""A Word, PowerPoint or Excel file: a zip of XML parts that point at each other. Every byte that comes out of the zip
is counted, and XML that could name other files or grow by itself is refused.

The parts are read as they are, because what a person cannot see (deleted, hidden, tiny, white) is nowhere else.
"""

import contextlib
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Self
from xml.etree import ElementTree

from knowledge.errors import UnreadableDocument
from knowledge.normalisation import title_of
from knowledge.readers.limits import Limits, counted, size

Element = ElementTree.Element
# Namespaces by the letters that stand before a name here ("w.p"), under both names that the standard gives them.
_LETTERS = {
    "wordprocessingml": "w",
    "drawingml": "a",
    "presentationml": "p",
    "spreadsheetml": "s",
    "relationships": "r",
    "math": "m",
}
_NAMESPACE = re.compile(
    r"\{http://(?:schemas\.openxmlformats\.org|purl\.oclc\.org/ooxml)/"
    r"(?:officeDocument/|package/)?(?:2006/)?(wordprocessingml|drawingml|presentationml|spreadsheetml|relationships|math)"
    r"(?:/2006)?(?:/main)?\}(.+)"
)
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_MAIN_PARTS = {
    "wordprocessingml.document.main+xml": "docx",
    "wordprocessingml.template.main+xml": "docx",
    "ms-word.document.macroEnabled.main+xml": "docx",
    "presentationml.presentation.main+xml": "pptx",
    "presentationml.slideshow.main+xml": "pptx",
    "ms-powerpoint.presentation.macroEnabled.main+xml": "pptx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "ms-excel.sheet.macroEnabled.main+xml": "xlsx",
}
_PIECE = 1 << 16
_MOST_NAMES = 4096
# Below this a high ratio is no bomb: small XML packs very well.
_RATIO_FROM = 10_000_000
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_PLAIN_ENCODINGS = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1"})


class Package:
    """The parts of one Office file. ``kind`` is docx, pptx or xlsx; ``main`` the part that everything hangs on."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.limits = limits
        self._archive = archive
        self._unpacked = 0
        self._entries = {info.filename: info for info in archive.infolist()}
        self.kind, self.main = self._main_part()

    @classmethod
    def open(cls, raw: bytes, limits: Limits) -> Self:
        """Raises UnreadableDocument for what is no whole zip, or no Office file."""
        try:
            archive = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise UnreadableDocument("is damaged: its zip directory cannot be read; is the file whole?") from error
        if len(archive.infolist()) > limits.entries:
            raise UnreadableDocument(f"holds more than {counted(limits.entries)} parts")
        return cls(archive, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def has(self, part: str) -> bool:
        return part in self._entries

    def xml(self, part: str) -> Element:
        """A part's whole tree, its names short ("w.p"). Raises UnreadableDocument."""
        parser: ElementTree.XMLParser[Element] = ElementTree.XMLParser()
        with _refusing_damage(part):
            for piece in self._pieces(part):
                parser.feed(piece)
            root: Element = parser.close()
        stack = [(root, 1)]
        while stack:
            element, depth = stack.pop()
            if depth > self.limits.depth:
                raise UnreadableDocument("is nested too deeply to be read")
            _shorten(element)
            stack.extend((child, depth + 1) for child in element)
        return root

    def elements(self, part: str) -> Iterator[Element]:
        """A part's elements as they end, their names short, for parts that are too large for a tree. Raises
        UnreadableDocument."""
        parser: ElementTree.XMLPullParser[Element] = ElementTree.XMLPullParser(("end",))
        with _refusing_damage(part):
            for piece in self._pieces(part):
                parser.feed(piece)
                for event in parser.read_events():
                    element = event[-1]
                    assert isinstance(element, Element)  # as for all events of this kind
                    _shorten(element)
                    yield element
            parser.close()

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part points at: id → (kind of relation, part). What lies outside the file is left out."""
        folder, name = posixpath.split(part)
        described = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(described):
            return {}
        found = {}
        for relation in self.xml(described).iter("r.Relationship"):
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            target = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[relation.get("Id", "")] = (relation.get("Type", "").rsplit("/", 1)[-1], target)
        return found

    def related_as(self, part: str, kind: str) -> str | None:
        """The first existing part that a part points at with this kind of relation."""
        targets = (target for relation, target in self.related(part).values() if relation == kind)
        return next((target for target in targets if self.has(target)), None)

    def title(self) -> str:
        """The title in the file's properties, or nothing where there is none that a person gave."""
        part = self.related_as("", "core-properties")
        return title_of(self.xml(part).findtext("dc.title") or "") if part else ""

    def _main_part(self) -> tuple[str, str]:
        if not self.has("[Content_Types].xml"):
            raise UnreadableDocument("is a zip, but no Word, PowerPoint or Excel file")
        for override in self.xml("[Content_Types].xml").iter():
            content_type = override.get("ContentType", "")
            for ending, kind in _MAIN_PARTS.items():
                if content_type.endswith(ending):
                    main = self.related_as("", "officeDocument") or override.get("PartName", "").lstrip("/")
                    if not self.has(main):
                        raise UnreadableDocument("is damaged: its main part is missing")
                    return kind, main
        raise UnreadableDocument("is a zip, but no Word, PowerPoint or Excel file")

    def _pieces(self, part: str) -> Iterator[bytes]:
        info = self._entries.get(part)
        if info is None:
            raise UnreadableDocument(f"is damaged: {part} is missing")
        unpacked, tail = 0, b""
        try:
            with self._archive.open(info) as stream:
                while piece := stream.read(_PIECE):
                    if not unpacked:
                        _refuse_odd_encoding(part, piece)
                    unpacked += len(piece)
                    self._count(len(piece), unpacked, info.compress_size)
                    # A declaration may lie across two pieces; null bytes go, for it may be in UTF-16.
                    seen = (tail + piece).replace(b"\0", b"")
                    if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                        raise UnreadableDocument("declares entities of its own, which no Office program does")
                    tail = piece[-32:]
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise UnreadableDocument(f"is damaged or protected: {part} cannot be unpacked") from error

    def _count(self, read: int, unpacked: int, packed: int) -> None:
        # What really comes out counts; the sizes that a zip declares are the attacker's.
        self._unpacked += read
        if self._unpacked > self.limits.unpacked:
            raise UnreadableDocument(f"unpacks to more than {size(self.limits.unpacked)}")
        if unpacked > _RATIO_FROM and unpacked > max(packed, 1) * self.limits.ratio:
            raise UnreadableDocument(f"unpacks to more than {self.limits.ratio} times its size")


@contextlib.contextmanager
def _refusing_damage(part: str) -> Iterator[None]:
    try:
        yield
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableDocument(f"is damaged: {part} is no whole XML") from error


class _ShortNames(dict[str, str]):
    """``{namespace}name`` → ``w.name``; names of no namespace that is read here stay as they are."""

    def __missing__(self, name: str) -> str:
        known = _NAMESPACE.fullmatch(name)
        short = f"{_LETTERS[known.group(1)]}.{known.group(2)}" if known else name
        if name.startswith(_DUBLIN_CORE):
            short = "dc." + name.removeprefix(_DUBLIN_CORE)
        if len(self) < _MOST_NAMES:
            self[name] = short
        return short


_SHORT = _ShortNames()


def _shorten(element: Element) -> None:
    element.tag = _SHORT[element.tag]
    for name in element.attrib:
        if name[0] == "{":
            break
    else:
        return
    for name in [name for name in element.attrib if name[0] == "{"]:
        element.attrib[_SHORT[name]] = element.attrib.pop(name)


def _refuse_odd_encoding(part: str, beginning: bytes) -> None:
    """In other encodings a declaration would not be seen for what it is; Office programs write UTF-8."""
    declared = _XML_ENCODING.search(beginning.replace(b"\0", b"")[:400])
    starts = beginning.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    if not starts.startswith(b"<") or (declared and declared.group(1).lower() not in _PLAIN_ENCODINGS):
        raise UnreadableDocument(f"is damaged: {part} is in an encoding that Office files do not have")
