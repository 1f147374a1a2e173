"""What else a question names that its answer must speak of: organisations, and which of several in a row. Pure.

Places and years have a home of their own (``asked_places``, ``fitting``).
"""

import re
from collections.abc import Sequence

from knowledge.bodies import bodies, body_spans
from knowledge.figures import ordinal_of, western_digits
from knowledge.months import month_of_two
from knowledge.normalisation import words_of
from knowledge.spelling import fold
from knowledge.types import Retrieved

# Its agencies speak for it.
_EVERYWHERE = frozenset({"un"})
_IN_FIGURES = re.compile(r"(?<![\d.,])(\d{1,2})(?:st|nd|rd|th|\.)(?!\d)")
_FIRST = re.compile(r"\bfirst\b", re.IGNORECASE)
# Of time: wait a second.
_OF_TIME = frozenset(("a", "per", "every"))
# A third country or party is the third of no row. Folded, or as their script writes them.
_NO_ROW = tuple("countr part state national zemlj drzav zemj vend shtet দেশ देश मुलुक ملک ممالک دول بلد بلاد".split())


def things_missing(question: str, items: Sequence[Retrieved]) -> list[str]:
    """The organisations of the question that no passage speaks of, and the ordinals where the passages speak of others
    of the row, in the question's words."""
    asked = bodies(question) - _EVERYWHERE
    ordinals = _ordinals(question)
    if not asked and not ordinals:
        return []
    text = "\n".join(f"{item.in_context}\n{item.source.publisher or ''}" for item in items)
    away = asked - bodies(text)
    missing = [question[start:end] for start, end, named in body_spans(question) if named and named <= away]
    if ordinals:
        held = {int(number) for number in _IN_FIGURES.findall(western_digits(text))}
        held.update(number for word in words_of(text) if (number := ordinal_of(word)))
        if held or _FIRST.search(text):
            missing += [word for number, word in ordinals.items() if number not in held]
    return list(dict.fromkeys(missing))


def _ordinals(question: str) -> dict[int, str]:
    words = words_of(question)
    found: dict[int, str] = {}
    for at, word in enumerate(words):
        number = ordinal_of(word)
        before = words[at - 1] if at else ""
        if number is None or before.lower() in _OF_TIME or month_of_two(before, word):
            continue
        if not any(fold(other).startswith(_NO_ROW) for other in (*words[max(0, at - 2) : at], *words[at + 1 : at + 2])):
            found[number] = word
    return found
