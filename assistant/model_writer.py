"""The writer with a model: its statements, each shown only when it is complete and has passed its checks."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from xml.sax.saxutils import escape

from assistant.chain import Budget, ChatModel
from assistant.checks import Reason, check_words, supported
from assistant.citing import Citer
from assistant.events import Dropped
from assistant.labels import LabelledPassages
from assistant.language import language_of
from assistant.names import figures
from assistant.parsing import LineParser, Statement
from assistant.types import Citation, Sentence
from knowledge.types import Retrieved, Span
from prompts.prompt import load_prompt

# Cosines of a text to the units of each passage, in their order. Blocking.
Similarities = Callable[[str, Sequence[Retrieved]], list[list[float]]]
# A sentence of the passage that holds the statement's figures carries it better than one that only sounds like it.
_FIGURES_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Gap:
    """The model says that the passages do not hold (the rest of) what was asked."""


@dataclass(frozen=True, slots=True)
class ModelWriter:
    chat: ChatModel
    similarities: Similarities

    async def write(
        self, question: str, language: str, passages: Sequence[Retrieved], citer: Citer, budget: Budget
    ) -> AsyncGenerator[Sentence | Dropped | Gap]:
        """Raises ModelUnavailable or ModelStopped; what was yielded before has passed its checks and stands."""
        labelled = LabelledPassages.of(passages)
        parser = LineParser()
        stream = self.chat.stream(
            load_prompt("answer"), budget, question=escape(question), language=language, passages=labelled.rendered()
        )
        async with aclosing(stream) as pieces:
            async for piece in pieces:
                for statement in parser.feed(piece):
                    yield await self._checked(statement, labelled, citer)
        for statement in parser.close():
            yield await self._checked(statement, labelled, citer)

    async def _checked(
        self, statement: Statement, labelled: LabelledPassages, citer: Citer
    ) -> Sentence | Dropped | Gap:
        if statement.declines:
            return Gap()
        first = next((found for label in statement.labels if (found := labelled.get(label))), None)
        same_language = first is not None and language_of(statement.text) == language_of(first.passage.text)
        checked = check_words(statement, labelled, same_language)
        if checked.reason is not None:
            return Dropped(checked.reason)
        similarities = await asyncio.to_thread(self.similarities, statement.text, checked.cited)
        citations: list[Citation] = []
        for found, near, units in zip(checked.cited, supported(similarities, same_language), similarities, strict=True):
            if near:
                citations.extend(citer.cite(found, _carrier(statement.text, found, units)))
        if not citations:
            return Dropped(Reason.UNSUPPORTED)
        if not all(citation.verified for citation in citations):
            return Dropped(Reason.QUOTE)
        return Sentence(statement.text, tuple(citations))


def _carrier(statement: str, found: Retrieved, similarities: Sequence[float]) -> Span:
    """The sentence of the passage that carries the statement: nearest to it, and holding its figures."""
    wanted = figures(statement)

    def score(index: int) -> float:
        span = found.units[index].span
        held = figures(found.passage.text_at(span))
        share = len(wanted & held) / len(wanted) if wanted else 0.0
        return similarities[index] + _FIGURES_WEIGHT * share

    return found.units[max(range(len(similarities)), key=score)].span
