"""Runs a question pack through the desk's own stream and records what came of it."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path

from assistant.desk import Desk
from assistant.events import Finished, Found
from assistant.types import Answer, Conversation, Outcome, Turn
from evals.dataset import PackQuestion, Prediction, Quoted
from evals.errors import InvalidPack
from knowledge.base import fingerprint_of
from knowledge.candidates import lines_of
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest, Progress
from knowledge.types import Retrieved

# Deep enough that ten different documents are ranked although one may hold several of the best passages.
_DEPTH = 30
# The embedder runs on as many threads as there are cores; twice as many questions keep them busy.
_AT_ONCE = 4
_ABSTAINED = (Outcome.NOT_COVERED, Outcome.DECLINED, Outcome.FAILED)


def prepare_store(corpora: Sequence[Path], root: Path, embedder: Embedder, progress: Progress | None = None) -> Path:
    """The directory of a store of these corpora alone, built once and kept between runs. Raises InvalidPack for a line
    that is no document, and KnowledgeError."""
    digest = hashlib.blake2b(fingerprint_of(embedder).encode(), digest_size=8)
    candidates = []
    for corpus in corpora:
        lines, refused = lines_of(corpus)
        if refused:
            raise InvalidPack(f"{refused[0].origin}: {refused[0].reason}")
        candidates.extend(lines)
        digest.update(corpus.read_bytes())
    directory = root / digest.hexdigest()
    complete = directory / "complete"
    if not complete.exists():
        report = Ingest(directory, embedder).run(candidates, progress=progress)
        if report.refused:
            raise InvalidPack(f"{report.refused[0].origin}: {report.refused[0].reason}")
        complete.touch()
    return directory


async def predict(
    desk: Desk, questions: Sequence[PackQuestion], *, whole_corpus: bool, done: Callable[[], None]
) -> list[Prediction]:
    """One prediction a question, in the questions' order. ``whole_corpus`` ignores what a question narrows itself
    to."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(question: PackQuestion) -> Prediction:
        async with gate:
            prediction = await _predict_one(desk, question, None if whole_corpus else question.on_offer())
            done()
            return prediction

    return await asyncio.gather(*(one(question) for question in questions))


async def _predict_one(desk: Desk, question: PackQuestion, on_offer: frozenset[str] | None) -> Prediction:
    conversation: Conversation = tuple(Turn(turn.role, turn.text) for turn in question.history)
    found: tuple[Retrieved, ...] = ()
    answer: Answer | None = None
    stream = desk.stream(question.question, conversation, document_ids=on_offer, depth=_DEPTH)
    async with aclosing(stream) as events:
        async for event in events:
            if isinstance(event, Found):
                found = event.passages
            elif isinstance(event, Finished):
                answer = event.answer
    assert answer is not None
    return record(question.id, found, answer)


def record(identifier: str, found: Sequence[Retrieved], answer: Answer) -> Prediction:
    """The answer in the packs' format: documents ranked by their best passage, quotes as cited."""
    abstained = answer.outcome in _ABSTAINED
    citations = [citation for sentence in answer.sentences for citation in sentence.citations]
    quotes = dict.fromkeys((citation.document_id, citation.quote) for citation in citations)
    return Prediction(
        id=identifier,
        ranked_doc_ids=tuple(dict.fromkeys(item.passage.document_id for item in found)),
        answer_text="" if abstained else answer.text,
        abstained=abstained,
        cited_doc_ids=tuple(dict.fromkeys(citation.document_id for citation in citations)),
        quotes=tuple(Quoted(doc_id=document, text=text) for document, text in quotes),
        clarified=answer.outcome is Outcome.NEEDS_CLARIFICATION,
    )
