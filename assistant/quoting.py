"""The writer without a model: the sentences that answer best, word for word. Pure.

A sentence is scored by its own similarity to the question, its passage's score and rank, its neighbours' similarity
(a sentence among others that fit is safer than a lone match) and its relevance where it was read together with the
question (see ``close_reading``). Words are compared by their beginnings, so that a name
counts also in another language.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from assistant import function_words
from assistant.asked_places import cities_asked, places_asked, places_missing
from assistant.defining import defines, name_asked_about
from assistant.fitting import is_year
from assistant.names import figures
from assistant.scraps import is_scrap
from assistant.timing import asks_for_latest
from knowledge.spelling import folded_words
from knowledge.types import Retrieved, ScoredUnit, Span
from knowledge.wording import beginnings

MOST_SENTENCES = 3
MOST_WORDS = 100
# Of each of several questions in one.
QUOTES_A_PART = 2
WORDS_A_PART = 60
# Weights and margin chosen on public question packs and a set on documents of the domain (see evals/README.md).
_SIMILARITY, _SCORE, _WINDOW, _NAMES, _RANK, _SCRAP = 1.25, 0.5, 0.5, 0.06, 0.03, 0.02
# The part of its likeness to any question whatever that is taken from a sentence's similarity.
_COMMON = 0.2
# Of a score that runs from about -11 to 11.
_RELEVANCE = 0.025
# The relevance from which a sentence is an answer, however much nearer another one is; and that which a sentence of
# another document than the nearest one's must have.
_ANSWERS = 3.0
_ELSEWHERE = 0.0
# Advice ("Check whether …") is near to every question on its subject, and seldom the answer.
_ADVICE = 0.05
# Who asks what a name is wants it told before anything else about it.
_DEFINITION = 0.1
_FIRST_WORDS, _FURTHER_WORDS = 0.3, 0.5
_LAST_RANK = 4
_SCRAP_LENGTH = 60
_LONGEST_LIST = 1000
# A sentence this far below the best one is more likely to be beside the point than part of the answer.
_MARGIN = 0.15
# Relevance tells the sentences farther apart.
_MARGIN_READ = 0.2
_OPENS_ADVICE = re.compile(r"(?:Check|Look|Read|Note|Ask|Use|Quote|Say|Do not|Before (?:\w+ing))\b")
_SAME_WORDS = 0.8
# What a year of age costs where the latest is asked for, and the age from which it costs no more.
_YEAR, _OLDEST = 0.02, 4


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a passage, its score, the beginnings of the question's content words in it, and its relevance where
    it was read together with the question."""

    found: Retrieved
    span: Span
    score: float
    terms: frozenset[str]
    relevance: float | None = None

    @property
    def text(self) -> str:
        return self.found.passage.text_at(self.span)


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
    content: dict[str, float] = {}
    for term, value in idf.items():
        for beginning in beginnings(term) if term not in function_words.ENGLISH else ():
            content[beginning] = max(value, content.get(beginning, 0.0))
    left = [quote for quote in _scored(passages, content) if quote.text not in without]
    if asks_for_latest(question):
        left = _newer_first(left)
    if (name := name_asked_about(question)) is not None:
        left = [replace(q, score=q.score + _DEFINITION) if defines(q.text, name) else q for q in left]
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


def _scored(passages: Sequence[Retrieved], content: Mapping[str, float]) -> list[Quote]:
    quotes = []
    read = [unit.relevance for found in passages for unit in found.units if unit.relevance is not None]
    least_relevance = min(read, default=0.0)
    most_names = max((found.why.names for found in passages), default=0.0)
    for rank, found in enumerate(passages):
        for index in range(len(found.units)):
            whole = _with_its_list(found, index)
            if whole is None:
                continue
            text = found.passage.text_at(whole.span)
            if is_scrap(text, found.source.title):
                continue
            score = (
                _SIMILARITY * _near(whole)
                + _SCORE * found.score
                + _WINDOW * _window(found.units, index)
                - _NAMES * (most_names - found.why.names)
                + _RELEVANCE * (least_relevance if whole.relevance is None else whole.relevance)
                - _RANK * min(rank, _LAST_RANK)
                - (_SCRAP if len(text) < _SCRAP_LENGTH else 0.0)
                - (_ADVICE if _OPENS_ADVICE.match(text) else 0.0)
            )
            terms = beginnings(text) & content.keys()
            quotes.append(Quote(found, whole.span, score, terms, whole.relevance))
    return sorted(quotes, key=lambda quote: (-quote.score, quote.found.passage.id, quote.span.start))


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


def _newer_first(quotes: Sequence[Quote]) -> list[Quote]:
    years = {id(quote): _year_of(quote) for quote in quotes}
    newest = max((year for year in years.values() if year), default=0)

    def aged(quote: Quote) -> Quote:
        age = newest - (years[id(quote)] or newest - _OLDEST)
        return replace(quote, score=quote.score - _YEAR * min(age, _OLDEST))

    return sorted(map(aged, quotes), key=lambda quote: -quote.score)


def _year_of(quote: Quote) -> int | None:
    """The last year that the statement names, else that of its document."""
    named = [int(figure) for figure in figures(quote.text) if is_year(figure)]
    stated = (quote.found.source.as_of or quote.found.source.published or "")[:4]
    return max(named, default=int(stated) if stated.isdecimal() else None)


def _with_its_list(found: Retrieved, index: int) -> ScoredUnit | None:
    """The unit; one that opens a list ("They were:") together with its items, for it says nothing without them. None
    for an opening whose list stands in another passage or is too long to quote: its items still stand alone."""
    unit = found.units[index]
    if not found.passage.text_at(unit.span).endswith(":"):
        return unit
    end, similarity, centred, relevance = unit.span.end, unit.similarity, unit.centred, unit.relevance
    for item in found.units[index + 1 :]:
        gap = found.passage.text_at(Span(end, item.span.start))
        first = end == unit.span.end
        if "\n" not in gap or (not first and gap.count("\n") > 1):
            break
        end, similarity, centred = item.span.end, max(similarity, item.similarity), max(centred, item.centred)
        relevance = max((each for each in (relevance, item.relevance) if each is not None), default=None)
    if end == unit.span.end or end - unit.span.start > _LONGEST_LIST:
        return None
    return ScoredUnit(Span(unit.span.start, end), similarity, centred, relevance)


def _window(units: Sequence[ScoredUnit], index: int) -> float:
    """The mean similarity of the sentence and its better neighbour."""
    own = _near(units[index])
    neighbours = [_near(units[i]) for i in (index - 1, index + 1) if 0 <= i < len(units)]
    return (own + max(neighbours)) / 2 if neighbours else own


def _near(unit: ScoredUnit) -> float:
    return unit.similarity - _COMMON * (unit.similarity - unit.centred)


def _repeats(quote: Quote, other: Quote) -> bool:
    first, second = set(folded_words(quote.text)), set(folded_words(other.text))
    return len(first & second) >= _SAME_WORDS * min(len(first), len(second))
