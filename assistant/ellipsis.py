"""A follow-up that only puts another place, year or abbreviation in the question before it ("And in Belgrade?", "And in
2024?"): the whole question that it stands for. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import function_words
from assistant.asked_places import EVERYWHERE
from assistant.parting import asks_with
from knowledge.dates import AMBIGUOUS_MONTHS
from knowledge.figures import western_digits
from knowledge.months import month_of
from knowledge.normalisation import words_of
from knowledge.places import country_of, place_spans
from knowledge.spelling import fold

# Of other languages than English: small words are no more than this.
_SMALL = 3
_LONGEST = 300
# "No, I meant …": what a correction opens with says nothing of what is asked. Folded where its script is.
_CORRECTING = frozenset(
    (
        "meant mean sorry instead rather actually wanted  mislio mislila mislim mislev mislam htio htela htjela  "
        "doja thosha kisha parasysh fjalen  বলতে চেয়েছি চেয়েছিলাম বোঝাতে  भन्न खोजेको होइन  "
        "میرا مطلب تھا نہیں  أقصد قصدت أعني"
    ).split()
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_NAME = re.compile(r"\b[A-ZČĆŠŽĐА-Я]{3,}\b")
_END = " .?!…।؟۔"
_MONTH_AND_YEAR = r"(?:(?:in|on|of|u|në|во|у)\s+)?(?:\d{{1,2}}\.?\s+)?{month}\s+(?:19|20)\d\d\.?\s*"


@dataclass(frozen=True, slots=True)
class _Slot:
    """Characters ``start`` up to ``end`` of a question that could be another place, year or name."""

    kind: str
    start: int
    end: int
    is_city: bool = False


def completed(question: str, earlier: str) -> str | None:
    """The question before, with what the follow-up names in its place or added to it; None for a follow-up that says
    more, or leaves open what it takes the place of."""
    named = _together(_slots(question))
    if not named or len(earlier) > _LONGEST or further_words(question) or _asks_what_it_is(question, named):
        return None
    edits: list[tuple[int, int, str]] = []
    added: list[str] = []
    for slot in named:
        others = [other for other in _slots(earlier) if other.kind == slot.kind]
        if not others:
            added.append(_with_its_preposition(slot, question))
        elif (other := _replaced(slot, others, question, earlier)) is not None:
            edits.append((other.start, other.end, question[slot.start : slot.end]))
        else:
            return None
    text = earlier
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    if any(slot.is_city for slot in named) and not any(slot.kind == "year" for slot in named):
        # An event elsewhere was on another day.
        text = _without_days(text)
    return " ".join((text.rstrip(_END), *added)) + "?"


def _asks_what_it_is(question: str, named: Sequence[_Slot]) -> bool:
    """Whether it asks of a name itself: "What is MARRI?", but not "What about MARRI?"."""
    words = words_of(question)
    is_of_a_name = any(slot.kind == "name" for slot in named)
    return is_of_a_name and any(map(asks_with, words)) and "about" not in words


def further_words(question: str) -> list[str]:
    """The words of a question that are neither small nor ask, nor name what could take another's place."""
    left = question
    for slot in reversed(_slots(question)):
        left = left[: slot.start] + " " + left[slot.end :]
    return [word for word in words_of(left) if not _is_small(word)]


def _is_small(word: str) -> bool:
    return (
        len(word) <= _SMALL
        or not {word, fold(word)}.isdisjoint(_CORRECTING)
        or fold(word) in function_words.ENGLISH
        or asks_with(word)
    )


def _slots(text: str) -> list[_Slot]:
    found = [
        _Slot("place", start, end, any(country_of(place) for place in held))
        for start, end, held in place_spans(text)
        if held != {EVERYWHERE}
    ]
    found += [_Slot("year", match.start(), match.end()) for match in _YEAR.finditer(western_digits(text))]
    taken = [(slot.start, slot.end) for slot in found]
    found += [
        _Slot("name", match.start(), match.end())
        for match in _SHORT_NAME.finditer(text)
        if not any(start <= match.start() < end for start, end in taken)
    ]
    return sorted(found, key=lambda slot: slot.start)


def _together(slots: Sequence[_Slot]) -> list[_Slot]:
    """One slot of each kind, from the first to the last of it ("Belgrade and Skopje")."""
    kinds = dict.fromkeys(slot.kind for slot in slots)
    runs = [[slot for slot in slots if slot.kind == kind] for kind in kinds]
    return [_Slot(run[0].kind, run[0].start, run[-1].end, run[0].is_city) for run in runs]


def _replaced(slot: _Slot, others: Sequence[_Slot], question: str, earlier: str) -> _Slot | None:
    """Which of the earlier question's it takes the place of: the only one, the only one after the same word ("with
    Pakistan"), or the only city or country."""
    before = _word_before(slot, question)
    for fits in (
        list(others),
        [other for other in others if before and _word_before(other, earlier) == before],
        [other for other in others if other.is_city == slot.is_city],
    ):
        if len(fits) == 1:
            return fits[0]
    return None


def _word_before(slot: _Slot, text: str) -> str:
    words = words_of(text[: slot.start])
    return fold(words[-1]) if words else ""


def _with_its_preposition(slot: _Slot, question: str) -> str:
    words = words_of(question[: slot.start])
    has_one = len(words) > 1 and len(words[-1]) <= _SMALL
    return " ".join(((words[-1],) if has_one else ()) + (question[slot.start : slot.end],))


def _without_days(text: str) -> str:
    for word in words_of(text):
        if month_of(word) and fold(word) not in AMBIGUOUS_MONTHS:
            text = re.sub(_MONTH_AND_YEAR.format(month=re.escape(word)), "", text)
    return text
