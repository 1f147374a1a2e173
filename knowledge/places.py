"""Countries and cities that a text names, in any of our languages and scripts, in any case or as an adjective. Pure."""

from collections.abc import Iterable
from pathlib import Path

from knowledge.gazetteer import Gazetteer

_GAZETTEER = Gazetteer(Path(__file__).parent / "place_names.toml", ("countries", "cities"))


def places(text: str) -> frozenset[str]:
    """ISO 3166-1 codes of countries (XK for Kosovo*, EU for the European Union) and ids of cities ("tirana") that the
    text names. A city does not bring its country along: see ``country_of``."""
    return _GAZETTEER.found_in(text)


def place_spans(text: str) -> tuple[tuple[int, int, frozenset[str]], ...]:
    """Where the text names places: the characters from and up to, and the places."""
    return _GAZETTEER.spans_in(text)


def country_of(city: str) -> str | None:
    """The country's code of a city that ``places`` gave; None for what is no city."""
    entry = _GAZETTEER.entries.get(city)
    return entry.get("country") if entry else None


def with_countries(found: Iterable[str]) -> frozenset[str]:
    """The places together with the countries that their cities lie in."""
    given = frozenset(found)
    return given | {country for place in given if (country := country_of(place))}


def english_name(place: str) -> str:
    """The English name of a place that ``places`` gave."""
    return _GAZETTEER.entries[place]["en"].split(", ")[0].lstrip("=").rstrip("*~+^")
