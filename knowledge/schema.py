"""The catalogue's tables. Texts, vectors and audiences live here; the vector index is derived from them.

A row of ``documents`` is one version of a document. Retrieval asks for its days: it is in force from ``starts`` up to
the day before ``ends`` (either may be unknown), unless the document was withdrawn. ``live`` says whether its passages
are in the index that questions of today go to; it follows from the days and is kept up by ``versions.settle``.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

VERSION = "4"

metadata = MetaData()

settings = Table(
    "settings",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("latest", Boolean, nullable=False),
    Column("live", Boolean, nullable=False),
    # No index of its own: it would tempt the planner to begin with the thousands of documents of an audience.
    Column("audience", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("source", Text, nullable=False),  # JSON of knowledge.types.Source
    Column("text", Text, nullable=False),
    Column("structure", Text, nullable=False),  # JSON: blocks and attributions
    Column("original", String),  # digest of the stored original file
    Column("ingested_at", String, nullable=False),
    Column("starts", String),  # YYYY-MM-DD
    Column("ends", String),  # YYYY-MM-DD, the first day on which it is not in force any more
    Column("own_audience", String, nullable=False),  # what the version's own file says
    Column("label", String),  # the audience an operator decided on, for every version to come
    Column("superseded_by", String),  # the id of the document that took its place
    Column("withdrawn_at", String),
    Index("documents_by_origin", "origin", unique=True, sqlite_where=text("latest"), postgresql_where=text("latest")),
    Index("documents_latest", "id", unique=True, sqlite_where=text("latest"), postgresql_where=text("latest")),
)

decisions = Table(
    "decisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("document_id", String, nullable=False, index=True),
    Column("action", String, nullable=False),
    Column("detail", Text, nullable=False),  # JSON
    sqlite_autoincrement=True,
)

passages = Table(
    "passages",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("fingerprint", String, nullable=False),
    Column("id", String, nullable=False),
    Column("document_id", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("audience", String, nullable=False),
    Column("headings", Text, nullable=False),
    Column("locator", String, nullable=False),
    Column("places", Text, nullable=False),  # JSON: start, end and place of each part
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),  # float32, dimensions
    Column("units", LargeBinary, nullable=False),  # int32 pairs, offsets into the document's text
    Column("unit_vectors", LargeBinary, nullable=False),  # float16, units × dimensions
    ForeignKeyConstraint(["document_id", "version"], ["documents.id", "documents.version"], ondelete="CASCADE"),
    Index("passages_by_id", "fingerprint", "id", unique=True),
    Index("passages_by_document", "document_id", "version", "fingerprint"),
    Index("passages_by_audience", "fingerprint", "audience", "live"),
    # Keys only ever grow: what came after an index was built is what lies above its last key.
    sqlite_autoincrement=True,
)
