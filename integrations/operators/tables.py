"""The tables of operators, in the database of the desk's conversations, the same in SQLite and PostgreSQL.

They are made where they are missing. None holds a text or a name: what was asked, and by whom, stands with the answer
alone, and whatever is kept here of an answer goes with it.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table

from assistant.conversations.database import Database
from assistant.conversations.schema import Moment, answers

_MAKING = 0x6D69676F706572  # any number that every desk agrees on
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")
_metadata = MetaData()

watches = Table(
    "operators_watches",
    _metadata,
    Column("answer_number", _NUMBER, ForeignKey(answers.c.number, ondelete="CASCADE"), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("revision", BigInteger, nullable=False),  # of the catalogue that it was last asked of
    Column("lease_until", Moment),  # while one process asks it
    Column("again_number", _NUMBER, ForeignKey(answers.c.number, ondelete="SET NULL")),
    Column("again_at", Moment),  # NULL: not answered yet
    Column("opened_at", Moment),
    Index("operators_watches_again", "again_number"),
)
set_aside = Table(
    "operators_set_aside",
    _metadata,
    Column("answer_number", _NUMBER, ForeignKey(answers.c.number, ondelete="CASCADE"), primary_key=True),
    Column("queue", String(16), primary_key=True),
    Column("at", Moment, nullable=False),
)
texts = Table(
    "operators_texts",
    _metadata,
    Column("mark", String(128), primary_key=True),
    Column("until", Moment, nullable=False),
)


def make_tables(database: Database) -> None:
    """Makes what is missing; of several processes that start at once, one after the other."""
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
        _metadata.create_all(connection)
