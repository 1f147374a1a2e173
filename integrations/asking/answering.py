"""The one path: a question, its stream, and the answer kept before anybody is shown that it is finished."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, ParamSpec, Protocol, TypeVar

from assistant.conversations.errors import ConversationsError
from assistant.conversations.recording import new_id
from assistant.conversations.store import Conversations
from assistant.conversations.types import Asked
from assistant.desk import Desk, checked_question
from assistant.events import Dropped, Event, Finished, Found, Said, Searching
from assistant.types import Answer, Conversation, Reader
from integrations.asking.errors import UnknownConversation
from integrations.asking.seeing import history, visible
from integrations.asking.suggesting import Suggestion, suggestions
from integrations.asking.trying import trying_with
from integrations.desk_loop import DeskLoop

Surface = Literal["web", "api", "openai"]
# Questions of a conversation that a follow-up may build on.
_TURNS = 3
_log = logging.getLogger("migdesk.asking")
# Of its own: in the threads that search for answers, what has to be kept would wait behind them.
_threads = ThreadPoolExecutor(4, thread_name_prefix="keeping")
_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as a surface puts it. ``person`` is whose it is to be, ``audience`` the label of their rights;
    ``conversation`` is one of their own to go on with (None begins one), ``history`` what a client says was said
    before where there is none; ``language`` that of the desk's own words (None: the question's), ``as_of`` the day the
    sources are to be in force (None: today); ``is_kept`` is False where nobody could ever come back to it."""

    text: str
    person: str
    audience: str
    surface: Surface
    conversation: str | None = None
    history: Conversation = ()
    language: str | None = None
    as_of: date | None = None
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class Opened:
    """A question that can be asked: its conversation is the person's own, or new."""

    posed: Posed
    conversation: str
    history: Conversation
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Answered:
    """What takes the place of Finished: the answer, the id it is kept under (None: it could not be kept), its
    conversation, and what to ask next."""

    answer: Answer
    answer_id: str | None
    conversation: str
    suggestions: tuple[Suggestion, ...] = ()


Heard = Searching | Found | Said | Dropped | Answered


class Leave(Protocol):
    """Leave to ask one question, from whatever limits how much is asked."""

    @property
    def use_model(self) -> bool:
        """Whether the asker has not had their share of the model."""
        ...

    def answering(self, question: str, stream: AsyncGenerator[Event]) -> AsyncGenerator[Event]:
        """The events of the desk's stream, when its turn has come."""
        ...


class Asking:
    """Asks one desk and keeps what came of it in one memory. ``close`` the last one before the desk."""

    def __init__(self, desk: Desk, conversations: Conversations) -> None:
        self.desk = desk
        self.conversations = conversations
        self._trying = trying_with(desk)
        self._loop = DeskLoop()

    def close(self) -> None:
        self._loop.close()
        self._trying.close()

    async def open(self, posed: Posed) -> Opened:
        """Raises InvalidQuestion, and UnknownConversation where there is none of this person to go on with."""
        checked_question(posed.text)
        if posed.conversation is None:
            return Opened(posed, new_id(), posed.history)
        return Opened(posed, posed.conversation, await self._run(self._history, posed, posed.conversation))

    async def stream(self, opened: Opened, leave: Leave) -> AsyncGenerator[Heard]:
        """The desk's events, with Answered in the place of Finished; Searching may come twice, to one who has to wait.
        One that is broken off keeps nothing. Raises KnowledgeError, and whatever breaks on our side."""
        posed, found = opened.posed, tuple[str, ...]()
        reader = Reader.of(posed.audience, posed.language)

        def asked() -> AsyncGenerator[Event]:
            return self.desk.stream(posed.text, opened.history, reader, as_of=posed.as_of, use_model=leave.use_model)

        stream = self._loop.stream(asked)
        async with aclosing(leave.answering(posed.text, stream)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    yield await self._answered(opened, event.answer, found, reader)
                    continue
                if isinstance(event, Found):
                    found = tuple(item.passage.id for item in event.passages)
                yield event

    async def answer(self, posed: Posed, leave: Leave) -> Answered:
        """The last event of the stream. Raises what ``open`` and ``stream`` raise."""
        return await self.finish(await self.open(posed), leave)

    async def finish(self, opened: Opened, leave: Leave) -> Answered:
        """The same of a question that is opened already."""
        async with aclosing(self.stream(opened, leave)) as events:
            async for event in events:
                if isinstance(event, Answered):
                    return event
        raise AssertionError("a stream that ends of its own accord ends with Answered")

    async def following(self, answer: Answer, reader: Reader) -> tuple[Suggestion, ...]:
        """What could be asked next: only what is answered."""
        return await self._trying.answerable(await self._run(self._candidates, answer, reader), reader)

    def _history(self, posed: Posed, conversation: str) -> Conversation:
        """Nothing for a question that the desk itself suggested: it stands alone, and words of the earlier ones would
        lead away from it."""
        turns = self.conversations.turns(posed.person, conversation, _TURNS)
        if not turns:
            raise UnknownConversation("There is no such conversation.")
        reader = Reader.of(posed.audience)
        last = visible(self.desk, turns[-1].kept, reader)
        if last is not None and posed.text in [one.question for one in self._candidates(last, reader)]:
            return ()
        return history(self.desk, turns, reader)

    async def _answered(self, opened: Opened, answer: Answer, found: tuple[str, ...], reader: Reader) -> Answered:
        answer_id = await self._run(self._keep, opened, answer, found)
        next_questions = await self.following(answer, reader)
        # Counts and times only: a question may hold a migrant's personal data.
        _log.info(
            "answer %s: %s, %d sentences, language %s, %s ms",
            (answer_id or "not kept")[:8],
            answer.outcome,
            len(answer.sentences),
            answer.language,
            answer.provenance.timings_ms.get("total"),
        )
        return Answered(answer, answer_id, opened.conversation, next_questions)

    def _keep(self, opened: Opened, answer: Answer, found: tuple[str, ...]) -> str | None:
        posed = opened.posed
        if not posed.is_kept:
            return None
        asked = Asked(
            thread=opened.conversation,
            surface=posed.surface,
            person=posed.person,
            audience=posed.audience,
            language=answer.language,
            question=checked_question(posed.text),
            answer=answer,
            found=found,
        )
        try:
            if posed.conversation is not None and not self.conversations.turns(posed.person, opened.conversation, 1):
                return None  # erased while the desk was answering: what was to be forgotten does not come back
            if self.conversations.was_forgotten(posed.person, opened.at):
                return None
            return self.conversations.keep(asked)
        except ConversationsError as error:
            _log.warning("an answer could not be kept: %s", error)
            return None

    def _candidates(self, answer: Answer, reader: Reader) -> tuple[Suggestion, ...]:
        try:
            self._trying.forget_before(self.desk.base.catalogue.revision)
            return suggestions(answer, self.desk.base.catalogue.sources(reader.audiences))
        except Exception as error:  # an extra, for which nobody is to lose an answer
            _log.warning("nothing could be suggested: %s", type(error).__name__)
            return ()

    async def _run(self, call: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
        return await asyncio.get_running_loop().run_in_executor(_threads, lambda: call(*arguments, **named))
