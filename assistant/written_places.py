"""Where in a document something stands, in the reader's language. Pure."""

from assistant.message_files import MessageFiles, isolated
from knowledge.locators import Spot, spots_in

_FILES = MessageFiles("assistant")


def written_place(locator: str, language: str) -> str:
    """The stored words of a place ("pages 4–5, Key dates") as the language says them. A section keeps its heading's own
    words, and what is no such place stays as it stands."""
    spots, section = spots_in(locator)
    place = " – ".join(_written(spot, language) for spot in spots)
    if place and section:
        joined = _FILES.template("place.joined", language)
        return joined.format(place=place, section=isolated(section, language))
    return place or section


def _written(spot: Spot, language: str) -> str:
    if spot.first is None:
        return _FILES.template(f"place.{spot.kind}", language)
    if spot.last is None:
        place = _FILES.template(f"place.{spot.kind}", language).format(number=spot.first)
    else:
        place = _FILES.template(f"place.{spot.kind}s", language).format(first=spot.first, last=spot.last)
    if spot.sheet is None:
        return place
    return _FILES.template("place.sheet", language).format(sheet=isolated(spot.sheet, language), place=place)
