"""One question asked of the desk, through the stream that every reader gets, and what came of it as a record."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

from assistant.desk import TOP_K, Desk
from assistant.events import Dropped, Finished, Found, Searching
from assistant.types import Answer, Citation, Outcome, Reader, Turn
from evals.questions import Question
from evals.records import AnswerRecord, CitationRecord, NoticeRecord, PassageRecord, SentenceRecord
from knowledge.catalogue import Catalogue
from knowledge.errors import UnknownDocument
from knowledge.types import Document, Retrieved

# Deep enough that ten different documents are ranked although one may hold several of the best passages.
DEPTH = 30
# The embedder runs on as many threads as there are cores; twice as many questions keep them busy. Timings are of a desk
# that answers so many at once.
AT_ONCE = 4


async def ask(desk: Desk, question: Question, *, repeat: int = 0, whole_corpus: bool = False) -> AnswerRecord:
    """What the desk answers, as the question's reader and on its day. ``whole_corpus`` ignores what the question
    narrows itself to. Whatever the desk raises becomes a record of a failure."""
    searched, found, dropped = "", tuple[Retrieved, ...](), list[str]()
    answer: Answer | None = None
    try:
        stream = desk.stream(
            question.question,
            tuple(Turn(turn.role, turn.text) for turn in question.history),
            Reader.of(question.reader),
            document_ids=None if whole_corpus else question.on_offer(),
            as_of=question.as_of,
            depth=DEPTH,
        )
        async with aclosing(stream) as events:
            async for event in events:
                match event:
                    case Searching(question=text):
                        searched = text
                    case Found(passages=passages):
                        found = passages
                    case Dropped(reason=reason):
                        dropped.append(reason)
                    case Finished(answer=finished):
                        answer = finished
        if answer is None:
            raise RuntimeError("the stream ended without Finished")
        return await asyncio.to_thread(
            record_of, desk.base.catalogue, question.id, repeat, searched, found, dropped, answer
        )
    except Exception as error:
        return AnswerRecord(
            question_id=question.id,
            repeat=repeat,
            outcome=Outcome.FAILED,
            answer="",
            language=question.lang,
            searched=searched,
            failure=f"{type(error).__name__}: {error}",
        )


def record_of(
    catalogue: Catalogue,
    identifier: str,
    repeat: int,
    searched: str,
    found: Sequence[Retrieved],
    dropped: Sequence[str],
    answer: Answer,
) -> AnswerRecord:
    """The record of an answer. Every citation is looked up in the stored documents once more, whoever may see them, so
    that what it says of itself is not taken on trust."""
    cited = {citation.passage_id for sentence in answer.sentences for citation in sentence.citations}
    documents: dict[tuple[str, int], Document | None] = {}

    def stored(citation: Citation) -> Document | None:
        key = (citation.document_id, citation.version)
        if key not in documents:
            documents[key] = _stored(catalogue, *key)
        return documents[key]

    return AnswerRecord(
        question_id=identifier,
        repeat=repeat,
        outcome=answer.outcome,
        answer=answer.text,
        language=answer.language,
        sentences=tuple(
            SentenceRecord(text=sentence.text, citations=tuple(_citation(c, stored(c)) for c in sentence.citations))
            for sentence in answer.sentences
        ),
        passages=tuple(
            _passage(item, with_text=place < TOP_K or item.passage.id in cited) for place, item in enumerate(found)
        ),
        notices=tuple(NoticeRecord(kind=notice.kind, text=notice.text) for notice in answer.notices),
        searched=searched,
        dropped=tuple(dropped),
        prompts=answer.provenance.prompts,
        timings_ms=answer.provenance.timings_ms,
        tokens=answer.provenance.tokens,
        confidence=answer.provenance.confidence,
    )


def _stored(catalogue: Catalogue, document_id: str, version: int) -> Document | None:
    try:
        return catalogue.stored(document_id, version)
    except UnknownDocument:
        return None


def _citation(citation: Citation, document: Document | None) -> CitationRecord:
    stands = document is not None and document.text[citation.start : citation.end] == citation.quote
    return CitationRecord(
        document_id=citation.document_id,
        passage_id=citation.passage_id,
        version=citation.version,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        verified=stands and bool(citation.quote),
        audience=document.source.audience if document is not None else "",
        title=citation.title,
        publisher=citation.publisher,
        published=citation.published,
        url=citation.url,
        locator=citation.locator,
    )


def _passage(found: Retrieved, *, with_text: bool) -> PassageRecord:
    passage = found.passage
    above = "\n".join((found.source.title, *passage.headings))
    return PassageRecord(
        passage_id=passage.id,
        document_id=passage.document_id,
        score=round(found.score, 6),
        audience=found.source.audience,
        text=f"{above}\n{passage.text}" if with_text else "",
    )
