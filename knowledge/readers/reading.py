"""What every reader returns, and the builder that keeps offsets right while text is put together."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.errors import UnreadableDocument
from knowledge.normalisation import normalise, title_of
from knowledge.readers.hidden import LeftOut
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
    """Joins pieces into one stored text and remembers where each lies. ``place`` is where in the original the blocks
    stand that are added next; ``left_out`` counts what was not added because nobody can see it."""

    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _headings: list[tuple[int, str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    place: str = ""
    left_out: LeftOut = field(default_factory=LeftOut)

    def heading(self, level: int, text: str) -> None:
        """Opens a section; deeper or equal levels before it end. An empty heading is ignored."""
        self.left_out.count_deceptive(text)
        text = title_of(text)
        if not text:
            return
        self._headings = [(depth, title) for depth, title in self._headings if depth < level]
        self._headings.append((level, text))
        self._append(text, "\n\n")

    def end_sections(self) -> None:
        """What follows stands under no heading."""
        self._headings = []

    def block(self, kind: BlockKind, text: str) -> Span | None:
        """Adds a block under the open headings and returns where it lies, or None when it holds nothing."""
        self.left_out.count_deceptive(text)
        text = normalise(text)
        if not text:
            return None
        close = kind != "paragraph" and self.blocks and self.blocks[-1].kind == kind
        span = self._append(text, "\n" if close else "\n\n")
        self.blocks.append(Block(kind, span, tuple(title for _, title in self._headings), self.place))
        return span

    def remarks(self, *others: str) -> tuple[str, ...]:
        """What the operator should know: what was left out, and what the reader has to add."""
        return (*self.left_out.remarks(), *others)

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


def row_text(header: Sequence[str], cells: Sequence[str]) -> str:
    """A table row that can be read alone: each cell with its column's name."""
    pairs = [f"{header[i]}: {cell}" if i < len(header) and header[i] else cell for i, cell in enumerate(cells) if cell]
    return "; ".join(pairs)


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
