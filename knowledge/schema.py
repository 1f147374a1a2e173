"""The catalogue's tables. Texts, vectors and audiences live here; the vector index is derived from them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

VERSION = "2"

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
    Column("audience", String, nullable=False, index=True),
    Column("origin", String, nullable=False, unique=True),
    Column("digest", String, nullable=False),
    Column("source", Text, nullable=False),  # JSON of knowledge.types.Source
    Column("text", Text, nullable=False),
    Column("structure", Text, nullable=False),  # JSON: blocks and attributions
    Column("ingested_at", String, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("fingerprint", String, nullable=False),
    Column("id", String, nullable=False),
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("audience", String, nullable=False),
    Column("headings", Text, nullable=False),
    Column("locator", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),  # float32, dimensions
    Column("units", LargeBinary, nullable=False),  # int32 pairs, offsets into the document's text
    Column("unit_vectors", LargeBinary, nullable=False),  # float16, units × dimensions
    Index("passages_by_id", "fingerprint", "id", unique=True),
    Index("passages_by_document", "document_id", "fingerprint"),
    Index("passages_by_audience", "fingerprint", "audience"),
    # Keys only ever grow: what came after an index was built is what lies above its last key.
    sqlite_autoincrement=True,
)
