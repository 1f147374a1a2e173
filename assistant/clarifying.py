"""A question with several readings, and the choices to ask back with.

"When did the forum meet?" names one of several without saying which. It is asked back only where everything says so:
the question names such a thing and leaves its place or time open; the passages found that answer about equally well
speak of different ones; and each choice, asked by itself, is answered from what it names: they are tried. The words lie
in clarifying.toml, language by language.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assistant import function_words
from assistant.asked_places import places_asked
from assistant.choice_labels import countries_label, event_label
from assistant.coverage import coverage_of
from assistant.fitting import is_year
from assistant.names import figures, names
from assistant.parting import parts_of
from assistant.reading import LOOKED_AT, Search
from assistant.types import Conversation
from assistant.word_patterns import holding, read, word_lists
from knowledge.bodies import bodies
from knowledge.dates import dates
from knowledge.figures import number_of
from knowledge.months import month_of
from knowledge.normalisation import words_of
from knowledge.places import places, with_countries
from knowledge.search import Found
from knowledge.spelling import fold, folded_words, mentions
from knowledge.types import Retrieved

MOST_CHOICES = 4
_NEAR = 0.08
_ENDING = " .?!…।؟۔"
_LISTED = re.compile(rf"(?:^|\s)([1-4])\. (.+?\))[{_ENDING.strip()}]?(?=\s+[2-4]\. |\s*$)", re.DOTALL)
# With its bars. Who writes more has said which.
_LONGEST_QUESTION = 14
_NUMBER = re.compile(r"\W*([1-4])\W*")
_LONGEST_NUMBER = 4
# "The Tirana one", "that in Albania please".
_MOST_FURTHER = 1


class _Kind(StrEnum):
    EVENT = "events"
    THING = "things"
    COUNTED = "counted"
    MET = "met"
    MEMBERS = "who_meets"
    NAMED = "saying_which"
    FIRST = "the_first"


@dataclass(frozen=True, slots=True)
class Reading:
    """One of the things that a question may mean: the question with its name, and the passage that speaks of it."""

    question: str
    label: str
    found: Retrieved


def choices_of(
    question: str,
    language: str,
    passages: Sequence[Retrieved],
    search: Search,
    is_same_language: Callable[[str, Found], bool],
    *,
    is_narrowed: bool,
    top_k: int,
) -> tuple[str, ...]:
    """The questions to ask back with; none where the question is to be answered as it stands. ``passages``: what was
    found for it, ``LOOKED_AT`` of them where there are as many. Blocking, and for nearly every question at once."""
    if _kind_of(question) is None or len(parts_of(question)) > 1:
        return ()
    kept = []
    for reading in readings_of(question, passages[:LOOKED_AT], language):
        found = search(reading.question, top_k)
        coverage = coverage_of(reading.question, found, is_same_language(reading.question, found), is_narrowed)
        meant = reading.found.passage.document_id
        if coverage.covered and coverage.passages[0].passage.document_id == meant:
            kept.append(reading.question)
    return tuple(kept) if len(kept) > 1 else ()


def readings_of(question: str, passages: Sequence[Retrieved], language: str) -> list[Reading]:
    """The readings of a question among the passages found, the best first and at most ``MOST_CHOICES``; none where it
    has but one. ``language`` is the reader's, in whose words places and dates are written."""
    kind = _kind_of(question)
    if kind is None or not passages:
        return []
    asked = places_asked(question)
    when, _ = dates(question)
    if asked and (when or kind is not _Kind.EVENT):
        return []
    wanted = [name for name in names(question) if not _is_the_thing(name) and not places(name)]
    years = {figure for figure in figures(question) if is_year(figure)}
    found: dict[str, Reading] = {}
    for item in passages:
        if item.score < passages[0].score - _NEAR:
            break
        if not _holds(item, wanted, years):
            continue
        label = (
            event_label(item, passages, asked, when, language)
            if kind is _Kind.EVENT
            else countries_label(item, language)
        )
        if label and label not in found:
            found[label] = Reading(_named(question, label), label, item)
    return _apart(list(found.values()))


def chosen(reply: str, conversation: Conversation) -> str | None:
    """The choice that a reply takes ("2", "the 2024 one", "Tirana June") of those last asked back with, as a question
    by itself; None where it takes none or is another question."""
    last = next((turn.text for turn in reversed(conversation) if turn.role == "assistant"), "")
    choices = [match.group(2) for match in _LISTED.finditer(last)]
    if len(choices) < 2 or len({choice.rsplit(" (", 1)[0] for choice in choices}) > 1:
        return None
    place = _place_of(reply)
    if place is not None:
        return f"{choices[place]}?" if place < len(choices) else None
    labels = [choice.rsplit(" (", 1)[1].rstrip(")") for choice in choices]
    told = [_told(label) for label in labels]
    # What all choices have in common chooses none of them.
    said = _told(reply) - frozenset.intersection(*told)
    fits = [choice for choice, parts in zip(choices, told, strict=True) if said and said <= parts]
    return f"{fits[0]}?" if len(fits) == 1 and _says_no_more(reply, fits[0]) else None


def _place_of(reply: str) -> int | None:
    """The place among the choices that a reply names by its number: "2", "the second one"."""
    if digit := _NUMBER.fullmatch(reply):
        return int(digit.group(1)) - 1
    words = words_of(reply)
    if not words or len(words) > _LONGEST_NUMBER or dates(reply)[0]:
        return None
    if _patterns()[_Kind.FIRST].search(read(reply)):
        return 0
    numbers = [number for word in words if (number := number_of(word))]
    return numbers[0] - 1 if len(numbers) == 1 and numbers[0] <= MOST_CHOICES else None


def _says_no_more(reply: str, choice: str) -> bool:
    """Whether a reply is but a name of the choice, and no question of its own on the same place."""
    of_choice = frozenset(folded_words(choice))
    further = [
        word
        for word in words_of(reply)
        if not (word.isdecimal() or month_of(word) or places(word) or fold(word) in function_words.ENGLISH)
        and not mentions(word, of_choice)
    ]
    return len(further) <= _MOST_FURTHER


def _named(question: str, label: str) -> str:
    """The question with the name of what it means, and its own mark at the end."""
    mark = question.rstrip()[-1]
    return f"{question.strip(_ENDING)} ({label}){mark if mark in _ENDING else '?'}"


def _told(text: str) -> frozenset[str]:
    """The places, months and years of a label or a reply."""
    days = dates(text)[0]
    return frozenset(
        {
            *with_countries(places(text)),
            *(f"month {day.month}" for day in days if day.month),
            *(f"year {day.year}" for day in days if day.year),
        }
    )


def _kind_of(question: str) -> _Kind | None:
    text = read(question)
    if len(text.split()) > _LONGEST_QUESTION or _patterns()[_Kind.NAMED].search(text):
        return None
    kinds = (_Kind.COUNTED, _Kind.EVENT, _Kind.THING)
    found = next((kind for kind in kinds if _patterns()[kind].search(text)), None)
    if found in (None, _Kind.THING) and _patterns()[_Kind.MET].search(text):
        # "When did the RGRS meet?" names the event by who did.
        return _Kind.EVENT if bodies(question) or _patterns()[_Kind.MEMBERS].search(text) else found
    return found


def _is_the_thing(name: str) -> bool:
    """Whether a word with a capital is but the kind of thing, as in the Law or the Forum."""
    return any(_patterns()[kind].search(read(name)) for kind in (_Kind.EVENT, _Kind.THING))


def _holds(item: Retrieved, wanted: Sequence[str], years: set[str]) -> bool:
    text = item.in_context
    vocabulary = frozenset(folded_words(text))
    return all(mentions(name, vocabulary) for name in wanted) and (not years or bool(years & figures(text)))


def _apart(readings: list[Reading]) -> list[Reading]:
    """Without those that hold another one in them, as a region holds its countries."""
    told = [places_asked(reading.label) for reading in readings]
    kept = [
        reading
        for place, reading in enumerate(readings)
        if not any(
            (other < told[place] and readings[at].found.source.id == reading.found.source.id)
            or (other == told[place] and at < place and not dates(reading.label)[0])
            for at, other in enumerate(told)
            if other
        )
    ]
    return kept[:MOST_CHOICES] if len(kept) > 1 else []


@cache
def _patterns() -> dict[_Kind, re.Pattern[str]]:
    lists = word_lists("clarifying.toml")
    return {kind: holding(lists[kind]) for kind in _Kind}
