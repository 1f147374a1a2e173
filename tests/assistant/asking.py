"""Shorthands of the desk's tests: a desk, its events, a stand-in model that reads its own prompt."""

import asyncio
import html
import re
from contextlib import aclosing
from datetime import date
from typing import Any, Literal, TypeVar

from assistant.chain import ChatModel
from assistant.desk import TOP_K, Desk
from assistant.events import Dropped, Event, Finished, Found, Said, Searching
from assistant.settings import Limits, ModelSettings
from assistant.types import Answer, Citation, Conversation, Reader, Turn
from knowledge.base import KnowledgeBase
from tests import fakes
from tests.fakes import KEY, MODEL, Messages, ModelServer

TODAY = date(2024, 1, 15)
# Wide enough for a busy machine; a test of one limit narrows that one.
PATIENT = Limits(first_token_seconds=30, idle_seconds=30, total_seconds=60)

_Kind = TypeVar("_Kind", Searching, Found, Said, Dropped, Finished)
_PASSAGE = re.compile(r'<passage label="(\d+)"[^>]*>\n(.*?)\n</passage>', re.DOTALL)


def desk_on(base: KnowledgeBase, today: date = TODAY) -> Desk:
    """A desk without a model."""
    return Desk(base, "local", None, PATIENT, lambda: today)


def desk_with(base: KnowledgeBase, server: ModelServer, limits: Limits = PATIENT, key: str = KEY) -> Desk:
    """A desk whose model is the stand-in, through the project's own client."""
    model = ModelSettings(model=MODEL, api_key=key, base_url=server.base_url)
    return Desk(base, "local", ChatModel(model, limits), limits, lambda: TODAY)


async def events_of(
    desk: Desk,
    question: str,
    conversation: Conversation = (),
    reader: Reader | None = None,
    document_ids: frozenset[str] | None = None,
    top_k: int = TOP_K,
    depth: int = 0,
) -> list[Event]:
    stream = desk.stream(question, conversation, reader, document_ids=document_ids, top_k=top_k, depth=depth)
    async with aclosing(stream) as events:
        return [event async for event in events]


def of_kind(events: list[Event], kind: type[_Kind]) -> list[_Kind]:
    return [event for event in events if isinstance(event, kind)]


def answer_of(events: list[Event]) -> Answer:
    """The answer of a stream that ended as every stream must: with one Finished, last."""
    assert [isinstance(event, Finished) for event in events] == [False] * (len(events) - 1) + [True]
    last = events[-1]
    assert isinstance(last, Finished)
    return last.answer


def citations_of(answer: Answer) -> list[Citation]:
    return [citation for sentence in answer.sentences for citation in sentence.citations]


def notices_of(answer: Answer) -> list[str]:
    return [notice.kind for notice in answer.notices]


def asked_before(question: str, answer: str = "I have told you.") -> Conversation:
    return (Turn("user", question), Turn("assistant", answer))


def labelled(messages: Messages) -> dict[int, str]:
    """The passages of a prompt by their labels, as the documents have them."""
    return {int(label): html.unescape(text) for label, text in _PASSAGE.findall(messages[-1]["content"])}


def label_of(messages: Messages, words: str) -> int:
    """The label of the passage with these words."""
    return next(label for label, text in labelled(messages).items() if words in text)


def saying(
    *lines: tuple[str, str] | str, end: Literal["finished", "stalled", "broken", "cut short"] = "finished"
) -> fakes.Answer:
    """A model that says these lines. A pair is a line and words of the passage whose label it shall carry."""

    def text(messages: Messages) -> str:
        said = [line if isinstance(line, str) else f"{line[0]} [{label_of(messages, line[1])}]" for line in lines]
        return "\n".join(said) + ("" if end == "finished" else f"\n{fakes.HALF_A_LINE}")

    return fakes.Answer(text, end=end)


async def still_running(before: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """The tasks that were not there before and do not end of their own accord (a closed generator may take a turn)."""
    left = asyncio.all_tasks() - before
    if left:
        _, left = await asyncio.wait(left, timeout=5)
    return left
