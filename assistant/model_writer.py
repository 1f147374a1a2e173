"""The writer with a model: its statements, each shown only when it is complete and has passed its checks."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from xml.sax.saxutils import escape

from assistant.chain import Budget, ChatModel
from assistant.checks.examining import Similarities, examine
from assistant.checks.reasons import Reason
from assistant.citing import Citer
from assistant.events import Dropped
from assistant.labels import LabelledPassages
from assistant.parsing import LineParser, Statement
from assistant.types import Sentence
from knowledge.types import Retrieved
from prompts.prompt import load_prompt


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
        return await asyncio.to_thread(self.examined, statement, labelled, citer)

    def examined(self, statement: Statement, labelled: LabelledPassages, citer: Citer) -> Sentence | Dropped:
        """The statement as it may be shown, with the words that carry it, or why it may not. Blocking."""
        examined = examine(statement, labelled, self.similarities)
        if examined.reason is not None:
            return Dropped(examined.reason)
        citations = tuple(citation for run in examined.runs for citation in citer.cite(run.found, run.span))
        if not all(citation.verified for citation in citations):
            return Dropped(Reason.QUOTE)
        return Sentence(statement.text, citations)
