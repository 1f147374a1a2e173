"""What a briefing note says, part by part, whatever file it is put into. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import groupby

from assistant.briefing.characters import clean, is_right_to_left, one_line, web_address
from assistant.replies import message
from assistant.types import Answer, Citation, Outcome, SourceCard
from assistant.written_dates import written_date
from assistant.written_places import written_place

_LEAST_POSITIONS = 2


class Part(StrEnum):
    """The parts of a note, in their order; one with nothing to say is left out."""

    QUESTION = "question"
    RESULT = "result"
    ANSWER = "answer"
    POSITIONS = "positions"
    NOTICES = "notices"
    SOURCES = "sources"
    ABOUT = "about"


class Kind(StrEnum):
    """What a paragraph is, so that each kind of file can give it its looks."""

    TEXT = "text"
    SENTENCE = "sentence"
    SUBJECT = "subject"
    WHO = "who"
    POSITION = "position"
    NOTICE = "notice"
    SOURCE = "source"
    FACTS = "facts"
    LINK = "link"
    PLACE = "place"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Clean text. ``numbers`` are those of the sources that a sentence cites or that say something, or a source's own;
    ``address`` is where a link leads, whose text is the address as it was given."""

    kind: Kind
    text: str
    numbers: tuple[int, ...] = ()
    address: str | None = None

    @property
    def is_right_to_left(self) -> bool:
        return is_right_to_left(self.text)


@dataclass(frozen=True, slots=True)
class Section:
    part: Part
    heading: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """``language`` is that of the labels and the answer, ``as_of`` the line with the day on which the sources were
    asked, ``made`` an aware time."""

    title: str
    language: str
    as_of: str
    made: datetime
    sections: tuple[Section, ...]


def note_of(question: str, answer: Answer, *, as_of: date, made: datetime) -> Note:
    """The note on an answer, its labels in the answer's language."""
    language = answer.language
    line = message("briefing.as_of", language, date=written_date(as_of.isoformat(), language))
    sections = (
        Section(Part.QUESTION, message("briefing.question", language), (_text(question),)),
        Section(Part.RESULT, message("briefing.result", language), tuple(_result(answer))),
        Section(Part.ANSWER, message("briefing.answer", language), tuple(_sentences(answer))),
        Section(Part.POSITIONS, message("briefing.positions", language), tuple(_positions(answer))),
        Section(Part.NOTICES, message("briefing.notices", language), tuple(_notices(answer))),
        Section(Part.SOURCES, message("briefing.sources", language), tuple(_sources(answer))),
        Section(Part.ABOUT, message("briefing.about", language), tuple(_about(answer, line, made))),
    )
    return Note(
        title=message("briefing.title", language),
        language=language,
        as_of=line,
        made=made,
        sections=tuple(section for section in sections if section.paragraphs),
    )


def _text(text: str) -> Paragraph:
    return Paragraph(Kind.TEXT, clean(text))


def _result(answer: Answer) -> Iterator[Paragraph]:
    yield _text(_outcome(answer))
    if not answer.sentences:
        yield _text(answer.text)


def _outcome(answer: Answer) -> str:
    language = answer.language
    match answer.outcome:
        case Outcome.ANSWERED:
            return message("briefing.answered", language)
        case Outcome.PARTIAL:
            return message("briefing.partial", language)
        case Outcome.NOT_COVERED:
            return message("briefing.not_covered", language)
        case Outcome.NEEDS_CLARIFICATION:
            return message("briefing.needs_clarification", language)
        case Outcome.DECLINED:
            return message("briefing.declined", language)
        case Outcome.EVIDENCE_ONLY:
            return message("briefing.evidence_only", language)
        case Outcome.FAILED:
            return message("briefing.failed", language)


def _sentences(answer: Answer) -> Iterator[Paragraph]:
    for sentence in answer.sentences:
        numbers = dict.fromkeys(citation.number for citation in sentence.citations)
        yield Paragraph(Kind.SENTENCE, one_line(sentence.text), tuple(numbers))


def _positions(answer: Answer) -> Iterator[Paragraph]:
    """What each source says where they differ, those on one thing together; who reads the note shall not have to take
    one side for the whole. One position alone sets nothing side by side."""
    if len(answer.positions) < _LEAST_POSITIONS:
        return
    for about, positions in groupby(answer.positions, key=lambda position: position.about):
        if about:
            yield Paragraph(Kind.SUBJECT, one_line(about))
        for each in positions:
            yield Paragraph(Kind.WHO, _known(each.publisher or each.title, each.published, answer.language))
            yield Paragraph(Kind.POSITION, one_line(each.says), () if each.number is None else (each.number,))
            # What the answer cites stands among its sources.
            if each.number is None and each.url and (target := web_address(each.url)) is not None:
                yield Paragraph(Kind.LINK, clean(each.url), address=target)


def _notices(answer: Answer) -> Iterator[Paragraph]:
    for notice in answer.notices:
        yield Paragraph(Kind.NOTICE, one_line(notice.text))


def _sources(answer: Answer) -> Iterator[Paragraph]:
    for source in answer.sources:
        yield from _source(source, answer)


def _source(source: SourceCard, answer: Answer) -> Iterator[Paragraph]:
    title = one_line(source.title) or message("briefing.untitled", answer.language)
    yield Paragraph(Kind.SOURCE, title, (source.number,))
    known = _known(source.publisher, source.published, answer.language)
    if known:
        yield Paragraph(Kind.FACTS, known)
    if source.url and (target := web_address(source.url)) is not None:
        yield Paragraph(Kind.LINK, clean(source.url), address=target)
    citations = [c for sentence in answer.sentences for c in sentence.citations if c.number == source.number]
    for locator, quotes in groupby(dict.fromkeys(map(_place_and_quote, citations)), key=lambda pair: pair[0]):
        if locator:
            yield Paragraph(Kind.PLACE, written_place(locator, answer.language))
        for _, words in quotes:
            yield Paragraph(Kind.QUOTE, f"“{words}”")


def _known(name: str | None, published: str | None, language: str) -> str:
    day = written_date(published, language) if published else None
    return " · ".join(one_line(part) for part in (name, day) if part)


def _place_and_quote(citation: Citation) -> tuple[str, str]:
    return one_line(citation.locator), one_line(citation.quote)


def _about(answer: Answer, as_of: str, made: datetime) -> Iterator[Paragraph]:
    language, model = answer.language, answer.provenance.model
    yield _text(as_of)
    if answer.sentences:
        are_quotes = all(sentence.text in [c.quote for c in sentence.citations] for sentence in answer.sentences)
        if model is None or are_quotes:
            yield _text(message("briefing.quotes_only", language))
        else:
            yield _text(message("briefing.model", language, model=one_line(model)))
    when = made.astimezone(UTC)
    day = written_date(when.date().isoformat(), language)
    yield _text(message("briefing.made", language, date=day, time=f"{when:%H:%M}"))
    yield _text(message("briefing.disclaimer", language))
