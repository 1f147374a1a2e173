"""The truth about the knowledge base: documents, their passages and vectors, in SQLite (WAL).

Each document is written in one transaction with its passages, vectors and keyword entries, so a kill leaves it whole
or absent. All methods block; async callers go through ``asyncio.to_thread``.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, create_engine, delete, event, func, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from knowledge import records, schema, versions
from knowledge.audiences import PUBLIC
from knowledge.errors import DataDirectoryError, IndexMismatch, StoreEmpty, UnknownDocument
from knowledge.lexicon import Frequencies, Lexicon
from knowledge.passages import EmbeddedPassage, Passages, in_force, visible
from knowledge.recent import Recent
from knowledge.types import Decision, Document, Source
from knowledge.versions import VersionInfo

FILE = "catalogue.sqlite3"
_FREQUENCIES_KEPT = 20_000
_HIGHEST_VERSION = 2**31 - 1  # no larger number can be asked for in every database


@dataclass(frozen=True, slots=True)
class Known:
    """What synchronising needs to know of a document: its latest version and what an operator decided on it."""

    id: str
    version: int
    digest: str
    audience: str
    original: str | None
    label: str | None
    is_withdrawn: bool


class Catalogue:
    """Opened on a data directory. ``create=False`` raises StoreEmpty where there is nothing yet."""

    def __init__(self, directory: Path, *, create: bool = False) -> None:
        self.path = directory / FILE
        if not self.path.exists() and not create:
            raise StoreEmpty(
                f"There is no knowledge base in {directory}. Run `migdesk ingest PATH --data {directory}`, or "
                f"name another "
                "directory with --data or MIGDESK_DATA."
            )
        self._engine = _engine(self.path)
        self.passages = Passages(self._engine)
        self._frequencies: Frequencies = Recent(_FREQUENCIES_KEPT)
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

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction. Raises DataDirectoryError when it cannot be written (a full disk, a lost right)."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise DataDirectoryError(
                f"{self.path} cannot be written: {error.orig}. What was finished before is kept; free the cause and "
                "run the command again."
            ) from error

    # ---- settings -------------------------------------------------------------------------------------------------

    def setting(self, name: str) -> str | None:
        with self._engine.connect() as connection:
            return _setting(connection, name)

    def settings(self) -> dict[str, str]:
        """All of them, as they stood at one moment."""
        with self._engine.connect() as connection:
            return {row.name: row.value for row in connection.execute(select(schema.settings))}

    def set_settings(self, values: dict[str, str]) -> None:
        with self._writing() as connection:
            for name, value in values.items():
                _set_setting(connection, name, value)

    @property
    def fingerprint(self) -> str | None:
        """Of the index that questions are answered from; None before the first ingest."""
        return self.setting("fingerprint")

    @property
    def base(self) -> str:
        """The name of this knowledge base among others on a shared server."""
        return self.setting("base") or ""

    @property
    def revision(self) -> int:
        """Counts changes to passages: an index built at an older revision is behind."""
        return int(self.setting("revision") or 0)

    # ---- documents ------------------------------------------------------------------------------------------------

    def known(self) -> dict[str, Known]:
        """Origin → what is held of the document that lies there."""
        table = schema.documents
        c = table.c
        columns = (c.origin, c.id, c.version, c.digest, c.audience, c.original, c.label, c.withdrawn_at)
        with self._engine.connect() as connection:
            return {
                row.origin: Known(
                    row.id,
                    row.version,
                    row.digest,
                    row.audience,
                    row.original,
                    row.label,
                    row.withdrawn_at is not None,
                )
                for row in connection.execute(select(*columns).where(table.c.latest))
            }

    def put(self, document: Document, fingerprint: str, embedded: Sequence[EmbeddedPassage], own: str = PUBLIC) -> None:
        """Adds a document, or the next version of one, whole. ``own`` is the audience that its file names itself."""
        with self._writing() as connection:
            versions.put_version(connection, document, fingerprint, embedded, own)
            _count_change(connection)

    def put_passages(self, document: Document, fingerprint: str, embedded: Sequence[EmbeddedPassage]) -> None:
        """Passages of a version that is already there, under another fingerprint: how an index is built beside."""
        with self._writing() as connection:
            versions.put_passages(connection, document, fingerprint, embedded)
            _count_change(connection)

    def remove(self, document_id: str) -> None:
        """Every version, for good."""
        with self._writing() as connection:
            versions.remove(connection, document_id)
            _count_change(connection)

    def move(self, document_id: str, origin: str) -> None:
        """The same document, now found at another origin."""
        table = schema.documents
        with self._writing() as connection:
            connection.execute(update(table).where(table.c.id == document_id, table.c.latest).values(origin=origin))

    def relabel(self, document_id: str, audience: str) -> None:
        """Every version under the audience that its file and the ingest name now."""
        with self._writing() as connection:
            versions.relabel(connection, document_id, audience, decided=False)
            _count_change(connection)

    def originals(self) -> set[str]:
        """The digests of the original files of every version."""
        table = schema.documents
        query = select(table.c.original).where(table.c.original.is_not(None)).distinct()
        with self._engine.connect() as connection:
            return {str(digest) for digest in connection.execute(query).scalars()}

    def settle(self) -> None:
        """Takes out of the index what is no longer in force today."""
        with self._writing() as connection:
            if versions.settle(connection):
                _count_change(connection)

    def document(self, document_id: str, audiences: frozenset[str], version: int | None = None) -> Document | None:
        """The version, or (None) the one in force today, else the latest; or None: hidden and absent look the same."""
        table = schema.documents
        query = select(table).where(table.c.id == document_id, visible(audiences))
        if version is not None:
            query = query.where(table.c.version == min(version, _HIGHEST_VERSION))
        with self._engine.connect() as connection:
            current = connection.execute(query.where(in_force(None)).order_by(table.c.version.desc())).first()
            row = current or connection.execute(query.order_by(table.c.version.desc())).first()
        return records.document_from(row) if row is not None else None

    def stored(self, document_id: str, version: int) -> Document:
        """A version whoever may see it. For operators; raises UnknownDocument."""
        table = schema.documents
        with self._engine.connect() as connection:
            row = connection.execute(select(table).where(table.c.id == document_id, table.c.version == version)).first()
        if row is None:
            raise UnknownDocument(f"There is no version {version} of '{document_id}'.")
        return records.document_from(row)

    def newest(self, document_id: str, audiences: frozenset[str]) -> Source | None:
        """The source of the version in force today, for one who reads an older one."""
        found = self.document(document_id, audiences)
        return found.source if found is not None else None

    def excerpt(
        self, document_id: str, start: int, end: int, audiences: frozenset[str], version: int = 1
    ) -> str | None:
        """The stored characters from ``start`` up to ``end`` of a version, or None when the audiences may not see the
        document now."""
        table = schema.documents
        statement = select(func.substr(table.c.text, start + 1, max(0, end - start))).where(
            table.c.id == document_id, table.c.version == version, visible(audiences)
        )
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar()

    def sources(self, audiences: frozenset[str], limit: int = 1000) -> list[Source]:
        """What the audiences may see and is in force today, without texts, by id."""
        table = schema.documents
        query = select(table.c.source).where(visible(audiences), in_force(None)).order_by(table.c.id).limit(limit)
        with self._engine.connect() as connection:
            return [records.source_from(text) for text in connection.execute(query).scalars()]

    def documents(self) -> Iterator[Document]:
        """Every version of every document, in the order of ids. For rebuilding; never for a reader."""
        table = schema.documents
        with self._engine.connect() as connection:
            keys = connection.execute(select(table.c.id, table.c.version).order_by(table.c.id, table.c.version)).all()
        for key in keys:
            with self._engine.connect() as connection:
                row = connection.execute(
                    select(table).where(table.c.id == key.id, table.c.version == key.version)
                ).first()
            if row is not None:
                yield records.document_from(row)

    def info(self, document_id: str, version: int | None = None) -> VersionInfo:
        """A version of a document, or its latest. For operators; raises UnknownDocument."""
        found = [info for info in self.history(document_id) if version in (None, info.version)]
        if not found:
            which = f"version {version} of '{document_id}'" if version is not None else f"document '{document_id}'"
            raise UnknownDocument(f"There is no {which}. `migdesk knowledge list` shows what there is.")
        return found[-1]

    def version_count(self) -> int:
        """Versions of all documents."""
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(schema.documents)).scalar() or 0

    def decide(self, decision: Decision) -> None:
        """Keeps the decision and makes it hold, in one transaction."""
        with self._writing() as connection:
            values = {"who": decision.who, "document_id": decision.document_id, "action": decision.action}
            detail = json.dumps(decision.detail, ensure_ascii=False)
            connection.execute(insert(schema.decisions).values(**values, at=versions.now(), detail=detail))
            versions.apply(connection, decision.document_id, decision.action, decision.detail)
            _count_change(connection)

    def decisions(self, document_id: str | None = None) -> list[Decision]:
        """What operators decided, the oldest first."""
        query = select(schema.decisions).order_by(schema.decisions.c.number)
        if document_id is not None:
            query = query.where(schema.decisions.c.document_id == document_id)
        with self._engine.connect() as connection:
            return [
                Decision(row.who, row.document_id, row.action, json.loads(row.detail), row.at)
                for row in connection.execute(query)
            ]

    def dates(self, document_id: str, version: int) -> dict[str, str | None]:
        """What is set of ``published``, ``valid_from`` and ``valid_until``."""
        table = schema.documents
        query = select(table.c.source).where(table.c.id == document_id, table.c.version == version)
        with self._engine.connect() as connection:
            source = records.source_from(connection.execute(query).scalar_one())
        return {name: getattr(source, name) for name in ("published", "valid_from", "valid_until")}

    def history(self, document_id: str | None = None) -> list[VersionInfo]:
        """The versions of a document, the newest last; or the latest of every document. For operators."""
        with self._engine.connect() as connection:
            return versions.infos(connection, document_id)

    def counts(self, fingerprint: str | None) -> dict[str, tuple[int, int]]:
        """Audience → (documents, passages under the fingerprint) of what is in the index of today."""
        documents, passages = schema.documents, schema.passages
        with self._engine.connect() as connection:
            query = select(documents.c.audience, func.count().label("n")).group_by(documents.c.audience)
            query = query.where(documents.c.live)
            held = {row.audience: row.n for row in connection.execute(query)}
            query = select(passages.c.audience, func.count().label("n")).group_by(passages.c.audience)
            cut = {
                row.audience: row.n
                for row in connection.execute(query.where(passages.c.fingerprint == fingerprint, passages.c.live))
            }
        return {audience: (held.get(audience, 0), cut.get(audience, 0)) for audience in sorted({*held, *cut})}

    @contextmanager
    def lexicon(self, fingerprint: str) -> Iterator[Lexicon]:
        """The keyword index, for reading."""
        with self._engine.connect() as connection:
            revision = int(_setting(connection, "revision") or 0)
            yield Lexicon(connection, fingerprint, self._frequencies, revision)

    # ---- the index ------------------------------------------------------------------------------------------------

    def count_change(self) -> None:
        with self._writing() as connection:
            _count_change(connection)

    def switch(self, fingerprint: str) -> None:
        """Answers questions from the passages under this fingerprint from now on, and drops all others."""
        with self._writing() as connection:
            old = set(connection.execute(select(schema.passages.c.fingerprint).distinct()).scalars()) - {fingerprint}
            for other in old:
                Lexicon(connection, other).drop()
                connection.execute(delete(schema.passages).where(schema.passages.c.fingerprint == other))
            _set_setting(connection, "fingerprint", fingerprint)
            _count_change(connection)

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
                _set_setting(connection, "base", uuid.uuid4().hex[:12])
            elif found != schema.VERSION:
                raise IndexMismatch(
                    f"{self.path} was written by another version of the desk (schema {found}, this one uses "
                    f"{schema.VERSION}). "
                    "Ingest the documents into a new data directory."
                )


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"timeout": 10, "check_same_thread": False}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    return engine


# Read several times a question: built once.
_SETTING = select(schema.settings.c.value).where(schema.settings.c.name == bindparam("wanted"))


def _setting(connection: Connection, name: str) -> str | None:
    return connection.execute(_SETTING, {"wanted": name}).scalar()


def _count_change(connection: Connection) -> None:
    _set_setting(connection, "revision", str(int(_setting(connection, "revision") or 0) + 1))


def _set_setting(connection: Connection, name: str, value: str) -> None:
    connection.execute(delete(schema.settings).where(schema.settings.c.name == name))
    connection.execute(insert(schema.settings).values(name=name, value=value))
