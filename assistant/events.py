"""What ``Desk.stream`` yields, in this order: Searching, Found, any number of Said and Dropped, one Finished.

A question that is declined is not searched for: its Found is empty. One that is asked back has nothing said.

Every surface consumes these and none has an answer path of its own. A stream without Finished was broken off.
"""

from dataclasses import dataclass

from assistant.types import Answer, Sentence
from knowledge.types import Retrieved


@dataclass(frozen=True, slots=True)
class Searching:
    """The question as it is searched for: with what a follow-up takes from the conversation."""

    question: str


@dataclass(frozen=True, slots=True)
class Found:
    passages: tuple[Retrieved, ...]


@dataclass(frozen=True, slots=True)
class Said:
    index: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Dropped:
    """A statement of the model that failed a check. The reason names the check; the statement is shown to nobody."""

    reason: str


@dataclass(frozen=True, slots=True)
class Finished:
    answer: Answer


Event = Searching | Found | Said | Dropped | Finished
