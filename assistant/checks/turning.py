"""Whether a statement denies what its source says, or turns it round: more for less, before for after. Pure."""

from assistant.checks.reasons import Reason
from assistant.function_words import ENGLISH
from knowledge.normalisation import words_of
from knowledge.polarity import Polarity, denies, polarity
from knowledge.spelling import alike, fold, folded_words

_SPOKEN_OF = 2


def turned(statement: str, source: str, *, same_language: bool) -> Reason | None:
    """Why the statement says the contrary of its source, or None. Across languages only whether both deny can be
    compared; in one language also what the denial speaks of."""
    stated, held = polarity(statement), polarity(source)
    if _denies_otherwise(stated, held, statement, source, same_language):
        return Reason.NEGATION
    for dimension, on in stated.sides.items():
        other = held.sides.get(dimension)
        if other is not None and on.isdisjoint(other):
            return Reason.COMPARISON
    return None


def _denies_otherwise(stated: Polarity, held: Polarity, statement: str, source: str, same_language: bool) -> bool:
    if not stated.denials and not held.denials:
        # "Travellers in transit fall outside the clause" is not "the clause covers travellers in transit".
        is_plain = not stated.refuses and not any(denies(word) for word in words_of(statement))
        return same_language and held.excludes and is_plain
    if stated.denials and held.denials:
        return False
    if stated.denials:
        return not held.refuses or (same_language and _speaks_of(stated.denials, source))
    if stated.refuses:
        return False
    return not same_language or _speaks_of(held.denials, statement)


def _speaks_of(denials: tuple[tuple[str, ...], ...], text: str) -> bool:
    """Whether the text holds one of the first content words that a denial speaks of."""
    words = folded_words(text)
    for scope in denials:
        content = [fold(word) for word in scope if word not in ENGLISH]
        if any(wanted == word or alike(wanted, word) for wanted in content[:_SPOKEN_OF] for word in words):
            return True
    return False
