"""Which of the passages found speak of the years and places that the question names. Pure.

A brief says itself which countries it speaks of, and its statements name their place and date. So a passage of a brief
that does not mention the asked country, city or year is about another one, however alike the words (evals/README.md has
what that refuses). Other documents may leave out what goes without saying (a city's own pages, its country), so of
those only what names another place instead is left out, where nothing found of its document names the asked one.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.asked_places import are_listed, as_written, other_names, places_asked, places_missing
from assistant.names import figures
from knowledge.places import country_of
from knowledge.search import Found
from knowledge.spelling import folded_words, mentions
from knowledge.types import Retrieved

# When the nearest of all statements is nearer than the nearest that fits by more than this, the question is like it,
# and it speaks of another place or year: so for 41 % of the near misses left, and for 1 % of what can be answered.
_FARTHER = 0.01
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
    strange = [name for name in other_names(question) if name.lower() in found.unseen]
    if same_language and _is_of_a_brief(kept[0]) and (missing := [n for n in strange if not _mention(n, kept)]):
        return (), missing
    return kept, []


def _fitting(
    items: Sequence[Retrieved], years: frozenset[str], asked: frozenset[str], *, may_take_turns: bool
) -> tuple[Retrieved, ...]:
    if not years and not asked:
        return tuple(items)
    elsewhere = _documents_elsewhere(items, asked)
    kept = [
        _narrowed(item, years, asked)
        if _is_of_a_brief(item)
        else None
        if item.passage.document_id in elsewhere and _is_elsewhere(item.in_context, elsewhere[item.passage.document_id])
        else item
        for item in items
    ]
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


def _documents_elsewhere(items: Sequence[Retrieved], asked: frozenset[str]) -> dict[str, list[str]]:
    """Documents that name not all of the asked places in anything found of them, with the places they do not name."""
    if not asked:
        return {}
    texts: dict[str, list[str]] = {}
    for item in items:
        texts.setdefault(item.passage.document_id, []).append(item.in_context)
    missing = {identifier: places_missing(asked, "\n".join(parts)) for identifier, parts in texts.items()}
    return {identifier: places for identifier, places in missing.items() if places}


def _is_elsewhere(text: str, missing: Sequence[str]) -> bool:
    """Whether the text names other places of the missing ones' kind: another city, or another country."""
    named = places_asked(text)
    return all(any((country_of(place) is None) == (country_of(other) is None) for other in named) for place in missing)


def _nearest(items: Sequence[Retrieved]) -> float:
    return max(item.why.sentence for item in items[:_FIRST])


def _narrowed(item: Retrieved, years: frozenset[str], asked: frozenset[str]) -> Retrieved | None:
    """The passage with only its statements on one of the years and all of the places, by themselves or by what they
    stand under; None where there is none."""
    years_left = frozenset() if years & figures(f"{item.under}\n{item.source.published or ''}") else years
    places_left = frozenset(places_missing(asked, item.under))
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


def _is_of_a_brief(item: Retrieved) -> bool:
    return item.source.subject is not None


def _mention(name: str, items: Sequence[Retrieved]) -> bool:
    return mentions(name, frozenset(word for item in items for word in folded_words(item.in_context)))


def _nowhere(question: str, items: Sequence[Retrieved], years: frozenset[str], asked: frozenset[str]) -> list[str]:
    text = "\n".join(item.in_context for item in items)
    held = figures(text) if years else set()
    return [*sorted(years - held), *(as_written(place, question) for place in places_missing(asked, text))]
