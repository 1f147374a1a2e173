"""What tells the thing that a passage speaks of from others of its kind: an event's city and month, else its countries.
By its innermost heading that says so, else by its title, an event also by its dateline; empty where nothing does. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.asked_places import EVERYWHERE
from assistant.written_dates import written_date
from knowledge.datelines import dateline
from knowledge.dates import Day, dates
from knowledge.jurisdictions import JURISDICTIONS
from knowledge.places import country_of, english_name, name_in, places, with_countries
from knowledge.types import Retrieved

_MOST_PLACES = 2


def event_label(
    item: Retrieved, passages: Sequence[Retrieved], asked: frozenset[str], asked_when: Sequence[Day], language: str
) -> str:
    """The city and month of the event that a passage speaks of. ``passages``: all that were found, for a dateline may
    stand in another one of its document; ``asked`` and ``asked_when``: the places and days that it has to fit."""
    for head in _event_heads(item, passages):
        days = [_in_year(day, item.source.published) for day in dates(head)[0]]
        when = [day for day in days if day.month and day.year]
        where = [place for place in sorted(places(head)) if country_of(place)]
        if len({(day.year, day.month) for day in when}) == 1 and len(where) <= 1:
            if not asked <= with_countries(where) or not _is_then(when[0], asked_when):
                return ""
            return _listed((*(_place_name(place, language) for place in where), _written(when[0], language)), language)
    return ""


def countries_label(item: Retrieved, language: str) -> str:
    """The countries of the thing that a passage speaks of; empty where they are many."""
    for head in _heads(item):
        where = [place for place in sorted(places(head)) if not country_of(place)]
        own = [place for place in where if place != EVERYWHERE]
        if own:
            named = [_place_name(place, language) for place in where]
            return _listed(named, language) if len(own) <= _MOST_PLACES else ""
    return ""


def _heads(item: Retrieved) -> tuple[str, ...]:
    """What a passage stands under, from its innermost heading outwards."""
    return (*reversed(item.passage.headings), item.source.title)


def _event_heads(item: Retrieved, passages: Sequence[Retrieved]) -> Iterator[str]:
    yield from _heads(item)
    yield _dateline_above(item, passages)


def _dateline_above(item: Retrieved, passages: Sequence[Retrieved]) -> str:
    """The dateline under which a passage stands, as far as the passages found hold it: its own or the nearest before
    it. Empty where there is none."""
    meant = item.passage
    above = [
        other.passage
        for other in passages
        if (other.passage.document_id, other.passage.version) == (meant.document_id, meant.version)
        and other.passage.start <= meant.start
    ]
    above.sort(key=lambda passage: passage.start, reverse=True)
    return next((found for passage in above if (found := dateline(passage.text))), "")


def _in_year(day: Day, published: str | None) -> Day:
    """A day whose year is not said, in the last one before it was published."""
    if not published or day.month is None or day.year is not None:
        return day
    is_later = published[5:7].isdecimal() and day.month > int(published[5:7])
    return replace(day, year=int(published[:4]) - is_later)


def _place_name(place: str, language: str) -> str:
    name = name_in(place, language)
    own = JURISDICTIONS.get(place, "")
    if name == english_name(place) and own:
        return own
    return f"{name}*" if own.endswith("*") else name


def _listed(names: Iterable[str], language: str) -> str:
    return ("، " if language in ("ar", "ur") else ", ").join(names)


def _is_then(day: Day, asked: Sequence[Day]) -> bool:
    """Whether a day may be the one that is asked about."""
    return not asked or any(
        one.year in (None, day.year) and one.month in (None, day.month) for one in asked if one.year or one.month
    )


def _written(day: Day, language: str) -> str:
    assert day.month is not None
    return written_date(f"{day.year}-{day.month:02}", language)
