"""How much was asked, by people: what the desk asked again by itself is kept like a question and is none of theirs."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.conversations.types import Holdings, Usage


def asked_by_readers(every: Sequence[Usage], again: Sequence[Usage]) -> list[Usage]:
    """The figures of ``Conversations.usage`` without those of ``Watches.usage``."""
    own = {replace(line, count=0): line.count for line in again}
    left = [replace(line, count=line.count - own.get(replace(line, count=0), 0)) for line in every]
    return [line for line in left if line.count > 0]


def held_of_readers(held: Holdings, again: tuple[int, int]) -> Holdings:
    """``Conversations.holdings`` without what ``Watches.held`` counts."""
    texts, erased = again
    return replace(held, questions=held.questions - texts, erased=held.erased - erased)
