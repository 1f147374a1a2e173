"""What a run leaves behind: ``manifest.json``, ``questions.jsonl`` and ``answers.jsonl`` in a directory of its own.
Everything that is scored later is in there, so that scoring needs neither desk nor documents nor model."""

from pydantic import BaseModel, ConfigDict

# Counted up when an older suite could no longer read what a newer one writes.
FORMAT = 1
# Notices that say the sources do not settle it.
_FLAGS = frozenset({"disagree", "superseded", "sources_differ"})


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class CitationRecord(_Record):
    """``start`` and ``end`` are offsets in the stored text; ``verified`` says that the quote stood there letter for
    letter when it was read again for the run; ``audience`` is the document's."""

    document_id: str
    passage_id: str
    version: int
    quote: str
    start: int
    end: int
    verified: bool
    audience: str
    title: str = ""
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    locator: str = ""


class SentenceRecord(_Record):
    text: str
    citations: tuple[CitationRecord, ...]


class PassageRecord(_Record):
    """A passage found, best first. ``text`` with title and headings above it; empty for those that no writer read."""

    passage_id: str
    document_id: str
    score: float
    audience: str
    text: str = ""


class NoticeRecord(_Record):
    kind: str
    text: str


class AnswerRecord(_Record):
    """One answer to one question. ``answer`` is the text shown (the desk's own message where it refused);
    ``timings_ms`` from the start of the question; ``failure`` names the error where the desk broke off."""

    question_id: str
    repeat: int = 0
    outcome: str
    answer: str
    language: str
    sentences: tuple[SentenceRecord, ...] = ()
    passages: tuple[PassageRecord, ...] = ()
    notices: tuple[NoticeRecord, ...] = ()
    searched: str = ""
    dropped: tuple[str, ...] = ()
    prompts: dict[str, str] = {}
    timings_ms: dict[str, int] = {}
    tokens: dict[str, int] = {}
    confidence: float | None = None
    failure: str | None = None

    @property
    def abstained(self) -> bool:
        return self.outcome in ("NOT_COVERED", "DECLINED", "FAILED")

    @property
    def clarified(self) -> bool:
        return self.outcome == "NEEDS_CLARIFICATION"

    @property
    def flagged(self) -> bool:
        """Whether it tells that sources differ, or that a newer one replaces what it rests on."""
        return any(notice.kind in _FLAGS for notice in self.notices)


class Manifest(_Record):
    """What a run was made of. ``data`` holds the digest of each pack, case file and corpus by name; ``prompts`` the
    hash of each prompt file; ``code`` the commit, with ``code_changed`` where the tree was not clean."""

    format: int = FORMAT
    name: str
    made_at: str
    code: str | None
    code_changed: bool
    version: str
    model: str | None
    embedder: str
    index: str
    prompts: dict[str, str]
    data: dict[str, str]
    settings: dict[str, str]
    questions: int
    repeats: int
    whole_corpus: bool
    seconds: float | None = None
    finished: bool = False
