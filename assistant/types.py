"""The values of a question and its answer. Pure and frozen; surfaces turn them into their own formats."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from knowledge.audiences import PUBLIC, audiences_seen_by
from knowledge.errors import UnknownAudience

MAX_QUESTION = 4000


class Outcome(StrEnum):
    """Every way an answer can end."""

    ANSWERED = "ANSWERED"
    PARTIAL = "PARTIAL"
    NOT_COVERED = "NOT_COVERED"
    NEEDS_CLARIFICATION = "NEEDS_CLARIFICATION"
    DECLINED = "DECLINED"
    EVIDENCE_ONLY = "EVIDENCE_ONLY"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: what they may see, and the language they chose (None: that of the question)."""

    name: str = "anonymous"
    audiences: frozenset[str] = frozenset({PUBLIC})
    language: str | None = None

    @classmethod
    def of(cls, audience: str, language: str | None = None) -> "Reader":
        """A reader with the rights of an audience label. Raises knowledge.errors.UnknownAudience."""
        return cls(audience, audiences_seen_by(audience), language)

    def has_rights_of(self, audience: str) -> bool:
        """Whether they may see everything that a reader with this label may see. Nobody has the rights of a label that
        is none."""
        try:
            return audiences_seen_by(audience) <= self.audiences
        except UnknownAudience:
            return False


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation."""

    role: Literal["user", "assistant"]
    text: str


Conversation = tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a sentence rests: ``start`` and ``end`` are offsets of ``quote`` in the stored text of the document's
    ``version``, and
    ``verified`` says that exactly these characters stand there. ``number`` is its source's number in the answer; title,
    publisher, date and address are those of the original publication where the document is a brief on it."""

    number: int
    passage_id: str
    document_id: str
    title: str
    publisher: str | None
    published: str | None
    url: str | None
    locator: str
    quote: str
    start: int
    end: int
    verified: bool
    version: int = 1


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source of the answer, once, in order of first citation."""

    number: int
    document_id: str
    title: str
    publisher: str | None
    published: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a careful colleague would add. ``kind`` is for programs, ``text`` in the reader's language for people."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """What one source says where the sources of an answer differ. ``about`` is what they differ on, empty where that is
    a figure in the words of ``says``; ``number`` is the source's in the answer, None where no sentence cites it.
    ``document_id`` and ``version`` are of the document in which it stands."""

    document_id: str
    version: int
    number: int | None
    title: str
    publisher: str | None
    published: str | None
    url: str | None
    says: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What shaped the answer: model (None: quotes only), hash of each prompt used, embedder, index, milliseconds,
    ``tokens`` the model counted (``input``, ``output``; empty where it did not say), and how likely the passages hold
    what was asked (0 to 1, without the model's help)."""

    model: str | None
    prompts: dict[str, str] = field(default_factory=dict)
    embedder: str = ""
    index: str = ""
    timings_ms: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``text`` is the sentences as one text, or the message in the reader's language where there are none. ``choices``
    are the questions that a question back offers, each of which can be asked as it stands; ``nearby`` the titles of
    documents near to what the documents do not answer; ``positions`` what the sources say where they differ, those on
    one thing together and the newest first; ``as_of`` the day (YYYY-MM-DD) that was asked for, None: that of asking."""

    outcome: Outcome
    text: str
    language: str
    sentences: tuple[Sentence, ...]
    sources: tuple[SourceCard, ...]
    notices: tuple[Notice, ...]
    provenance: Provenance
    choices: tuple[str, ...] = ()
    nearby: tuple[str, ...] = ()
    positions: tuple[SourcePosition, ...] = ()
    as_of: str | None = None
