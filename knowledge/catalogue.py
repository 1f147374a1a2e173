"""The truth about the knowledge base: documents, their passages and vectors, in SQLite (WAL).

Each document is written in one transaction with its passages, vectors and keyword entries, so a kill leaves it whole
or absent. All methods block; async callers go through ``asyncio.to_thread``.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, Row, create_engine, delete, event, func, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from knowledge import records, schema
from knowledge.embedding import Vectors
from knowledge.errors import DataDirectoryError, IndexMismatch, StoreEmpty
from knowledge.lexicon import Lexicon
from knowledge.types import Attribution, Document, Passage, Scope, Source

FILE = "catalogue.sqlite3"


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage with its vectors: ``vector`` (dimensions,), ``unit_vectors`` (units, dimensions)."""

    passage: Passage
    vector: Vectors
    unit_vectors: Vectors


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as the catalogue returns it, with what ranking and citing need."""

    key: int
    embedded: EmbeddedPassage
    source: Source
    attributions: tuple[Attribution, ...]


class Catalogue:
    """Opened on a data directory. ``create=False`` raises StoreEmpty where there is nothing yet."""

    def __init__(self, directory: Path, *, create: bool = False) -> None:
        self.path = directory / FILE
        if not self.path.exists() and not create:
            raise StoreEmpty(
                f"There is no knowledge base in {directory}. Run `migdesk ingest PATH --data {directory}`, or name another "
                "directory with --data or MIGDESK_DATA."
            )
        self._engine = _engine(self.path)
        try:
            if create:
                directory.mkdir(parents=True, exist_ok=True)
                schema.metadata.create_all(self._engine)
            self._check_schema(create)
        except (OSError, DBAPIError) as error:
            reason = getattr(error, "strerror", None) or str(getattr(error, "orig", error))
            raise DataDirectoryError(f"The data directory {directory} cannot be used: {reason}.") from error

    def close(self) -> None:
        self._engine.dispose()

    # ---- settings -------------------------------------------------------------------------------------------------

    def setting(self, name: str) -> str | None:
        with self._engine.connect() as connection:
            return _setting(connection, name)

    def set_settings(self, values: dict[str, str]) -> None:
        with self._engine.begin() as connection:
            for name, value in values.items():
                _set_setting(connection, name, value)

    @property
    def fingerprint(self) -> str | None:
        """Of the index that questions are answered from; None before the first ingest."""
        return self.setting("fingerprint")

    @property
    def revision(self) -> int:
        """Counts changes to passages: an index built at an older revision is behind."""
        return int(self.setting("revision") or 0)

    # ---- documents ------------------------------------------------------------------------------------------------

    def digests(self) -> dict[str, tuple[str, str]]:
        """Origin → (document id, digest) of every document."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(schema.documents.c.origin, schema.documents.c.id, schema.documents.c.digest)
            )
            return {row.origin: (row.id, row.digest) for row in rows}

    def put(self, document: Document, fingerprint: str, embedded: Sequence[EmbeddedPassage]) -> None:
        """Adds the document, or replaces the one with its id, whole."""
        source = document.source
        with self._engine.begin() as connection:
            self._remove_passages(connection, source.id, None)
            connection.execute(delete(schema.documents).where(schema.documents.c.id == source.id))
            connection.execute(
                insert(schema.documents).values(
                    id=source.id,
                    audience=source.audience,
                    origin=source.origin,
                    digest=document.digest,
                    source=records.source_json(source),
                    text=document.text,
                    structure=records.structure_json(document),
                    ingested_at=datetime.now(UTC).isoformat(timespec="seconds"),
                )
            )
            self._insert_passages(connection, document, fingerprint, embedded)

    def put_passages(self, document: Document, fingerprint: str, embedded: Sequence[EmbeddedPassage]) -> None:
        """Passages of a document that is already there, under another fingerprint: how an index is built beside."""
        with self._engine.begin() as connection:
            self._remove_passages(connection, document.source.id, fingerprint)
            self._insert_passages(connection, document, fingerprint, embedded)

    def remove(self, document_id: str) -> None:
        with self._engine.begin() as connection:
            self._remove_passages(connection, document_id, None)
            connection.execute(delete(schema.documents).where(schema.documents.c.id == document_id))

    def move(self, document_id: str, origin: str) -> None:
        """The same document, now found at another origin."""
        with self._engine.begin() as connection:
            table = schema.documents
            connection.execute(update(table).where(table.c.id == document_id).values(origin=origin))

    def document(self, document_id: str, audiences: frozenset[str]) -> Document | None:
        """The document, or None: hidden and absent look the same."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(schema.documents).where(
                    schema.documents.c.id == document_id, schema.documents.c.audience.in_(sorted(audiences))
                )
            ).first()
        return records.document_from(row) if row is not None else None

    def excerpt(self, document_id: str, start: int, end: int, audiences: frozenset[str]) -> str | None:
        """The stored characters from ``start`` up to ``end``, or None when the audiences may not see the document now."""
        table = schema.documents
        statement = select(func.substr(table.c.text, start + 1, max(0, end - start))).where(
            table.c.id == document_id, table.c.audience.in_(sorted(audiences))
        )
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar()

    def documents(self) -> Iterator[Document]:
        """Every document, in the order of ids. For rebuilding; never for a reader."""
        with self._engine.connect() as connection:
            ids = connection.execute(select(schema.documents.c.id).order_by(schema.documents.c.id)).scalars().all()
        for document_id in ids:
            with self._engine.connect() as connection:
                row = connection.execute(select(schema.documents).where(schema.documents.c.id == document_id)).first()
            if row is not None:
                yield records.document_from(row)

    def counts(self, fingerprint: str | None) -> dict[str, tuple[int, int]]:
        """Audience → (documents, passages under the fingerprint)."""
        documents, passages = schema.documents, schema.passages
        with self._engine.connect() as connection:
            held = {
                a: n
                for a, n in connection.execute(
                    select(documents.c.audience, func.count()).group_by(documents.c.audience)
                )
            }
            query = select(passages.c.audience, func.count()).where(passages.c.fingerprint == fingerprint)
            cut = {a: n for a, n in connection.execute(query.group_by(passages.c.audience))}
        return {audience: (held.get(audience, 0), cut.get(audience, 0)) for audience in sorted({*held, *cut})}

    # ---- passages -------------------------------------------------------------------------------------------------

    def indexed_documents(self, fingerprint: str) -> set[str]:
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(schema.passages.c.document_id).where(schema.passages.c.fingerprint == fingerprint).distinct()
            )
            return set(rows.scalars())

    def passage_ids(self, fingerprint: str, audience: str) -> set[str]:
        table = schema.passages
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(table.c.id).where(table.c.fingerprint == fingerprint, table.c.audience == audience)
            )
            return set(rows.scalars())

    def vectors_of(self, fingerprint: str, ids: Sequence[str]) -> Iterator[tuple[list[str], Vectors]]:
        """The vectors of these passages, in batches, for filling the vector index."""
        table = schema.passages
        for batch in _batches(ids, 500):
            with self._engine.connect() as connection:
                rows = connection.execute(
                    select(table.c.id, table.c.vector).where(table.c.fingerprint == fingerprint, table.c.id.in_(batch))
                ).all()
            yield (
                [row.id for row in rows],
                np.stack([np.frombuffer(row.vector, dtype=np.float32) for row in rows]),
            )

    def matrix(self, fingerprint: str, scope: Scope, after: int = 0) -> tuple[list[int], Vectors | None]:
        """Keys above ``after`` and vectors of every passage in scope, for an exact comparison; None when there is none."""
        table = schema.passages
        query = select(table.c.key, table.c.vector).where(
            table.c.fingerprint == fingerprint,
            table.c.audience.in_(sorted(scope.audiences)),
            table.c.key > after,
        )
        rows: list[Row[tuple[int, bytes]]] = []
        with self._engine.connect() as connection:
            if scope.document_ids is None:
                rows = list(connection.execute(query))
            else:
                for batch in _batches(sorted(scope.document_ids), 500):
                    rows.extend(connection.execute(query.where(table.c.document_id.in_(batch))))
        if not rows:
            return [], None
        vectors = np.frombuffer(b"".join(row.vector for row in rows), dtype=np.float32)
        return [row.key for row in rows], vectors.reshape(len(rows), -1)

    def last_key(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.max(schema.passages.c.key))).scalar() or 0

    def keys_of(self, fingerprint: str, ids: Sequence[str]) -> list[int]:
        table = schema.passages
        with self._engine.connect() as connection:
            return list(
                connection.execute(
                    select(table.c.key).where(table.c.fingerprint == fingerprint, table.c.id.in_(list(ids)))
                ).scalars()
            )

    def fetch(self, keys: Iterable[int], audiences: frozenset[str]) -> list[StoredPassage]:
        """The passages with these keys whose *document* the audiences may see now: the label of the document decides,
        whatever an index still holds."""
        passages, documents = schema.passages, schema.documents
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(passages, documents.c.source, documents.c.structure)
                .join(documents, documents.c.id == passages.c.document_id)
                .where(passages.c.key.in_(list(keys)), documents.c.audience.in_(sorted(audiences)))
            ).all()
        cached: dict[str, tuple[Source, tuple[Attribution, ...]]] = {}
        result = []
        for row in rows:
            if row.document_id not in cached:
                cached[row.document_id] = (
                    records.source_from(row.source),
                    records.attributions_from(row.structure),
                )
            source, attributions = cached[row.document_id]
            result.append(StoredPassage(row.key, _embedded(row), source, attributions))
        return result

    def unit_vectors(self, fingerprint: str, ids: Sequence[str]) -> dict[str, Vectors]:
        """Passage id → vectors of its units, shape (units, dimensions)."""
        table = schema.passages
        query = select(table.c.id, table.c.vector, table.c.unit_vectors)
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(table.c.fingerprint == fingerprint, table.c.id.in_(list(ids)))).all()
        return {row.id: _unit_vectors(row) for row in rows}

    @contextmanager
    def lexicon(self, fingerprint: str) -> Iterator[Lexicon]:
        """The keyword index, for reading."""
        with self._engine.connect() as connection:
            yield Lexicon(connection, fingerprint)

    # ---- the index ------------------------------------------------------------------------------------------------

    def switch(self, fingerprint: str) -> None:
        """Answers questions from the passages under this fingerprint from now on, and drops all others."""
        with self._engine.begin() as connection:
            old = set(connection.execute(select(schema.passages.c.fingerprint).distinct()).scalars()) - {fingerprint}
            for other in old:
                Lexicon(connection, other).drop()
                connection.execute(delete(schema.passages).where(schema.passages.c.fingerprint == other))
            _set_setting(connection, "fingerprint", fingerprint)
            _set_setting(connection, "revision", str(int(_setting(connection, "revision") or 0) + 1))

    def _insert_passages(
        self,
        connection: Connection,
        document: Document,
        fingerprint: str,
        embedded: Sequence[EmbeddedPassage],
    ) -> None:
        lexicon = Lexicon(connection, fingerprint)
        for item in embedded:
            passage = item.passage
            key = connection.execute(
                insert(schema.passages).values(
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
        _set_setting(connection, "revision", str(int(_setting(connection, "revision") or 0) + 1))

    def _remove_passages(self, connection: Connection, document_id: str, fingerprint: str | None) -> None:
        table = schema.passages
        where = [table.c.document_id == document_id]
        if fingerprint is not None:
            where.append(table.c.fingerprint == fingerprint)
        rows = connection.execute(select(table.c.key, table.c.fingerprint, table.c.audience).where(*where)).all()
        for row in rows:
            Lexicon(connection, row.fingerprint).remove(row.audience, row.key)
        if rows:
            connection.execute(delete(table).where(*where))
            _set_setting(connection, "revision", str(int(_setting(connection, "revision") or 0) + 1))

    def _check_schema(self, create: bool) -> None:
        with self._engine.begin() as connection:
            try:
                found = _setting(connection, "schema")
            except OperationalError as error:
                if "no such table" not in str(error.orig):
                    raise
                raise StoreEmpty(f"{self.path} is not a knowledge base yet. Run `migdesk ingest PATH`.") from error
            if found is None and create:
                _set_setting(connection, "schema", schema.VERSION)
            elif found != schema.VERSION:
                raise IndexMismatch(
                    f"{self.path} was written by another version of the desk (schema {found}, this one uses {schema.VERSION}). "
                    "Ingest the documents into a new data directory."
                )


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 10, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    return engine


def _embedded(row: Any) -> EmbeddedPassage:
    vector = np.frombuffer(row.vector, dtype=np.float32)
    return EmbeddedPassage(records.passage_from(row), vector, _unit_vectors(row))


def _unit_vectors(row: Any) -> Vectors:
    dimensions = len(row.vector) // np.dtype(np.float32).itemsize
    return np.frombuffer(row.unit_vectors, dtype=np.float16).reshape(-1, dimensions).astype(np.float32)


def _setting(connection: Connection, name: str) -> str | None:
    return connection.execute(select(schema.settings.c.value).where(schema.settings.c.name == name)).scalar()


def _set_setting(connection: Connection, name: str, value: str) -> None:
    connection.execute(delete(schema.settings).where(schema.settings.c.name == name))
    connection.execute(insert(schema.settings).values(name=name, value=value))


def _batches(items: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
