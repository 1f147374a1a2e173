"""The catalogue's passages and their vectors: written with their document, read for ranking.

A row never changes: a document that changes gets new rows with new keys. So what was read once is kept in memory, and
only whether the reader may see its document is asked each time.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, Engine, Row, delete, func, insert, select

from knowledge import records, schema
from knowledge.embedding import Vectors
from knowledge.lexicon import Lexicon
from knowledge.recent import Recent
from knowledge.types import Attribution, Document, Passage, Scope, Source

_BATCH = 500
_PASSAGES_KEPT = 4000
_SOURCES_KEPT = 1000

_passages, _documents = schema.passages, schema.documents


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage with its vectors: ``vector`` (dimensions,), ``unit_vectors`` (units, dimensions)."""

    passage: Passage
    vector: Vectors
    unit_vectors: Vectors


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it is read, with what ranking and citing need."""

    key: int
    embedded: EmbeddedPassage
    source: Source
    attributions: tuple[Attribution, ...]


class Passages:
    """Reads passages. All methods block."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._recent: Recent[int, EmbeddedPassage] = Recent(_PASSAGES_KEPT)
        self._sources: Recent[tuple[str, str], tuple[Source, tuple[Attribution, ...]]] = Recent(_SOURCES_KEPT)

    def fetch(self, keys: Iterable[int], audiences: frozenset[str]) -> list[StoredPassage]:
        """The passages with these keys whose *document* the audiences may see now: the label of the document decides,
        whatever an index or this memory still holds."""
        query = (
            select(_passages.c.key, _documents.c.id, _documents.c.digest)
            .join(_documents, _documents.c.id == _passages.c.document_id)
            .where(_passages.c.key.in_(list(keys)), _documents.c.audience.in_(sorted(audiences)))
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            embedded = self._embedded(connection, [row.key for row in rows])
            sources = self._sources_of(connection, {(row.id, row.digest) for row in rows})
        # A document replaced between these statements is gone from one of them: it is left out, not half shown.
        whole = [row for row in rows if row.key in embedded and (row.id, row.digest) in sources]
        return [StoredPassage(row.key, embedded[row.key], *sources[row.id, row.digest]) for row in whole]

    def matrix(self, fingerprint: str, scope: Scope, after: int = 0) -> tuple[list[int], Vectors | None]:
        """Keys above ``after`` and vectors of every passage in scope, for an exact comparison; None when there is
        none."""
        query = select(_passages.c.key, _passages.c.vector).where(
            _passages.c.fingerprint == fingerprint,
            _passages.c.audience.in_(sorted(scope.audiences)),
            _passages.c.key > after,
        )
        rows: list[Row[tuple[int, bytes]]] = []
        with self._engine.connect() as connection:
            if scope.document_ids is None:
                rows = list(connection.execute(query))
            else:
                for batch in _batches(sorted(scope.document_ids)):
                    rows.extend(connection.execute(query.where(_passages.c.document_id.in_(batch))))
        if not rows:
            return [], None
        vectors = np.frombuffer(b"".join(row.vector for row in rows), dtype=np.float32)
        return [row.key for row in rows], vectors.reshape(len(rows), -1)

    def keys_of(self, fingerprint: str, ids: Sequence[str]) -> list[int]:
        query = select(_passages.c.key).where(_passages.c.fingerprint == fingerprint, _passages.c.id.in_(list(ids)))
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def unit_vectors(self, fingerprint: str, ids: Sequence[str]) -> dict[str, Vectors]:
        """Passage id → vectors of its units, shape (units, dimensions)."""
        keys = self.keys_of(fingerprint, ids)
        with self._engine.connect() as connection:
            held = self._embedded(connection, keys)
        return {item.passage.id: item.unit_vectors for item in held.values()}

    def ids(self, fingerprint: str, audience: str) -> set[str]:
        query = select(_passages.c.id).where(_passages.c.fingerprint == fingerprint, _passages.c.audience == audience)
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def vectors_of(self, fingerprint: str, ids: Sequence[str]) -> Iterator[tuple[list[str], Vectors]]:
        """The vectors of these passages, in batches, for filling the vector index."""
        for batch in _batches(ids):
            query = select(_passages.c.id, _passages.c.vector).where(
                _passages.c.fingerprint == fingerprint, _passages.c.id.in_(batch)
            )
            with self._engine.connect() as connection:
                rows = connection.execute(query).all()
            yield [row.id for row in rows], np.stack([np.frombuffer(row.vector, dtype=np.float32) for row in rows])

    def documents_with(self, fingerprint: str) -> set[str]:
        """The documents that have passages under the fingerprint."""
        query = select(_passages.c.document_id).where(_passages.c.fingerprint == fingerprint).distinct()
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def last_key(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.max(_passages.c.key))).scalar() or 0

    def _embedded(self, connection: Connection, keys: Sequence[int]) -> dict[int, EmbeddedPassage]:
        held = {key: value for key in keys if (value := self._recent.get(key)) is not None}
        missing = [key for key in keys if key not in held]
        if missing:
            for row in connection.execute(select(_passages).where(_passages.c.key.in_(missing))):
                vector = np.frombuffer(row.vector, dtype=np.float32)
                units = np.frombuffer(row.unit_vectors, dtype=np.float16).reshape(-1, len(vector))
                held[row.key] = EmbeddedPassage(records.passage_from(row), vector, units.astype(np.float32))
                self._recent.put(row.key, held[row.key])
        return held

    def _sources_of(
        self, connection: Connection, wanted: set[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[Source, tuple[Attribution, ...]]]:
        held = {version: value for version in wanted if (value := self._sources.get(version)) is not None}
        missing = [identifier for identifier, digest in wanted if (identifier, digest) not in held]
        if missing:
            query = select(_documents.c.id, _documents.c.digest, _documents.c.source, _documents.c.structure)
            for row in connection.execute(query.where(_documents.c.id.in_(missing))):
                value = (records.source_from(row.source), records.attributions_from(row.structure))
                held[row.id, row.digest] = value
                self._sources.put((row.id, row.digest), value)
        return held


def insert_passages(
    connection: Connection, document: Document, fingerprint: str, embedded: Sequence[EmbeddedPassage]
) -> None:
    """Rows and keyword entries, inside the caller's transaction."""
    lexicon = Lexicon(connection, fingerprint)
    for item in embedded:
        passage = item.passage
        key = connection.execute(
            insert(_passages).values(
                fingerprint=fingerprint,
                id=passage.id,
                document_id=passage.document_id,
                audience=document.source.audience,
                headings=json.dumps(passage.headings, ensure_ascii=False),
                locator=passage.locator,
                start=passage.start,
                end=passage.end,
                text=passage.text,
                vector=item.vector.astype(np.float32).tobytes(),
                units=records.units_bytes(passage.units),
                unit_vectors=item.unit_vectors.astype(np.float16).tobytes(),
            )
        ).inserted_primary_key
        assert key is not None
        lexicon.add(document.source.audience, key[0], document.source.title, passage.headings, passage.text)


def remove_passages(connection: Connection, document_id: str, fingerprint: str | None = None) -> None:
    """Of one fingerprint or of all, with their keyword entries, inside the caller's transaction."""
    where = [_passages.c.document_id == document_id]
    if fingerprint is not None:
        where.append(_passages.c.fingerprint == fingerprint)
    query = select(_passages.c.key, _passages.c.fingerprint, _passages.c.audience).where(*where)
    for row in connection.execute(query).all():
        Lexicon(connection, row.fingerprint).remove(row.audience, row.key)
    connection.execute(delete(_passages).where(*where))


def _batches(items: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _BATCH):
        yield list(items[start : start + _BATCH])
