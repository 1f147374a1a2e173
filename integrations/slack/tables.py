"""The tables of the Slack desk, in the database of its conversations, the same in SQLite and PostgreSQL.

What they hold is of days and can be lost without harm, so they are made where they are missing and never changed: a
table that needs other columns gets another name.
"""

from sqlalchemy import Boolean, Column, Engine, Float, Index, Integer, MetaData, String, Table, Text

_MAKING = 0x6D69676465736C  # any number that every desk agrees on
_metadata = MetaData()
jobs = Table(
    "slack_jobs",
    _metadata,
    Column("id", String(255), primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_by", String(64), nullable=False),
    Column("lease_until", Float, nullable=False),
    Column("created", Float, nullable=False),
    Column("thread", String(255), nullable=False),
    Column("posted", Text, nullable=False),
    Column("stopped", Boolean, nullable=False),
    Index("slack_jobs_open", "state", "lease_until"),
    Index("slack_jobs_thread", "thread"),
)
claims = Table(
    "slack_claims",
    _metadata,
    Column("message", String(255), primary_key=True),
    Column("job", String(255), nullable=False),
    Column("created", Float, nullable=False),
)
seen = Table(
    "slack_seen",
    _metadata,
    Column("kind", String(64), primary_key=True),
    Column("last", Float, nullable=False),
)
installed = Table(
    "slack_installations",
    _metadata,
    Column("team", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("installed", Float, nullable=False),
)
states = Table(
    "slack_oauth_states",
    _metadata,
    Column("digest", String(64), primary_key=True),
    Column("until", Float, nullable=False),
)

# What is under way: of no use in a copy that comes back days later.
TRANSIENT = tuple(table.name for table in (jobs, claims, seen, states))


def make_tables(engine: Engine) -> None:
    """Makes what is missing; of several processes that start at once, one after the other."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
        _metadata.create_all(connection)
