"""Which of the passages found speak of the years and places that the question names. Pure.

A brief says itself which countries it speaks of, and its statements name their place and date. So a passage of a brief
that does not mention the asked country, city or year is about another one, however alike the words: on the library's
own cases this took refused near misses from .28 to .70 of the tuning half, and from .40 to .74 of the other. Other
documents may leave out what goes without saying (a city's own pages, its country), so they are left as they are.
"""

from collections.abc import Sequence

from assistant.names import figures, is_place, names
from knowledge.search import Found
from knowledge.spelling import fold, folded_words, mentions
from knowledge.types import Retrieved

# A capital stands for its government: folded, what a passage may say instead.
_STANDS_FOR = {
    "baghdad": "iraq",
    "belgrade": "serbia",
    "berlin": "germany",
    "brussels": "eu",
    "dhaka": "bangladesh",
    "islamabad": "pakistan",
    "kathmandu": "nepal",
    "podgorica": "montenegro",
    "prishtina": "kosovo",
    "pristina": "kosovo",
    "rome": "italy",
    "sarajevo": "bosnia",
    "skopje": "macedonia",
    "tirana": "albania",
    "vienna": "austria",
}


def fitting(question: str, found: Found, same_language: bool = True) -> tuple[tuple[Retrieved, ...], list[str]]:
    """The passages that may be quoted in answer, in their order, and the years and names that none of them holds. Of a
    question in another language than the passages only the years can be compared."""
    asked = names(question) if same_language else []
    places = [name for name in asked if is_place(name)]
    years = {figure for figure in figures(question) if is_year(figure)}
    kept = tuple(item for item in found.passages if not _is_of_a_brief(item) or _fits(item, years, places))
    if not kept:
        return (), _nowhere(found.passages, years, places)
    strange = [name for name in asked if name.lower() in found.unseen and fold(name) not in _STANDS_FOR]
    if _is_of_a_brief(kept[0]) and (missing := [name for name in strange if not _mention(name, kept)]):
        return (), missing
    return kept, []


def is_year(figure: str) -> bool:
    return len(figure) == 4 and figure.isdecimal() and figure[:2] in ("19", "20")


def _is_of_a_brief(item: Retrieved) -> bool:
    return item.source.subject is not None


def _fits(item: Retrieved, years: set[str], places: Sequence[str]) -> bool:
    """Whether it speaks of one of the years and of every place."""
    held = f"{context_of(item)}\n{item.source.published or ''}"
    return (not years or bool(years & figures(held))) and all(_mention(place, [item]) for place in places)


def _mention(name: str, items: Sequence[Retrieved]) -> bool:
    words = frozenset(word for item in items for word in folded_words(context_of(item)))
    instead = _STANDS_FOR.get(fold(name))
    return mentions(name, words) or (instead is not None and mentions(instead, words))


def _nowhere(items: Sequence[Retrieved], years: set[str], places: Sequence[str]) -> list[str]:
    held = figures("\n".join(context_of(item) for item in items)) if years else set()
    return [*sorted(years - held), *(place for place in places if not _mention(place, items))]


def context_of(item: Retrieved) -> str:
    """What a passage says together with where it stands."""
    return "\n".join((item.source.title, *item.passage.headings, item.passage.text))
