"""The writer without a model: the sentences that answer best, word for word, chosen to answer together. Pure."""

from collections.abc import Mapping, Sequence, Set

from assistant.asked_places import cities_asked, places_asked, places_missing
from assistant.quote_scores import Quote, content_weights, scored_quotes
from knowledge.spelling import folded_words
from knowledge.types import Retrieved

MOST_SENTENCES = 3
MOST_WORDS = 100
# Of each of several questions in one.
QUOTES_A_PART = 2
WORDS_A_PART = 60
# The relevance from which a sentence is an answer, however much nearer another one is; and that which a sentence of
# another document than the nearest one's must have.
_ANSWERS = 3.0
_ELSEWHERE = 0.0
_FIRST_WORDS, _FURTHER_WORDS = 0.3, 0.5
# A sentence this far below the best one is more likely to be beside the point than part of the answer. Relevance tells
# the sentences farther apart.
_MARGIN, _MARGIN_READ = 0.15, 0.2
_SAME_WORDS = 0.8


def choose_quotes(
    passages: Sequence[Retrieved],
    idf: Mapping[str, float],
    question: str = "",
    most: int = MOST_SENTENCES,
    words: int = MOST_WORDS,
    without: Set[str] = frozenset(),
) -> list[Quote]:
    """The best sentences, at most ``most`` and about ``words`` words, in reading order: documents by their best
    sentence,
    within a document as they stand. Each further sentence is chosen also for the words of the question that the ones
    before it leave open, so that they answer together; where the ``question`` names a city, what speaks of another one
    is no answer to it. ``without``: what is quoted already."""
    content = content_weights(idf)
    left = [quote for quote in scored_quotes(passages, content, question) if quote.text not in without]
    chosen: list[Quote] = []
    margin = _MARGIN if all(quote.relevance is None for quote in left) else _MARGIN_READ
    covered: frozenset[str] = frozenset()
    length = 0
    while left and len(chosen) < most:
        weight = (_FURTHER_WORDS if chosen else _FIRST_WORDS) / (sum(content.values()) or 1.0)

        def worth(quote: Quote, weight: float = weight, covered: frozenset[str] = covered) -> float:
            return quote.score + weight * sum(content[term] for term in quote.terms - covered)

        best = max(left, key=worth)
        left.remove(best)
        if chosen and not _belongs(best, chosen, worth(best) >= chosen[0].score - margin):
            continue
        count = len(best.text.split())
        if chosen and (length + count > words or any(_repeats(best, other) for other in chosen)):
            continue
        chosen.append(best)
        covered |= best.terms
        length += count
    chosen = _on_the_city(chosen, cities_asked(question))
    documents = list(dict.fromkeys(quote.found.passage.document_id for quote in chosen))
    return sorted(chosen, key=lambda quote: (documents.index(quote.found.passage.document_id), quote.span.start))


def _belongs(quote: Quote, chosen: Sequence[Quote], is_near: bool) -> bool:
    """Whether a further sentence belongs to the answer: one that is as near as the first; but where sentences were read
    with the question, one of a document already quoted that answers it, however far behind, and of another document
    none that does not answer it."""
    if quote.relevance is None:
        return is_near
    answers = quote.relevance > _ANSWERS
    if any(quote.found.passage.document_id == other.found.passage.document_id for other in chosen):
        return is_near or answers
    return is_near and quote.relevance > _ELSEWHERE


def _on_the_city(quotes: list[Quote], cities: frozenset[str]) -> list[Quote]:
    """Without what speaks of other cities alone, or of other places in a document that names none of the cities, where
    something speaks of one of them."""
    names_one = {
        quote.found.passage.document_id
        for quote in quotes
        if cities and len(places_missing(cities, quote.found.in_context)) < len(cities)
    }

    def is_elsewhere(quote: Quote) -> bool:
        missing = places_missing(cities, f"{quote.found.under}\n{quote.text}")
        if len(missing) < len(cities):
            return False
        is_named = quote.found.passage.document_id in names_one
        return bool(cities_asked(quote.text) if is_named else places_asked(quote.text))

    on_the_city = [quote for quote in quotes if not is_elsewhere(quote)] if cities else quotes
    return on_the_city or quotes


def _repeats(quote: Quote, other: Quote) -> bool:
    first, second = set(folded_words(quote.text)), set(folded_words(other.text))
    return len(first & second) >= _SAME_WORDS * min(len(first), len(second))
