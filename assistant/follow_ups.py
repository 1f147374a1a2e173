"""What a follow-up ("And in Belgrade?") takes from the conversation before it is searched for."""

import asyncio
import html
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from assistant.chain import Budget, ChatModel
from assistant.ellipsis import completed, further_words
from assistant.errors import ModelError
from assistant.function_words import ENGLISH
from assistant.names import names
from assistant.types import Conversation
from knowledge.normalisation import one_line, words_of
from knowledge.search import Searcher
from knowledge.types import Scope
from prompts.prompt import load_prompt

_log = logging.getLogger("migdesk.follow_ups")
# Measured on multi-turn questions: the rarest words of the earlier questions help, all earlier turns joined harm. One
# that says little of its own ("Since when?") rests on the question before it.
_TERMS = 3
_TERMS_OF_ONE = 8
_LITTLE = 1
_ASKING = frozenset("who whom whose what which when where why how is are was were do does did has have can".split())
_POINTING = frozenset(
    "it its they them their theirs he him his she her this that these those there then one ones same such other".split()
)
_TURNS = 6
_TURN_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class StandAlone:
    """The question as it can be understood without the conversation, and the hash of the prompt that wrote it."""

    question: str
    prompt: str | None = None


async def stand_alone(
    question: str,
    conversation: Conversation,
    searcher: Searcher,
    scope: Scope,
    chat: ChatModel | None,
    budget: Budget,
) -> StandAlone:
    """Rewritten by the model where there is one and it answers, else with the rarest words of the earlier questions."""
    earlier = [turn for turn in conversation if turn.text.strip()][-_TURNS:]
    if not earlier:
        return StandAlone(question)
    if chat is not None:
        prompt = load_prompt("condense")
        history = "\n".join(f"{turn.role}: {escape(one_line(turn.text)[:_TURN_LENGTH])}" for turn in earlier)
        try:
            text = await chat.complete(prompt, budget, history=history, question=escape(question))
            return StandAlone(condensed(text, question), prompt.hash)
        except ModelError:
            _log.warning("the model %s did not rewrite a follow-up; its rarest earlier words are used", chat.name)
    asked = [turn.text[:_TURN_LENGTH] for turn in earlier if turn.role == "user"]
    return StandAlone(await asyncio.to_thread(_with_earlier, question, asked, searcher, scope.audiences))


def _with_earlier(question: str, asked: Sequence[str], searcher: Searcher, audiences: frozenset[str]) -> str:
    """The question with what it takes from the questions asked before it, each read in the same way."""
    if not asked:
        return question
    if _stands_alone(question):
        return question
    before = _with_earlier(asked[-1], asked[:-1], searcher, audiences)
    if (whole := completed(question, before)) is not None:
        return whole
    if len(further_words(question)) <= _LITTLE and not names(question):
        source, most = before, _TERMS_OF_ONE
    else:
        source, most = " ".join(asked), _TERMS
    held = {word.lower() for word in words_of(question)} | ENGLISH
    if names(question):
        # Another name takes the place of the earlier one.
        held |= {word.lower() for name in names(source) if not name.isupper() for word in words_of(name)}
    terms = [term for term in searcher.rare_terms(source, audiences) if term not in held]
    return " ".join([question, *terms[:most]])


def _stands_alone(question: str) -> bool:
    """Whether an English question names what it asks about and points back to nothing: a new subject, most likely."""
    words = [word.lower() for word in words_of(question)]
    return bool(words) and words[0] in _ASKING and _POINTING.isdisjoint(words) and bool(names(question))


def condensed(text: str, question: str) -> str:
    """The model's first line, or the question itself where that cannot be one."""
    line = one_line(html.unescape(text.strip().split("\n")[0]))
    return line if 0 < len(line) <= max(400, 2 * len(question)) else question
