"""How well each sentence of the passages found would answer, as a quote. Pure.

A sentence is scored by its own similarity to the question, its passage's score and rank, its neighbours' similarity
(a sentence among others that fit is safer than a lone match), its relevance where it was read together with the
question (see ``close_reading``), and by what the question asks for in so many words: the latest, a number, a date, what
a name is. Words are compared by their beginnings, so that a name counts also in another language.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import function_words
from assistant.answer_kind import holds, kind_wanted
from assistant.defining import defines, name_asked_about
from assistant.fitting import is_year
from assistant.names import figures
from assistant.scraps import is_scrap
from assistant.timing import asks_for_latest
from knowledge.types import Retrieved, ScoredUnit, Span
from knowledge.wording import beginnings

# Weights chosen on public question packs and a set on documents of the domain (see evals/README.md).
_SIMILARITY, _SCORE, _WINDOW, _NAMES, _RANK, _SCRAP = 1.25, 0.5, 0.5, 0.06, 0.015, 0.02
# The part of its likeness to any question whatever that is taken from a sentence's similarity.
_COMMON = 0.2
# Of a score that runs from about -11 to 11. What is relevant in a later passage is seldom of the asked document.
_RELEVANCE, _RANK_READ = 0.025, 0.03
# Advice ("Check whether …") is near to every question on its subject, and seldom the answer.
_ADVICE = 0.05
# Who asks for a number or a date wants a sentence that has one.
_OF_THE_KIND = 0.06
# Who asks what a name is wants it told before anything else about it.
_DEFINITION = 0.1
_LAST_RANK = 4
_SCRAP_LENGTH = 60
_LONGEST_LIST = 1000
_OPENS_ADVICE = re.compile(r"(?:Check|Look|Read|Note|Ask|Use|Quote|Say|Do not|Before (?:\w+ing))\b")
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


def content_weights(idf: Mapping[str, float]) -> dict[str, float]:
    """The beginnings of the question's content words with their idf."""
    content: dict[str, float] = {}
    for term, value in idf.items():
        for beginning in beginnings(term) if term not in function_words.ENGLISH else ():
            content[beginning] = max(value, content.get(beginning, 0.0))
    return content


def scored_quotes(passages: Sequence[Retrieved], content: Mapping[str, float], question: str) -> list[Quote]:
    """Every sentence that can be quoted, the best first. ``content``: see ``content_weights``."""
    quotes = _scored(passages, content)
    if asks_for_latest(question):
        quotes = _newer_first(quotes)
    if (name := name_asked_about(question)) is not None:
        quotes = [replace(q, score=q.score + _DEFINITION) if defines(q.text, name) else q for q in quotes]
    if (kind := kind_wanted(question)) is not None:
        quotes = [replace(q, score=q.score + _OF_THE_KIND) if holds(kind, q.text) else q for q in quotes]
    return quotes


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
                - (_RANK_READ if read else _RANK) * min(rank, _LAST_RANK)
                - (_SCRAP if len(text) < _SCRAP_LENGTH else 0.0)
                - (_ADVICE if _OPENS_ADVICE.match(text) else 0.0)
            )
            terms = beginnings(text) & content.keys()
            quotes.append(Quote(found, whole.span, score, terms, whole.relevance))
    return sorted(quotes, key=lambda quote: (-quote.score, quote.found.passage.id, quote.span.start))


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
