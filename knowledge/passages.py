"""The catalogue's passages and their vectors: written with their document, read for ranking.

The text and the vectors of a row never change: a document that changes gets a new version with new rows. So what was
read once is kept in memory, and only whether the reader may see its document today is asked each time.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, delete, func, insert, or_, select, update

from knowledge import records, schema
from knowledge.embedding import Vectors
from knowledge.lexicon import Lexicon, partition
from knowledge.recent import Recent
from knowledge.types import Attribution, Document, Passage, Scope, Source
from knowledge.validity import is_in_force

_BATCH = 500
_PASSAGES_KEPT = 4000
_SOURCES_KEPT = 1000
# In the place of an audience: no reader has it, so nothing of these passages is ranked or counted for anybody.
WITHDRAWN = "withdrawn"

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
    superseded: bool


class Passages:
    """Reads passages. All methods block."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._recent: Recent[int, EmbeddedPassage] = Recent(_PASSAGES_KEPT)
        self._sources: Recent[str, Source] = Recent(_SOURCES_KEPT)
        self._attributions: Recent[tuple[str, int, str], tuple[Attribution, ...]] = Recent(_SOURCES_KEPT)

    def fetch(self, keys: Iterable[int], scope: Scope) -> list[StoredPassage]:
        """The passages with these keys whose *document* the scope's audiences may see now and that is in force on its
        day: the rows of the documents decide, whatever an index or this memory still holds."""
        query = (
            select(
                _passages.c.key,
                _documents.c.id,
                _documents.c.version,
                _documents.c.digest,
                _documents.c.source,
                _documents.c.latest,
                _documents.c.superseded_by,
                _documents.c.ends,
            )
            .join(_documents, _of_its_document)
            .where(_passages.c.key.in_(list(keys)), visible(scope.audiences), in_force(scope.as_of))
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            embedded = self._embedded(connection, [row.key for row in rows])
            attributions = self._attributions_of(connection, {(row.id, row.version, row.digest) for row in rows})
        # A document removed between these statements is gone from one of them: it is left out, not half shown.
        whole = [row for row in rows if row.key in embedded and (row.id, row.version, row.digest) in attributions]
        return [
            StoredPassage(
                row.key,
                embedded[row.key],
                self._source(row.source),
                attributions[row.id, row.version, row.digest],
                superseded=(not row.latest or row.superseded_by is not None)
                and not is_in_force(None, row.ends, _today()),
            )
            for row in whole
        ]

    def _source(self, text: str) -> Source:
        """An operator may date or relabel a version: its source is read anew whenever its text is another."""
        held = self._sources.get(text)
        if held is None:
            held = records.source_from(text)
            self._sources.put(text, held)
        return held

    def matrix(self, fingerprint: str, scope: Scope, after: int = 0) -> tuple[list[int], Vectors | None]:
        """Keys above ``after`` and vectors of every passage in scope, for an exact comparison; None when there is
        none."""
        query = (
            select(_passages.c.key, _passages.c.vector)
            .join(_documents, _of_its_document)
            .where(
                _passages.c.fingerprint == fingerprint,
                _passages.c.audience.in_(sorted(scope.audiences)),
                _passages.c.key > after,
                in_force(scope.as_of),
            )
        )
        if scope.as_of is None:
            query = query.where(_passages.c.live)
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
        """Of what the index of this audience has to hold."""
        query = select(_passages.c.id).where(
            _passages.c.fingerprint == fingerprint, _passages.c.audience == audience, _passages.c.live
        )
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

    def versions_with(self, fingerprint: str) -> set[tuple[str, int]]:
        """The versions of documents that have passages under the fingerprint."""
        query = (
            select(_passages.c.document_id, _passages.c.version)
            .where(_passages.c.fingerprint == fingerprint)
            .distinct()
        )
        with self._engine.connect() as connection:
            return {(row.document_id, row.version) for row in connection.execute(query)}

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

    def _attributions_of(
        self, connection: Connection, wanted: set[tuple[str, int, str]]
    ) -> dict[tuple[str, int, str], tuple[Attribution, ...]]:
        held = {version: value for version in wanted if (value := self._attributions.get(version)) is not None}
        missing = sorted({identifier for identifier, number, digest in wanted - held.keys()})
        if missing:
            query = select(_documents.c.id, _documents.c.version, _documents.c.digest, _documents.c.structure)
            for row in connection.execute(query.where(_documents.c.id.in_(missing))):
                version = (row.id, row.version, row.digest)
                if version in wanted:
                    held[version] = records.attributions_from(row.structure)
                    self._attributions.put(version, held[version])
        return held


_of_its_document = and_(_documents.c.id == _passages.c.document_id, _documents.c.version == _passages.c.version)


def visible(audiences: frozenset[str]) -> ColumnElement[bool]:
    """The one condition on who may see a document."""
    return and_(_documents.c.audience.in_(sorted(audiences)), _documents.c.withdrawn_at.is_(None))


def in_force(day: date | None) -> ColumnElement[bool]:
    """The one condition on when a version is in force; today where no day is given."""
    wanted = day.isoformat() if day is not None else _today()
    return and_(
        or_(_documents.c.starts.is_(None), _documents.c.starts <= wanted),
        or_(_documents.c.ends.is_(None), _documents.c.ends > wanted),
    )


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def insert_passages(
    connection: Connection,
    document: Document,
    fingerprint: str,
    embedded: Sequence[EmbeddedPassage],
    audience: str,
    live: bool,
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
                version=passage.version,
                live=live,
                audience=audience,
                headings=json.dumps(passage.headings, ensure_ascii=False),
                locator=passage.locator,
                places=records.places_json(passage),
                start=passage.start,
                end=passage.end,
                text=passage.text,
                vector=item.vector.astype(np.float32).tobytes(),
                units=records.units_bytes(passage.units),
                unit_vectors=item.unit_vectors.astype(np.float16).tobytes(),
            )
        ).inserted_primary_key
        assert key is not None
        lexicon.add(partition(audience, live), key[0], document.source.title, passage.headings, passage.text)


def remove_passages(connection: Connection, document_id: str, version: int, fingerprint: str | None = None) -> None:
    """Of one fingerprint or of all, with their keyword entries, inside the caller's transaction."""
    where = [_passages.c.document_id == document_id, _passages.c.version == version]
    if fingerprint is not None:
        where.append(_passages.c.fingerprint == fingerprint)
    query = select(_passages.c.key, _passages.c.fingerprint, _passages.c.audience, _passages.c.live).where(*where)
    for row in connection.execute(query).all():
        Lexicon(connection, row.fingerprint).remove(partition(row.audience, row.live), row.key)
    connection.execute(delete(_passages).where(*where))


def move_passages(connection: Connection, document_id: str, version: int, title: str, audience: str, live: bool) -> int:
    """Puts the passages of a version under an audience, into the index of today or out of it. Returns how many."""
    where = (_passages.c.document_id == document_id, _passages.c.version == version)
    query = select(
        _passages.c.key,
        _passages.c.fingerprint,
        _passages.c.audience,
        _passages.c.live,
        _passages.c.headings,
        _passages.c.text,
    ).where(*where, or_(_passages.c.audience != audience, _passages.c.live != live))
    rows = connection.execute(query).all()
    for row in rows:
        lexicon = Lexicon(connection, row.fingerprint)
        lexicon.remove(partition(row.audience, row.live), row.key)
        lexicon.add(partition(audience, live), row.key, title, json.loads(row.headings), row.text)
    connection.execute(update(_passages).where(*where).values(audience=audience, live=live))
    return len(rows)


def _batches(items: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _BATCH):
        yield list(items[start : start + _BATCH])
