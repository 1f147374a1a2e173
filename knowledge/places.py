"""Countries and cities that a text names, in any of our languages and scripts, in any case or as an adjective. Pure."""

from collections.abc import Iterable
from pathlib import Path

from knowledge.gazetteer import Gazetteer

_MARKS = "*~+^"
# Serbian is written letter for letter in either script; two Latin letters may be one.
_CYRILLIC = (
    ("lj", "љ"), ("nj", "њ"), ("dž", "џ"),
    *zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True),
)  # fmt: skip
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
    return _names(place, "en")[0]


def name_in(place: str, language: str) -> str:
    """The name of a place that ``places`` gave, in the language and its script; in English where we know no other."""
    if language.partition("-")[0] in ("sr", "bs", "hr", "cnr", "mk"):
        return _south_slavic(place, language)
    return next(iter(_names(place, language)), english_name(place))


def _names(place: str, language: str) -> list[str]:
    names = _GAZETTEER.entries[place].get(language, "")
    return [name.lstrip("=").rstrip(_MARKS) for name in names.split(", ") if name]


def _south_slavic(place: str, language: str) -> str:
    names = _names(place, "sl")
    if not names:
        return english_name(place)
    latin = next((name for name in names if name[0] < "\u0370"), english_name(place))
    if language not in ("sr", "sr-Cyrl", "mk"):
        return latin
    # Where a name stands in Cyrillic that is how Macedonian has it.
    macedonian = (name for name in names if name[0] >= "\u0370")
    return next(macedonian, _in_cyrillic(latin)) if language == "mk" else _in_cyrillic(latin)


def _in_cyrillic(name: str) -> str:
    for latin, cyrillic in _CYRILLIC:
        name = name.replace(latin, cyrillic).replace(latin.capitalize(), cyrillic.upper())
    return name
