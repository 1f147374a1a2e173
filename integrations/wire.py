"""What leaves the desk as JSON: the same shapes on the command line, over HTTP and in the page."""

from dataclasses import asdict
from datetime import date
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from assistant.events import Dropped, Found, Said, Searching
from assistant.types import MAX_QUESTION, Answer, Citation, Outcome, Sentence
from assistant.written_places import written_place
from knowledge.topics import OTHER, is_review_due
from knowledge.types import Document, Retrieved, Source


class _Wire(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class CitationOut(_Wire):
    number: int = Field(description="The number of its source in `sources`.")
    passage_id: str
    document_id: str
    title: str
    publisher: str | None
    published: str | None
    url: str | None
    locator: str = Field(description="Where it stands: the place as it is stored, in English.")
    place: str = Field(description="The same in the language of the answer, to be shown.")
    quote: str
    start: int = Field(description="Offset of the quote in the document's text, in Unicode code points.")
    end: int
    verified: bool = Field(description="Whether exactly these characters stand in the stored document at this place.")
    version: int = Field(description="The version of the document that was cited.")

    @model_validator(mode="before")
    @classmethod
    def _in_words(cls, given: Any, info: ValidationInfo) -> Any:
        if not isinstance(given, Citation):
            return given
        assert info.context is not None, "a citation is shown in a language"
        return asdict(given) | {"place": written_place(given.locator, info.context["language"])}


class SentenceOut(_Wire):
    text: str
    citations: tuple[CitationOut, ...]

    @classmethod
    def of(cls, sentence: Sentence, language: str) -> "SentenceOut":
        return cls.model_validate(sentence, context={"language": language})


class SourceOut(_Wire):
    number: int
    document_id: str
    title: str
    publisher: str | None
    published: str | None
    url: str | None


class NoticeOut(_Wire):
    kind: str
    text: str


class PositionOut(_Wire):
    """What one source says where the sources differ. Those on one thing stand together, the newest first."""

    document_id: str = Field(description="The document in which it stands.")
    version: int
    number: int | None = Field(description="The number of its source in `sources`, where a sentence cites it.")
    title: str
    publisher: str | None
    published: str | None
    url: str | None
    says: str
    about: str = Field(description="What the sources differ on; empty where it is a figure in the words of `says`.")


class ProvenanceOut(_Wire):
    model: str | None
    prompts: dict[str, str]
    embedder: str
    index: str
    timings_ms: dict[str, int]
    tokens: dict[str, int] = Field(description="`input` and `output` tokens, as the model counted them.")
    confidence: float | None = Field(description="How likely the passages hold what was asked, 0 to 1.")


class AnswerOut(_Wire):
    outcome: Outcome
    text: str
    language: str
    sentences: tuple[SentenceOut, ...]
    sources: tuple[SourceOut, ...]
    notices: tuple[NoticeOut, ...]
    provenance: ProvenanceOut
    choices: tuple[str, ...] = Field(description="Questions to choose from, where the desk asks back.")
    nearby: tuple[str, ...] = Field(description="Titles of documents near to a question that is not covered.")
    positions: tuple[PositionOut, ...] = Field(description="What each source says, where they differ.")
    as_of: str | None = Field(description="The day that was asked for, YYYY-MM-DD; null where it was that of asking.")

    @classmethod
    def of(cls, answer: Answer) -> "AnswerOut":
        return cls.model_validate(answer, context={"language": answer.language})


class SuggestionOut(_Wire):
    """A question that the library holds something on."""

    title: str
    question: str


class AskedOut(AnswerOut):
    """An answer as it was just given."""

    answer_id: str | None = Field(description="Under which it is kept; null where it could not be kept.")
    conversation: str = Field(description="What to name when the next question goes on from here.")
    suggestions: tuple[SuggestionOut, ...] = Field(description="What could be asked next.")


class FinishedOut(_Wire):
    """The data of the last event of a stream."""

    answer: AnswerOut
    answer_id: str | None
    conversation: str
    suggestions: tuple[SuggestionOut, ...]


class PassageOut(_Wire):
    passage_id: str
    document_id: str
    title: str
    headings: tuple[str, ...]
    locator: str
    place: str
    text: str
    start: int
    end: int
    score: float

    @classmethod
    def of(cls, found: Retrieved, language: str) -> "PassageOut":
        passage = found.passage
        return cls(
            passage_id=passage.id,
            document_id=passage.document_id,
            title=found.source.title,
            headings=passage.headings,
            locator=passage.locator,
            place=written_place(passage.locator, language),
            text=passage.text,
            start=passage.start,
            end=passage.end,
            score=round(found.score, 4),
        )


class SectionOut(_Wire):
    heading: str
    start: int
    end: int


class ReferenceOut(_Wire):
    id: str
    title: str
    publisher: str | None
    published: str | None
    url: str | None


class NewerOut(_Wire):
    """The version in force today of a document that was opened at an older one."""

    version: int
    published: str | None


class DocumentOut(_Wire):
    """A version of a document as a citation opens it. Offsets are in Unicode code points of ``text``."""

    id: str
    version: int
    newer: NewerOut | None = Field(description="The version in force today, where this is an older one.")
    has_original: bool = Field(description="Whether the original file can be fetched.")
    title: str
    publisher: str | None
    published: str | None
    url: str | None
    language: str | None
    as_of: str | None
    text: str
    sections: tuple[SectionOut, ...]
    references: tuple[ReferenceOut, ...]

    @classmethod
    def of(cls, document: Document, newest: Source | None = None, has_original: bool = False) -> "DocumentOut":
        sections: list[SectionOut] = []
        for block in document.blocks:
            heading = block.headings[-1] if block.headings else ""
            if sections and sections[-1].heading == heading:
                sections[-1] = sections[-1].model_copy(update={"end": block.span.end})
            else:
                sections.append(SectionOut(heading=heading, start=block.span.start, end=block.span.end))
        source = document.source
        newer = newest if newest is not None and newest.version > source.version else None
        return cls(
            id=source.id,
            version=source.version,
            newer=NewerOut(version=newer.version, published=newer.published or newer.as_of) if newer else None,
            has_original=has_original,
            title=source.title,
            publisher=source.publisher,
            published=source.published,
            url=source.url,
            language=source.language,
            as_of=source.as_of,
            text=document.text,
            sections=tuple(sections),
            references=tuple(ReferenceOut.model_validate(reference) for reference in source.references),
        )


class TopicOut(_Wire):
    """A document as the index lists it."""

    id: str
    title: str
    topic: str | None
    theme: str = Field(description="One of the themes of the library, or `other`.")
    jurisdictions: tuple[str, ...] = Field(description="ISO 3166-1 codes, with XK for Kosovo* and EU.")
    as_of: str | None
    review_by: str | None
    review_due: bool
    publications: int = Field(description="On how many publications it rests.")

    @classmethod
    def of(cls, source: Source, today: date) -> "TopicOut":
        subject = source.subject
        return cls(
            id=source.id,
            title=source.title,
            topic=subject.topic if subject else None,
            theme=subject.theme if subject else OTHER,
            jurisdictions=subject.jurisdictions if subject else (),
            as_of=source.as_of or source.published,
            review_by=source.review_by,
            review_due=is_review_due(source.review_by, today),
            publications=len(source.references),
        )


class TurnIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    role: Literal["user", "assistant"]
    text: str = Field(max_length=8000)


class QuestionIn(BaseModel):
    """A question. ``conversation`` goes on from one of the asker's own; a client that keeps its conversations itself
    sends the turns before as ``history`` instead."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "anyOf": [{"properties": {"conversation": {"type": "null"}}}, {"properties": {"history": {"maxItems": 0}}}]
        },
    )
    question: str = Field(
        min_length=1, max_length=MAX_QUESTION, examples=["Which delegations attended the RGRS meeting?"]
    )
    conversation: str | None = Field(
        default=None, min_length=1, max_length=64, description="One of the asker's own; a new one where left out."
    )
    history: tuple[TurnIn, ...] = Field(
        default=(), max_length=20, description="Turns before this one; not together with `conversation`."
    )
    language: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$",
        description="Language of the desk's own words; the question's own where left out.",
    )
    as_of: date | None = Field(
        default=None, description="Answer from what was in force on this day; today where left out."
    )

    @model_validator(mode="after")
    def _one_past(self) -> Self:
        if self.conversation is not None and self.history:
            raise ValueError("name a conversation or send its history, not both")
        return self


class ErrorBody(_Wire):
    code: str
    message: str
    reference: str | None = None


class ErrorOut(_Wire):
    error: ErrorBody


def event_out(event: Searching | Found | Said | Dropped, language: str) -> tuple[str, dict[str, Any]]:
    """The name and data on the stream of an event before the last; ``language`` is that of the answer."""
    match event:
        case Searching(question):
            return "searching", {"question": question}
        case Found(passages):
            return "found", {"passages": [PassageOut.of(found, language).model_dump() for found in passages]}
        case Said(index, sentence):
            return "said", {"index": index, "sentence": SentenceOut.of(sentence, language).model_dump()}
        case Dropped(reason):
            return "dropped", {"reason": str(reason)}
