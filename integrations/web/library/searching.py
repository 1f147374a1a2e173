"""Finding documents by their words: titles and full text of what a reader may see, and what is near in meaning."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.base import KnowledgeBase
from knowledge.lexicon import partition
from knowledge.passages import StoredPassage
from knowledge.types import Passage, Scope, Source, Span
from knowledge.wording import beginnings

LONGEST_QUERY = 200
_KEYWORD_CANDIDATES = 400
_MOST_FOUND = 50
# What is only near is shown where little or nothing has the words themselves.
_FEW = 3
_NEAR_PASSAGES, _MOST_NEAR = 16, 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found. ``span`` is the sentence that shows why, in the document's stored text, ``text`` its
    words; both are None where only the title has what was looked for."""

    source: Source
    span: Span | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """``found`` have the words, best first; ``near`` only speak of something alike. ``sought`` are the beginnings of
    the words, folded, as ``knowledge.wording`` compares them."""

    sought: frozenset[str]
    found: tuple[Hit, ...]
    near: tuple[Hit, ...]


def search(base: KnowledgeBase, query: str, audiences: frozenset[str]) -> Hits:
    """Blocking. A document is found where its title has all words of the query, then where one passage with what it
    stands under has as many of them as any passage has, then where what is noted of it has all of them."""
    sought = beginnings(query)
    if not sought:
        return Hits(sought, (), ())
    sources = base.catalogue.sources(audiences)
    hits = {source.id: Hit(source) for source in sources if sought <= beginnings(source.title)}
    for item in _with_words(base, query, sought, audiences):
        passage, source = item.embedded.passage, item.source
        if source.id not in hits or hits[source.id].span is None:
            hits[source.id] = _hit(source, passage, _best_unit(passage, sought))
    for source in sources:
        if source.id not in hits and sought <= _words_about(source):
            hits[source.id] = Hit(source)
    found = tuple(hits.values())[:_MOST_FOUND]
    return Hits(sought, found, _near(base, query, audiences, hits) if len(found) < _FEW else ())


def _with_words(
    base: KnowledgeBase, query: str, sought: frozenset[str], audiences: frozenset[str]
) -> list[StoredPassage]:
    """The passages with the most of the words, best first."""
    with base.catalogue.lexicon(base.fingerprint) as lexicon:
        partitions = [partition(audience, True) for audience in audiences]
        shares = lexicon.search(query, partitions, _KEYWORD_CANDIDATES).shares
    stored = base.catalogue.passages.fetch(shares, Scope(audiences))
    held = {item.key: len(sought & _words_in(item)) for item in stored}
    most = max(held.values(), default=0)
    best = [item for item in stored if held[item.key] == most]
    return sorted(best, key=lambda item: (-shares[item.key], item.embedded.passage.id))


def _near(base: KnowledgeBase, query: str, audiences: frozenset[str], hits: Iterable[str]) -> tuple[Hit, ...]:
    near: dict[str, Hit] = {}
    for retrieved in base.searcher.search(query, Scope(audiences), _NEAR_PASSAGES).passages:
        if retrieved.source.id not in hits:
            best = max(retrieved.units, key=lambda unit: unit.similarity).span if retrieved.units else None
            near.setdefault(retrieved.source.id, _hit(retrieved.source, retrieved.passage, best))
    return tuple(near.values())[:_MOST_NEAR]


def _hit(source: Source, passage: Passage, unit: Span | None) -> Hit:
    span = unit or Span(passage.start, passage.end)
    return Hit(source, span, passage.text_at(span))


def _best_unit(passage: Passage, sought: frozenset[str]) -> Span | None:
    """The first sentence with the most of the words."""
    return max(passage.units, key=lambda unit: len(sought & beginnings(passage.text_at(unit))), default=None)


def _words_in(item: StoredPassage) -> frozenset[str]:
    return beginnings(item.embedded.passage.in_context(item.source.title))


def _words_about(source: Source) -> frozenset[str]:
    """Of its title, its publisher and what its author says it is about."""
    subject = source.subject
    more: Sequence[str] = (subject.topic, *subject.keywords) if subject is not None else ()
    return frozenset().union(*(beginnings(text) for text in (source.title, source.publisher or "", *more)))
