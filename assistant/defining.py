"""A question what an abbreviation is ("What is MARRI?"), and the sentences that say so. Pure."""

import re

from assistant.ellipsis import further_words
from assistant.parting import asks_with
from knowledge.normalisation import words_of

_SHORTEST = 3
_SAYS_SO = r"\b{name}\b\W*(?:stands for|is an?|is the|are)\b"


def name_asked_about(question: str) -> str | None:
    """The abbreviation of a question that asks for nothing but what it is, in any of our languages."""
    words = words_of(question)
    named = [word for word in words if word.isupper() and len(word) >= _SHORTEST]
    if len(named) != 1 or further_words(question) or not any(map(asks_with, words)):
        return None
    return named[0]


def defines(text: str, name: str) -> bool:
    """Whether an English sentence says what the name stands for or is."""
    return re.search(_SAYS_SO.format(name=re.escape(name)), text) is not None
