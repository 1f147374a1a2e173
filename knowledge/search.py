"""From a question to passages: dense and keyword candidates, scored together.

score = similarity(passage) + similarity(its best sentence) + weights × (keyword, wording and name share)

Similarities are to the question's centred vector (see ``question_means``). The shares are of the question's total idf,
so they are near nothing when question and documents differ in language. Rank fusion (Cormack et al. 2009) has no such
absolute scale, and measured here it took recall@1 over eleven languages from .76 to .36.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.catalogue import Catalogue
from knowledge.embedding import Embedder, Vectors
from knowledge.errors import IndexDamaged
from knowledge.lexicon import KeywordHits, partition
from knowledge.naming import name_shares
from knowledge.passages import StoredPassage
from knowledge.question_means import centred
from knowledge.recent import Recent
from knowledge.snapshots import Snapshots
from knowledge.store import ChromaStore
from knowledge.types import Evidence, Retrieved, Scope, ScoredUnit
from knowledge.wording import Wording, beginnings, wording_shares

KEYWORD_WEIGHT = 0.05
WORDING_WEIGHT = 0.08
NAME_WEIGHT = 0.02
_DENSE_CANDIDATES = 24
_KEYWORD_CANDIDATES = 16
_WORDINGS_KEPT = 4000
# How often a question is asked again because the catalogue changed between its reads.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Passages in order of score, each term of the question with its idf among what the reader may see, and the terms
    that stand nowhere in it."""

    passages: tuple[Retrieved, ...]
    idf: dict[str, float]
    unseen: frozenset[str] = frozenset()


class Searcher:
    """Searches one knowledge base. Blocking and safe to use from several threads; ``close`` when done.

    The caller has checked the fingerprint (see ``knowledge.base``). When the vector index is missing, damaged or
    behind, questions are compared exactly with the catalogue's vectors: slower in a large base, never wrong.
    """

    def __init__(self, catalogue: Catalogue, embedder: Embedder, snapshots: Snapshots, fingerprint: str) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._snapshots = snapshots
        self._fingerprint = fingerprint
        self._wordings: Recent[int, Wording] = Recent(_WORDINGS_KEPT)
        self._opening = threading.Lock()
        self._opened_name: str | None = None
        self._store: ChromaStore | None = None
        self._releases: list[Callable[[], None]] = []
        self.damage: str | None = None

    def search(self, question: str, scope: Scope, depth: int) -> Found:
        """The ``depth`` best passages in scope. The scope's audiences narrow every candidate list before ranking, and
        the catalogue checks them once more on what is returned."""
        vector = self._embedder.question(question)
        for _ in range(_TRIES):
            revision = self._catalogue.revision
            found = self._found(question, vector, scope, depth)
            # Keys and keyword shares of one revision say nothing about the passages of the next.
            if self._catalogue.revision == revision:
                break
        return found

    def _found(self, question: str, vector: Vectors, scope: Scope, depth: int) -> Found:
        sought = centred(vector, self._embedder.name)
        alone = centred(vector, self._embedder.name, share=1.0)
        if scope.is_narrowed:
            keys = self._exact(sought, scope, max(depth, _DENSE_CANDIDATES))
            hits = self._keywords(question, scope, keys)
        else:
            hits = self._keywords(question, scope, None)
            keys = [*self._dense(sought, scope, max(depth, _DENSE_CANDIDATES)), *hits.shares]
        stored = self._catalogue.passages.fetch(dict.fromkeys(keys), scope)
        if not scope.is_narrowed and len(stored) < len(set(keys)):
            # What is not in force today, or hidden since the index was built, has taken places of what is.
            keys = [*self._exact(sought, scope, max(depth, _DENSE_CANDIDATES)), *hits.shares]
            stored = self._catalogue.passages.fetch(dict.fromkeys(keys), scope)
        names = name_shares(question, [item.embedded.passage.in_context(item.source.title) for item in stored])
        wording = wording_shares(hits.idf, [self._wording(item) for item in stored])
        scored = [
            _retrieved(item, vector, sought, alone, hits.shares.get(item.key, 0.0), name_share, wording_share)
            for item, name_share, wording_share in zip(stored, names, wording, strict=True)
        ]
        scored.sort(key=lambda found: (-found.score, found.passage.id))
        return Found(tuple(scored[:depth]), hits.idf, hits.unseen)

    def similarities(self, text: str, passages: Sequence[Retrieved]) -> list[list[float]]:
        """Cosines of a statement to the units of each passage, in their order."""
        vector = self._embedder.passages([text])[0]
        ids = [found.passage.id for found in passages]
        held = self._catalogue.passages.unit_vectors(self._fingerprint, ids)
        return [(held[identifier] @ vector).tolist() if identifier in held else [] for identifier in ids]

    def rare_terms(self, text: str, audiences: frozenset[str]) -> list[str]:
        """The words of the text that the reader's documents hold, the rarest first."""
        with self._catalogue.lexicon(self._fingerprint) as lexicon:
            frequency = lexicon.frequencies(text, audiences)
        return sorted((term for term, count in frequency.items() if count), key=lambda term: frequency[term])

    def close(self) -> None:
        with self._opening:
            for release in self._releases:
                release()
            self._releases, self._store, self._opened_name = [], None, None

    def _keywords(self, question: str, scope: Scope, keys: list[int] | None) -> KeywordHits:
        partitions = {partition(audience, True) for audience in scope.audiences}
        if scope.as_of is not None:
            partitions |= {partition(audience, False) for audience in scope.audiences}
        with self._catalogue.lexicon(self._fingerprint) as lexicon:
            return lexicon.search(question, partitions, _KEYWORD_CANDIDATES if keys is None else len(keys) + 1, keys)

    def _wording(self, item: StoredPassage) -> Wording:
        held = self._wordings.get(item.key)
        if held is None:
            passage = item.embedded.passage
            sentences = tuple(beginnings(passage.text_at(unit)) for unit in passage.units)
            held = Wording(sentences, beginnings(passage.under(item.source.title)))
            self._wordings.put(item.key, held)
        return held

    def _dense(self, vector: Vectors, scope: Scope, count: int) -> list[int]:
        state = self._snapshots.state()
        store = self._store_of(state.name)
        if store is None:
            return self._exact(vector, scope, count)
        try:
            nearest = store.nearest(vector, scope.audiences, count)
        except IndexDamaged as error:
            self.damage = str(error)
            return self._exact(vector, scope, count)
        keys = self._catalogue.passages.keys_of(self._fingerprint, nearest)
        if state.is_behind and len(keys) < len(nearest):
            return self._exact(vector, scope, count)  # what is gone crowded out what is there
        if state.is_behind:
            keys += self._exact(vector, scope, count, after=state.through)
        return keys

    def _exact(self, vector: Vectors, scope: Scope, count: int, after: int = 0) -> list[int]:
        keys, matrix = self._catalogue.passages.matrix(self._fingerprint, scope, after)
        if matrix is None:
            return []
        similarities = matrix @ vector
        best = np.argsort(-similarities, kind="stable")[:count]
        return [keys[index] for index in best]

    def _store_of(self, name: str | None) -> ChromaStore | None:
        with self._opening:
            if name != self._opened_name:
                # A question may be under way in the store before this one; it is released at the next switch.
                for release in self._releases[:-1]:
                    release()
                del self._releases[:-1]
                self._store, self._opened_name, self.damage = None, name, None
                try:
                    opened = self._snapshots.open()
                except IndexDamaged as error:
                    opened, self.damage = None, str(error)
                if opened is not None:
                    self._store = opened[0]
                    self._releases.append(opened[1])
            return self._store


def _retrieved(
    item: StoredPassage,
    vector: Vectors,
    sought: Vectors,
    alone: Vectors,
    keywords: float,
    names: float,
    wording: float,
) -> Retrieved:
    """``sought``: the question's centred vector; ``alone``: the same without any of the mean."""
    passage = item.embedded.passage
    similarity = float(item.embedded.vector @ vector)
    similarities = item.embedded.unit_vectors @ vector
    by_itself = item.embedded.unit_vectors @ alone
    units = tuple(
        ScoredUnit(span, float(value), float(apart))
        for span, value, apart in zip(passage.units, similarities, by_itself, strict=True)
    )
    best = max((unit.similarity for unit in units), default=similarity)
    whole = float(item.embedded.vector @ sought)
    sentence = float((item.embedded.unit_vectors @ sought).max()) if units else whole
    return Retrieved(
        passage=passage,
        source=item.source,
        score=whole + sentence + KEYWORD_WEIGHT * keywords + NAME_WEIGHT * names + WORDING_WEIGHT * wording,
        why=Evidence(similarity, best, keywords, names, wording),
        units=units,
        attributions=item.attributions,
        superseded=item.superseded,
    )
