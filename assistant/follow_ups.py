"""What a follow-up ("And in Belgrade?") takes from the conversation before it is searched for."""

import asyncio
import html
import logging
from dataclasses import dataclass
from xml.sax.saxutils import escape

from assistant.chain import Budget, ChatModel
from assistant.errors import ModelError
from assistant.function_words import ENGLISH
from assistant.names import names
from assistant.types import Conversation
from knowledge.normalisation import one_line, words_of
from knowledge.search import Searcher
from knowledge.types import Scope
from prompts.prompt import load_prompt

# Measured on multi-turn questions: the rarest words of the earlier questions help, all earlier turns joined harm.
_log = logging.getLogger("migdesk.follow_ups")
_TERMS = 3
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
    asked = " ".join(turn.text[:_TURN_LENGTH] for turn in earlier if turn.role == "user")
    held = {word.lower() for word in words_of(question)} | ENGLISH
    if names(question):
        # "And in Belgrade?" puts another name in the place of the earlier one.
        held |= {word.lower() for name in names(asked) if not name.isupper() for word in words_of(name)}
    terms = await asyncio.to_thread(searcher.rare_terms, asked, scope.audiences)
    return StandAlone(" ".join([question, *[term for term in terms if term not in held][:_TERMS]]))


def condensed(text: str, question: str) -> str:
    """The model's first line, or the question itself where that cannot be one."""
    line = one_line(html.unescape(text.strip().split("\n")[0]))
    return line if 0 < len(line) <= max(400, 2 * len(question)) else question
