"""The values that flow through the knowledge base. Pure and frozen; storage identity lives in the catalogue."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

BlockKind = Literal["paragraph", "item", "row"]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` up to ``end`` of a document's stored text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reference:
    """An original publication that a statement of a document rests on. ``published`` is YYYY, YYYY-MM or YYYY-MM-DD."""

    id: str
    title: str
    publisher: str | None = None
    published: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """The references that the statement in ``span`` rests on, the disagreements between sources that it touches, and
    whether what it says may have changed since."""

    span: Span
    reference_ids: tuple[str, ...]
    disagreement_ids: tuple[str, ...] = ()
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """What one side of a disagreement says, and the references that say it."""

    says: str
    reference_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A figure, date or position on which the sources of a document differ."""

    id: str
    about: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document is about: its topic in words, the theme it is listed under, and the jurisdictions (ISO 3166-1
    codes, XK for Kosovo*, EU) it speaks of."""

    topic: str
    theme: str
    jurisdictions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    abbreviations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item or table row, under its headings from the outermost inwards. ``place`` is where a person
    would look for it in the original: page 4, slide 7, sheet "2024" row 12; empty where the headings say it."""

    kind: BlockKind
    span: Span
    headings: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of one version of a document besides its text. Dates are YYYY, YYYY-MM or YYYY-MM-DD; ``origin``
    is where the text came from (a path), kept for synchronisation and never shown to a reader. ``valid_from`` and
    ``valid_until`` are the operator's word: the first and the last day on which it is in force. ``uploaded``: an
    operator brought this version, it was not found at ``origin``."""

    id: str
    title: str
    audience: str
    version: int = 1
    origin: str = ""
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    published: str | None = None
    as_of: str | None = None
    review_by: str | None = None
    references: tuple[Reference, ...] = ()
    subject: Subject | None = None
    disagreements: tuple[Disagreement, ...] = ()
    valid_from: str | None = None
    valid_until: str | None = None
    uploaded: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document: a source with its stored text. ``digest`` is of the bytes it was read from and of what
    the operator said of it; ``original`` names the stored original file, where there is one."""

    source: Source
    digest: str
    text: str
    blocks: tuple[Block, ...]
    attributions: tuple[Attribution, ...] = ()
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences under one heading. ``start`` and ``end`` are offsets into the document's stored text,
    ``units`` the sentences or list items inside, in the same offsets; ``places`` where its parts stand in the original,
    where that has pages, slides or rows."""

    id: str
    document_id: str
    headings: tuple[str, ...]
    locator: str
    start: int
    end: int
    text: str
    units: tuple[Span, ...]
    version: int = 1
    places: tuple[tuple[Span, str], ...] = ()

    def text_at(self, span: Span) -> str:
        """The characters of a span that lies inside the passage."""
        return self.text[span.start - self.start : span.end - self.start]

    def under(self, title: str) -> str:
        """What it stands under: its document's title and its headings, a line each."""
        return "\n".join((title, *self.headings))

    def in_context(self, title: str) -> str:
        """What it says together with what it stands under."""
        return f"{self.under(title)}\n{self.text}"


@dataclass(frozen=True, slots=True)
class ScoredUnit:
    """A sentence or list item of a passage, its cosine similarity to the question, and by how much it is nearer to the
    question than to everyday questions of its language (see ``question_means``). ``relevance``: how well it answers the
    question, where it was read together with it (see ``relevance``)."""

    span: Span
    similarity: float
    centred: float = 0.0
    relevance: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a passage was found: cosine of the whole passage, of its best sentence, the share of the question's keyword
    weight that it covers (BM25 over the question's total idf), of the question's names (see ``naming``), and of its
    wording that one sentence covers (see ``wording``). The cosines are to the question as it is, not centred."""

    passage: float
    sentence: float
    keywords: float
    names: float
    wording: float = 0.0


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage with its score, the reason for it, and what a citation needs to know of its source. ``superseded``:
    there is a newer version, or another document has taken its place."""

    passage: Passage
    source: Source
    score: float
    why: Evidence
    units: tuple[ScoredUnit, ...]
    attributions: tuple[Attribution, ...] = ()
    superseded: bool = False

    @property
    def under(self) -> str:
        """The title and headings that the passage stands under."""
        return self.passage.under(self.source.title)

    @property
    def in_context(self) -> str:
        """What the passage says together with what it stands under."""
        return self.passage.in_context(self.source.title)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question may be answered from: the reader's audiences and, where the question is narrowed, the only
    documents on offer, and the day on which they were in force (None: today)."""

    audiences: frozenset[str]
    document_ids: frozenset[str] | None = None
    as_of: date | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether less is on offer than the reader's index holds."""
        return self.document_ids is not None or self.as_of is not None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that did not become a document, and why."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What an operator should know of a file that was read: what was left out of it, and why."""

    origin: str
    text: str


@dataclass(slots=True)
class IngestReport:
    """What one ingest did. Lists hold document ids, or origins for what was refused; ``replaced`` are documents of
    which there is a new version, ``withdrawn`` those that stay withdrawn although their file is still there, ``kept``
    those of which an operator uploaded a version that is newer than their file; ``rebuilt`` counts the documents whose
    index was built anew."""

    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    relabelled: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    passages: int = 0
    rebuilt: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.added or self.replaced)


Action = Literal["relabel", "date", "supersede", "withdraw", "reinstate"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What an operator decided about a document. ``detail`` holds what the action needs: ``audience``; ``version`` and
    dates; ``successor`` and ``since``; a ``reason``. ``at`` is set when it is kept."""

    who: str
    document_id: str
    action: Action
    detail: dict[str, str | None] = field(default_factory=dict)
    at: str = ""
