"""What every reader returns, and the builder that keeps offsets right while text is put together."""

from dataclasses import dataclass, field

from knowledge.errors import UnreadableDocument
from knowledge.normalisation import normalise, title_of
from knowledge.types import Attribution, Block, BlockKind, Disagreement, Reference, Span, Subject


@dataclass(frozen=True, slots=True)
class Reading:
    """Stored text with its structure, and what the file says of itself. ``id`` and ``audience`` are set only by front
    matter; the operator's word narrows the audience, never the text's. ``remarks`` are for the operator: what was left
    out of the text, and why."""

    title: str
    text: str
    blocks: tuple[Block, ...]
    attributions: tuple[Attribution, ...] = ()
    references: tuple[Reference, ...] = ()
    id: str | None = None
    audience: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    published: str | None = None
    as_of: str | None = None
    review_by: str | None = None
    subject: Subject | None = None
    disagreements: tuple[Disagreement, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class TextBuilder:
    """Joins pieces into one stored text and remembers where each lies."""

    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _headings: list[tuple[int, str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def heading(self, level: int, text: str) -> None:
        """Opens a section; deeper or equal levels before it end. An empty heading is ignored."""
        text = title_of(text)
        if not text:
            return
        self._headings = [(depth, title) for depth, title in self._headings if depth < level]
        self._headings.append((level, text))
        self._append(text, "\n\n")

    def block(self, kind: BlockKind, text: str) -> Span | None:
        """Adds a block under the open headings and returns where it lies, or None when it holds nothing."""
        text = normalise(text)
        if not text:
            return None
        close = kind != "paragraph" and self.blocks and self.blocks[-1].kind == kind
        span = self._append(text, "\n" if close else "\n\n")
        self.blocks.append(Block(kind, span, tuple(title for _, title in self._headings)))
        return span

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def last_piece(self) -> str:
        """The piece added last, as it is stored."""
        return self._parts[-1]

    def _append(self, text: str, separator: str) -> Span:
        if self._length:
            self._parts.append(separator)
            self._length += len(separator)
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return Span(start, self._length)


def decode(raw: bytes) -> str:
    """UTF-8 (or UTF-16 with its mark) as text. Raises UnreadableDocument naming the first bad byte."""
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"not valid {encoding.removesuffix('-sig').upper()} (byte {error.start}); save it as UTF-8 and "
            f"ingest it again"
        ) from error
