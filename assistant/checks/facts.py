"""What can be compared between a statement and its sources: figures, dates, places, organisations and names. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.checks.reasons import Reason
from assistant.names import names
from knowledge.bodies import bodies
from knowledge.dates import Day, dates
from knowledge.figures import figures
from knowledge.places import country_of, places, with_countries
from knowledge.spelling import folded_words, mentions, same_consonants

# The European Union is spoken of as Europe, the Commission or the Member States: as a place it tells nothing.
_NO_PLACE = frozenset({"EU"})


@dataclass(frozen=True, slots=True)
class Facts:
    """``names`` in their order, without places and organisations; ``words`` folded."""

    figures: frozenset[str]
    dates: tuple[Day, ...]
    places: frozenset[str]
    bodies: frozenset[str]
    names: tuple[str, ...]
    words: frozenset[str]

    @property
    def years(self) -> frozenset[int]:
        return frozenset(day.year for day in self.dates if day.year)


@lru_cache(maxsize=2048)
def facts_of(text: str) -> Facts:
    """Everything in the text that can be compared."""
    days, rest = dates(text)
    return Facts(
        figures=figures(rest),
        dates=days,
        places=places(text) - _NO_PLACE,
        bodies=bodies(text),
        names=tuple(name for name in names(text) if not places(name) and not bodies(name)),
        words=frozenset(folded_words(text)),
    )


def lacking(stated: Facts, held: Facts, around: Facts, *, same_language: bool) -> Iterator[Reason]:
    """Which of a statement's facts stand neither in the sentences ``held`` nor, where that will do, in what is
    ``around`` them: the rest of the passage, its headings and title.

    What is taken from around must not push aside what the sentences themselves say: a statement that has another
    country than they do, and a country of the heading in its place, has been turned.
    """
    if not stated.figures <= held.figures | {str(year) for year in held.years}:
        yield Reason.FIGURE
    if not _dates_held(stated, held, around):
        yield Reason.DATE
    if not _are_held(_without_stand_ins(stated.places, held.places), held.places, around.places, stated.places):
        yield Reason.PLACE
    if not _are_held(stated.bodies, held.bodies, around.bodies, stated.bodies) or not _names_held(
        stated, held, around, same_language
    ):
        yield Reason.NAME


def swapped(stated: Facts, held: Facts) -> bool:
    """Whether the sentences have a figure, year, place or organisation that the statement leaves out, and it has
    another that they lack: what stands elsewhere can then not be added, it would take the place of theirs."""
    kinds: tuple[tuple[frozenset[object], frozenset[object]], ...] = (
        (stated.figures, held.figures),
        (stated.years, held.years),
        (with_countries(stated.places), with_countries(held.places)),
        (stated.bodies, held.bodies),
    )
    return any(said - there and there - said for said, there in kinds)


def _are_held(wanted: frozenset[str], held: frozenset[str], around: frozenset[str], stated: frozenset[str]) -> bool:
    missing = wanted - with_countries(held)
    if not missing:
        return True
    pushed_aside = held - with_countries(stated)
    return missing <= with_countries(around) and not pushed_aside


def _without_stand_ins(stated: frozenset[str], held: frozenset[str]) -> frozenset[str]:
    """A country needs no mention where one of its cities is mentioned beside it and stands in the source."""
    implied = {country_of(place) for place in stated & held}
    return frozenset(place for place in stated if place not in implied)


def _dates_held(stated: Facts, held: Facts, around: Facts) -> bool:
    years = held.years
    for day in stated.dates:
        if any(_agree(day, other, years | around.years) for other in _counterparts(day, stated, held)):
            continue
        if day.year and day.month is None and str(day.year) in held.figures:
            continue
        pushed_aside = years - stated.years or (day.month and any(other.month for other in held.dates))
        if pushed_aside or not any(_agree(day, other, around.years) for other in around.dates):
            return False
    return True


def _counterparts(day: Day, stated: Facts, held: Facts) -> tuple[Day, ...]:
    """A year alone is not that of a full date where the sentences have another year alone."""
    if day.month is None:
        alone = {other.year for other in held.dates if other.month is None}
        if alone - stated.years:
            return tuple(other for other in held.dates if other.month is None)
    return held.dates


def _agree(day: Day, other: Day, years: frozenset[int]) -> bool:
    if day.month is None:
        return day.year == other.year
    if day.month != other.month or (day.day is not None and day.day != other.day):
        return False
    return day.year is None or day.year == other.year or (other.year is None and day.year in years)


def _names_held(stated: Facts, held: Facts, around: Facts, same_language: bool) -> bool:
    vocabulary = held.words | around.words
    if same_language:
        return all(mentions(name, vocabulary) for name in stated.names)
    # Across languages an office or a law has another name altogether; an abbreviation and a person's name have not.
    return all(_is_written(name, vocabulary) for name in _comparable(stated.names))


def _comparable(named: Iterable[str]) -> Iterator[str]:
    yield from (name for name in named if name.isupper())


def _is_written(name: str, vocabulary: frozenset[str]) -> bool:
    if mentions(name, vocabulary):
        return True
    folded = folded_words(name)
    return all(any(same_consonants(part, word) for word in vocabulary) for part in folded)
