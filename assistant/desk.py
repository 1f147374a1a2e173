"""The one stream: from a question to Finished, whatever the surface and whichever writer."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from assistant.chain import Budget, ChatModel
from assistant.citing import Citer
from assistant.clarifying import choices_of, chosen
from assistant.close_reading import Scores
from assistant.declining import declined
from assistant.errors import InvalidQuestion, ModelError, ModelSpent, ModelUnavailable
from assistant.events import Dropped, Event, Finished, Found, Said, Searching
from assistant.follow_ups import StandAlone, stand_alone
from assistant.language import are_alike, asked_in, language_of
from assistant.model_writer import Gap, ModelWriter
from assistant.outcomes import Progress, ask_back, decline, finish
from assistant.quoting import QUOTES_A_PART, WORDS_A_PART, choose_quotes
from assistant.reading import Reading, search_parts, weigh
from assistant.settings import Limits
from assistant.translating import Translation, translate
from assistant.types import MAX_QUESTION, Answer, Conversation, Provenance, Reader, Sentence
from knowledge.base import KnowledgeBase
from knowledge.normalisation import normalise, one_line
from knowledge.search import Found as SearchResult
from knowledge.types import Scope
from prompts.prompt import load_prompt

# How many of the passages found a writer reads.
TOP_K = 6
_log = logging.getLogger("migdesk.desk")


@dataclass(slots=True)
class _Request:
    """One question under way."""

    question: str
    reader: Reader
    language: str
    scope: Scope
    budget: Budget
    progress: Progress
    citer: Citer
    started: float = field(default_factory=time.perf_counter)

    def mark(self, moment: str) -> None:
        """Notes when something first happened, in milliseconds from the start."""
        self.progress.timings.setdefault(moment, round((time.perf_counter() - self.started) * 1000))

    def say(self, sentence: Sentence, *, by_model: bool) -> Said:
        self.mark("first_sentence")
        self.progress.sentences.append(sentence)
        self.progress.said_by_model += by_model
        return Said(len(self.progress.sentences) - 1, sentence)


class Desk:
    """Answers questions from one knowledge base, with a language model or without. Safe for concurrent streams."""

    def __init__(
        self,
        base: KnowledgeBase,
        embedder_name: str,
        chat: ChatModel | None = None,
        limits: Limits | None = None,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
        contact: str | None = None,
        scores: Scores | None = None,
    ) -> None:
        """``contact``: where a person can ask, in a line that is shown where the documents do not answer; ``scores``:
        reads English sentences together with the question (see ``close_reading``)."""
        self.base = base
        self.embedder_name = embedder_name
        self.model_name = chat.name if chat else None
        self._chat = chat
        self._limits = limits or Limits()
        self._today = today
        self._contact = contact
        self._scores = scores

    async def ask(
        self,
        question: str,
        conversation: Conversation = (),
        reader: Reader | None = None,
        *,
        as_of: date | None = None,
        use_model: bool = True,
    ) -> Answer:
        """The finished answer of the stream."""
        async with aclosing(self.stream(question, conversation, reader, as_of=as_of, use_model=use_model)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    return event.answer
        raise AssertionError("a stream that ends of its own accord ends with Finished")

    def warm_up(self) -> None:
        """Loads embedder, index, the reading of sentences and language identification, so that the first reader does
        not wait for them. Blocking."""
        self.base.searcher.search("readmission", Scope(Reader().audiences), 1)
        language_of("upitnik o readmisiji")
        if self._scores is not None:
            self._scores("readmission", ["Readmission agreements exist.", "Nothing."])

    async def translate(self, quote: str, language: str) -> Translation:
        """A quote of an answer in one of our languages, for display beside the original. Raises NotTranslatable or
        ModelError, ModelUnavailable where the desk has no model."""
        if self._chat is None:
            raise ModelUnavailable("no language model is configured")
        return await translate(quote, language, self._chat, Budget.of(self._limits))

    async def stream(
        self,
        question: str,
        conversation: Conversation = (),
        reader: Reader | None = None,
        *,
        document_ids: frozenset[str] | None = None,
        as_of: date | None = None,
        top_k: int = TOP_K,
        depth: int = 0,
        use_model: bool = True,
    ) -> AsyncGenerator[Event]:
        """The events of one answer. ``document_ids`` narrows what may be answered from, and ``as_of`` is the day
        on which it was in force (None: today); ``depth`` asks for more ranked
        passages in Found than the ``top_k`` that a writer reads; without ``use_model`` whoever asks has had their share
        of the model, and is told so with the quotes. Raises InvalidQuestion, and KnowledgeError where the
        knowledge base cannot be read; whatever a model does ends in an outcome."""
        request = self._request(checked_question(question), conversation, reader or Reader(), document_ids, as_of)
        chat = self._chat if use_model else None
        if chat is None and self._chat is not None:
            request.progress.failure = ModelSpent("the share of today is used up")
        if (reason := declined(request.question)) is not None:
            yield Searching(request.question)
            yield Found(())
            request.mark("total")
            yield Finished(decline(reason, request.language, self._provenance(request), self._contact))
            return
        taken = chosen(request.question, conversation)
        searched = (
            StandAlone(taken)
            if taken
            else await stand_alone(
                request.question, conversation, self.base.searcher, request.scope, chat, request.budget
            )
        )
        if searched.prompt:
            request.progress.prompts["condense"] = searched.prompt
        yield Searching(searched.question)

        def search(part: str, count: int) -> SearchResult:
            return self.base.searcher.search(part, request.scope, count)

        found = await search_parts(searched.question, search, depth=max(top_k, depth))
        request.mark("found")
        yield Found(found.passages)
        reading = await weigh(
            found, self._is_same_language, is_narrowed=document_ids is not None, top_k=top_k, scores=self._scores
        )
        choices = await asyncio.to_thread(
            choices_of,
            searched.question,
            request.language,
            reading.looked_at,
            search,
            self._is_same_language,
            is_narrowed=document_ids is not None,
            top_k=top_k,
        )
        if choices:
            request.mark("total")
            yield Finished(ask_back(choices, request.language, self._provenance(request, reading)))
            return

        if chat is not None and reading.found.passages:
            async with aclosing(self._written(request, searched.question, reading.found, chat)) as written:
                async for event in written:
                    yield event
        if request.progress.needs_quotes and reading.coverage.covered:
            async with aclosing(self._quoted(request, reading)) as quoted:
                async for event in quoted:
                    yield event
        request.mark("total")
        yield Finished(
            finish(
                request.progress,
                reading,
                request.citer,
                request.language,
                self._provenance(request, reading),
                self._today(),
                as_of,
                self._contact,
            )
        )

    def _provenance(self, request: _Request, reading: Reading | None = None) -> Provenance:
        return Provenance(
            model=self.model_name,
            prompts=request.progress.prompts,
            embedder=self.embedder_name,
            index=self.base.fingerprint,
            timings_ms=request.progress.timings,
            tokens=request.budget.tokens,
            confidence=round(reading.coverage.confidence, 4) if reading else None,
        )

    def _request(
        self,
        question: str,
        conversation: Conversation,
        reader: Reader,
        document_ids: frozenset[str] | None,
        as_of: date | None,
    ) -> _Request:
        def excerpt(document_id: str, version: int, start: int, end: int) -> str | None:
            return self.base.catalogue.excerpt(document_id, start, end, reader.audiences, version)

        return _Request(
            question=question,
            reader=reader,
            language=reader.language or asked_in(question, conversation),
            scope=Scope(reader.audiences, document_ids, as_of),
            budget=Budget.of(self._limits),
            progress=Progress(with_model=self._chat is not None),
            citer=Citer(excerpt),
        )

    async def _written(
        self, request: _Request, searched: str, found: SearchResult, chat: ChatModel
    ) -> AsyncGenerator[Event]:
        """What the model says and passes its checks. Its failure is noted, not raised: the quotes follow."""
        progress = request.progress
        progress.prompts["answer"] = load_prompt("answer").hash
        asked = request.question if request.question == searched else f"{request.question}\n({searched})"
        writer = ModelWriter(chat, self.base.searcher.similarities)
        try:
            written = writer.write(asked, request.language, found.passages, request.citer, request.budget)
            async with aclosing(written) as items:
                async for item in items:
                    if isinstance(item, Gap):
                        progress.gap = True
                    elif isinstance(item, Dropped):
                        progress.dropped += 1
                        yield item
                    else:
                        yield request.say(item, by_model=True)
        except ModelError as error:
            _log.warning("the model %s gave no whole answer: %s: %s", chat.name, type(error).__name__, error)
            progress.failure = error

    async def _quoted(self, request: _Request, reading: Reading) -> AsyncGenerator[Event]:
        """The best sentences word for word, but for those that a model's statements already rest on."""
        shown = {c.quote for sentence in request.progress.sentences for c in sentence.citations}
        covered = [part for part in reading.parts if part.coverage.covered]
        for part in covered:
            limits = {} if len(covered) == 1 else {"most": QUOTES_A_PART, "words": WORDS_A_PART}
            for quote in choose_quotes(part.coverage.passages, part.found.idf, part.question, without=shown, **limits):
                citations = await asyncio.to_thread(request.citer.cite, quote.found, quote.span)
                if all(citation.verified for citation in citations):
                    shown |= {quote.text}
                    yield request.say(Sentence(one_line(quote.text), citations), by_model=False)

    def _is_same_language(self, question: str, found: SearchResult) -> bool:
        if not found.passages:
            return True
        return are_alike(language_of(question), language_of(found.passages[0].passage.text))


def checked_question(question: str) -> str:
    """The question without anything invisible. Raises InvalidQuestion when it is empty or too long."""
    if len(question) > MAX_QUESTION:
        raise InvalidQuestion(
            f"The question has {len(question):,} characters; at most {MAX_QUESTION:,} are read. "
            "Shorten it, or ingest the text as a document and ask about it."
        )
    cleaned = normalise(question)
    if not any(character.isalnum() for character in cleaned):
        raise InvalidQuestion("The question is empty. Write what you want to know.")
    return cleaned
