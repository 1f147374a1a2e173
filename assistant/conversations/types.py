"""What is kept of a conversation. Pure and frozen; every time is aware and in UTC."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from assistant.types import Answer

EscalationState = Literal["open", "claimed", "answered", "relayed"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer, as a surface hands it over to be kept. ``surface`` is where it was asked (slack,
    web, …), ``person`` and ``thread`` are the surface's own opaque names and not empty, ``audience`` is the label the
    question was answered with, ``found`` the ids of the passages that the search gave."""

    thread: str
    surface: str
    person: str
    audience: str
    language: str
    question: str
    answer: Answer
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A question and its answer as they are held. Once erased for their age, ``question`` and ``answer`` are None,
    ``found`` is empty, ``thread`` and ``person`` are empty texts (nobody's), and ``asked_at`` says the day only.
    ``answer`` alone is None where what was stored cannot be read by this version. ``outcome`` is the value of an
    ``assistant.types.Outcome`` and remains."""

    id: str
    thread: str
    surface: str
    person: str
    audience: str
    language: str
    question: str | None
    answer: Answer | None
    asked_at: datetime
    outcome: str
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one person thought of one answer. ``reason`` is one of the surface's choices and remains for usage figures;
    ``comment`` is the person's own words and is erased in time."""

    answer_id: str
    person: str
    helpful: bool
    reason: str | None
    comment: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Escalation:
    """An answer that went on to a colleague: open → claimed by an expert → answered → relayed to who asked. ``place``
    is where the surface put the experts' card, in the surface's own words. ``expert`` is None while it is open, and
    where the expert has asked to be forgotten."""

    id: str
    answer_id: str
    person: str
    note: str
    state: EscalationState
    expert: str | None
    reply: str | None
    place: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A question of a person with its answer, what they thought of it, and where they handed it on."""

    kept: Kept
    opinion: Feedback | None
    escalation: Escalation | None


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A conversation of one person in a line: the question it began with, when it was last asked in, how many questions
    it holds, and of the last one the language and how it ended."""

    thread: str
    question: str
    asked_at: datetime
    outcome: str
    language: str
    answers: int


@dataclass(frozen=True, slots=True)
class Usage:
    """How many questions of one day (UTC) ended in one way. Holds nothing of a person."""

    day: date
    surface: str
    audience: str
    language: str
    outcome: str
    count: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the database holds: ``questions`` with their texts, the ``oldest`` from that day, and ``erased`` ones.
    Opinions and escalations (by state) are counted with those that were erased."""

    where: str
    questions: int
    erased: int
    oldest: date | None
    helpful: int
    not_helpful: int
    escalations: dict[str, int]
