"""Which places a question asks about, which of them a text does not name, and its other names. Pure."""

from collections.abc import Iterable
from itertools import pairwise

from assistant.names import names
from knowledge.normalisation import words_of
from knowledge.places import country_of, english_name, place_spans, places, with_countries
from knowledge.spelling import fold

# A capital stands for its government, also where a passage names the country alone.
_STANDS_FOR = {
    "baghdad": "IQ",
    "belgrade": "RS",
    "berlin": "DE",
    "brussels": "EU",
    "dhaka": "BD",
    "islamabad": "PK",
    "kathmandu": "NP",
    "podgorica": "ME",
    "prishtina": "XK",
    "rome": "IT",
    "sarajevo": "BA",
    "skopje": "MK",
    "tirana": "AL",
    "vienna": "AT",
}
# Listed with the cities of their country, and none of them.
_REGIONS = frozenset({"kurdistan"})
# Hardly a passage of the library is not about it, and it has many names (the Commission, the Council, the Union).
EVERYWHERE = "EU"
_JOINING = frozenset("and or i ili и а или dhe ose এবং ও আর বা र तथा अनि वा اور یا و أو".split())
_BETWEEN = frozenset("between izmedju megju ndermjet mes midis".split()) | {
    fold(w) for w in "между меѓу মধ্যে बीच درمیان بین بين".split()
}

# Without width; where they stand beside a name they belong to no letter of it.
_JOINERS = "\u200c\u200d"
# Part of a place's name, and no name of its own: Lake Ohrid. Folded.
_KINDS = frozenset(
    "lake mount river valley city town municipality district canton region province republic liqeni mali lumi qyteti "
    "komuna rrethi jezero planina reka rijeka grad opstina opcina kanton ezero opstinata republika".split()
)


def other_names(question: str) -> list[str]:
    """The names in a question that are not of places: those are compared by what they are."""
    return [name for name in names(question) if fold(name) not in _KINDS and not places(name)]


def places_asked(question: str) -> frozenset[str]:
    """The places that a passage must name to answer the question (see ``knowledge.places``)."""
    return places(question) - {EVERYWHERE}


def cities_asked(question: str) -> frozenset[str]:
    """The cities among the places asked about: an event or an office in another one is another one."""
    return frozenset(place for place in places_asked(question) - _REGIONS if country_of(place))


def places_missing(asked: Iterable[str], text: str) -> list[str]:
    """Those of the places that the text does not name."""
    asked = sorted(asked)
    if not asked:
        return []
    held = with_countries(places(text))
    return [place for place in asked if place not in held and _STANDS_FOR.get(place) not in held]


def as_written(place: str, question: str) -> str:
    """The words of the question that name the place, without a mark beside them; its English name where none does."""
    spans = place_spans(question)
    named = next((question[start:end] for start, end, found in spans if place in found), english_name(place))
    return named.strip(_JOINERS)


def are_listed(asked: Iterable[str], question: str) -> bool:
    """Whether the question names its places one after the other ("the quotas of Serbia and of North Macedonia"), so
    that each may be answered by itself, and does not ask of one with the other ("signed by Serbia with Pakistan")."""
    wanted = frozenset(asked)
    words = words_of(question)
    if _BETWEEN & {fold(word) for word in words}:
        return False
    named = [(at, place) for at, word in enumerate(words) for place in places(word) & wanted]
    steps = [(first, then) for first, then in pairwise(named) if first[1] != then[1]]
    return bool(steps) and all(
        words[then[0]].startswith("و")
        or not _JOINING.isdisjoint(word.lower() for word in words[first[0] + 1 : then[0]])
        for first, then in steps
    )
