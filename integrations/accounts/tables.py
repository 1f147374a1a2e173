"""The tables of accounts, in the database of the desk's conversations, the same in SQLite and PostgreSQL.

They are made where they are missing. A secret is never in them, only its digest.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from assistant.conversations.database import Database
from assistant.conversations.schema import Moment

NOTHING_BEFORE = "0" * 64
_MAKING = 0x6D696761636374  # any number that every desk agrees on
_metadata = MetaData()
_ID = String(32)
_DIGEST = String(64)

delegations = Table(
    "accounts_delegations",
    _metadata,
    Column("audience", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
)
accounts = Table(
    "accounts",
    _metadata,
    Column("id", _ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("audience", String(64), nullable=False),
    Column("is_operator", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_seen_at", Moment),
    Column("disabled_at", Moment),
    # Who they are to the provider that signs them in; NULL where links do.
    Column("issuer", Text),
    Column("subject", Text),
    UniqueConstraint("issuer", "subject", name="accounts_of_providers"),
)
invitations = Table(
    "accounts_invitations",
    _metadata,
    Column("id", _ID, primary_key=True),
    Column("digest", _DIGEST, nullable=False, unique=True),
    Column("audience", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("is_operator", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("by", Text, nullable=False),
    Column("account_id", _ID, ForeignKey("accounts.id", ondelete="CASCADE")),
    Index("accounts_invitations_of", "account_id"),
)
sessions = Table(
    "accounts_sessions",
    _metadata,
    Column("digest", _DIGEST, primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("accounts_sessions_of", "account_id"),
    Index("accounts_sessions_end", "expires_at"),
)
keys = Table(
    "accounts_keys",
    _metadata,
    Column("id", _ID, primary_key=True),
    Column("digest", _DIGEST, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("audience", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("last_used_at", Moment),
)
shares = Table(
    "accounts_shares",
    _metadata,
    Column("answer_id", String(64), primary_key=True),
    Column("digest", _DIGEST, nullable=False, unique=True),
    Column("by", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("accounts_shares_by", "by"),
)
states = Table(
    "accounts_states",
    _metadata,
    Column("digest", _DIGEST, primary_key=True),
    Column("payload", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("accounts_states_end", "expires_at"),
)
closed = Table(
    "accounts_closed",
    _metadata,
    Column("single", Integer, CheckConstraint("single = 1"), primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
audit = Table(
    "accounts_audit",
    _metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("digest", _DIGEST, nullable=False),
)
# Whoever appends holds this one row until it is done, so that the chain does not fork; and entries that were cut off
# at the end are missed.
audit_end = Table(
    "accounts_audit_end",
    _metadata,
    Column("single", Integer, CheckConstraint("single = 1"), primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("digest", _DIGEST, nullable=False),
)


def make_tables(database: Database) -> None:
    """Makes what is missing; of several processes that start at once, one after the other."""
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
        _metadata.create_all(connection)
        # A chain that has lost its end is not given a new one.
        if not any(connection.execute(table.select().limit(1)).first() for table in (audit_end, audit)):
            connection.execute(audit_end.insert().values(single=1, number=0, digest=NOTHING_BEFORE))
