"""Which of the passages found speak of the years and places that the question names. Pure.

A brief says itself which countries it speaks of, and its statements name their place and date. So a passage of a brief
that does not mention the asked country, city or year is about another one, however alike the words: on the library's
own cases this took refused near misses from .28 to .74 of the tuning half, and from .40 to .79 of the other. Other
documents may leave out what goes without saying (a city's own pages, its country), so they are left as they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.names import figures, names
from knowledge.normalisation import words_of
from knowledge.places import english_name, places, with_countries
from knowledge.search import Found
from knowledge.spelling import fold, folded_words, mentions
from knowledge.types import Retrieved

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
# Hardly a passage of the library is not about it, and it has many names (the Commission, the Council, the Union).
_EVERYWHERE = "EU"
# When the nearest of all statements is nearer than the nearest that fits by more than this, the question is like it,
# and it speaks of another place or year: so for 41 % of the near misses left, and for 1 % of what can be answered.
_FARTHER = 0.01
_JOINING = frozenset("and or i ili и а или dhe ose এবং ও আর বা र तथा अनि वा اور یا و أو".split())
_BETWEEN = frozenset("between izmedju megju ndermjet mes midis".split()) | {
    fold(w) for w in "между меѓу মধ্যে बीच درمیان بین بين".split()
}
_FIRST = 3


def fitting(question: str, found: Found, same_language: bool = True) -> tuple[tuple[Retrieved, ...], list[str]]:
    """The passages that may be quoted in answer, in their order, those of briefs with only the statements that fit; and
    the years and names that none of them holds. Of a question in another language than the passages only years and
    places can be compared."""
    asked = places_asked(question)
    years = frozenset(figure for figure in figures(question) if is_year(figure))
    kept = _fitting(found.passages, years, asked, may_take_turns=are_listed(asked, question))
    if not kept:
        return (), _nowhere(question, found.passages, years, asked)
    if _is_of_a_brief(kept[0]) and _nearest(found.passages) - _nearest(kept) > _FARTHER:
        return (), [*sorted(years), *(as_written(place, question) for place in sorted(asked))]
    # A name that stands nowhere in the base. Of places the rule above has spoken.
    strange = [name for name in names(question) if name.lower() in found.unseen and not places(name)]
    if same_language and _is_of_a_brief(kept[0]) and (missing := [n for n in strange if not _mention(n, kept)]):
        return (), missing
    return kept, []


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


def _fitting(
    items: Sequence[Retrieved], years: frozenset[str], asked: frozenset[str], *, may_take_turns: bool
) -> tuple[Retrieved, ...]:
    if not years and not asked:
        return tuple(items)
    kept = [_narrowed(item, years, asked) if _is_of_a_brief(item) else item for item in items]
    if any(kept) or not may_take_turns:
        return tuple(item for item in kept if item is not None)
    # A question on two places or years may be answered by two statements, each on one of them.
    one_each = [(_narrowed(item, years, frozenset({place})), place) for place in asked for item in items]
    if {place for item, place in one_each if item is not None} != asked:
        return ()
    by_id: dict[str, Retrieved] = {}
    for item, _ in one_each:
        if item is not None:
            known = by_id.get(item.passage.id)
            units = tuple(sorted({*item.units, *(known.units if known else ())}, key=lambda unit: unit.span.start))
            by_id[item.passage.id] = replace(item, units=units)
    return tuple(by_id[item.passage.id] for item in items if item.passage.id in by_id)


def _nearest(items: Sequence[Retrieved]) -> float:
    return max(item.why.sentence for item in items[:_FIRST])


def _narrowed(item: Retrieved, years: frozenset[str], asked: frozenset[str]) -> Retrieved | None:
    """The passage with only its statements on one of the years and all of the places, by themselves or by what they
    stand under; None where there is none."""
    under = "\n".join((item.source.title, *item.passage.headings))
    years_left = frozenset() if years & figures(f"{under}\n{item.source.published or ''}") else years
    places_left = frozenset(places_missing(asked, under))
    if not years_left and not places_left:
        return item
    units = tuple(unit for unit in item.units if _fits(item.passage.text_at(unit.span), years_left, places_left))
    if not units:
        return None
    best = max(unit.similarity for unit in units)
    return replace(item, units=units, why=replace(item.why, sentence=best))


def _fits(text: str, years: frozenset[str], asked: frozenset[str]) -> bool:
    return (not years or bool(years & figures(text))) and not places_missing(asked, text)


def is_year(figure: str) -> bool:
    return len(figure) == 4 and figure.isdecimal() and figure[:2] in ("19", "20")


def places_asked(question: str) -> frozenset[str]:
    """The places that a passage must name to answer the question (see ``knowledge.places``)."""
    return places(question) - {_EVERYWHERE}


def places_missing(asked: Iterable[str], text: str) -> list[str]:
    """Those of the places that the text does not name."""
    asked = sorted(asked)
    if not asked:
        return []
    held = with_countries(places(text))
    return [place for place in asked if place not in held and _STANDS_FOR.get(place) not in held]


def as_written(place: str, question: str) -> str:
    """The word of the question that names the place, or its English name where that takes more than one."""
    return next((word for word in question.split() if place in places(word)), english_name(place)).strip(
        "?!.,:;“”\"'()"
    )


def _is_of_a_brief(item: Retrieved) -> bool:
    return item.source.subject is not None


def _mention(name: str, items: Sequence[Retrieved]) -> bool:
    return mentions(name, frozenset(word for item in items for word in folded_words(context_of(item))))


def _nowhere(question: str, items: Sequence[Retrieved], years: frozenset[str], asked: frozenset[str]) -> list[str]:
    text = "\n".join(context_of(item) for item in items)
    held = figures(text) if years else set()
    return [*sorted(years - held), *(as_written(place, question) for place in places_missing(asked, text))]


def context_of(item: Retrieved) -> str:
    """What a passage says together with where it stands."""
    return "\n".join((item.source.title, *item.passage.headings, item.passage.text))
