"""The tables of the desk's memory, the same in SQLite and PostgreSQL.

What names a person or holds a text can be NULL: it is once it was erased, while what usage figures need remains. A
change here needs a migration beside it; a test compares the two.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

VERSION_TABLE = "conversations_schema"


class Moment(TypeDecorator[datetime]):
    """A time in UTC. SQLite keeps no offsets, so none is written there and UTC is read back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without an offset cannot be kept")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite counts only a column of exactly this type by itself.
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

answers = Table(
    "answers",
    metadata,
    Column("number", _NUMBER, Identity(), primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("asked_at", Moment, nullable=False),  # midnight of its day, once erased
    Column("day", Date, nullable=False),
    Column("surface", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("thread", Text),
    Column("person", Text),
    Column("question", Text),  # NULL: erased
    Column("answer", Text),  # JSON of assistant.types.Answer
    Column("found", Text),  # JSON: ids of passages
    Index("answers_by_thread", "thread", "number"),
    Index("answers_by_person", "person", "number"),
    Index("answers_by_time", "asked_at"),
    Index("answers_by_day", "day"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("number", _NUMBER, Identity(), primary_key=True),
    Column("answer_number", _NUMBER, ForeignKey("answers.number", ondelete="CASCADE"), nullable=False),
    Column("person", Text),  # NULL: erased
    Column("helpful", Boolean, nullable=False),
    Column("reason", Text),
    Column("comment", Text),
    Column("at", Moment, nullable=False),
    UniqueConstraint("answer_number", "person", name="feedback_once"),
    Index("feedback_by_person", "person"),
    Index("feedback_by_time", "at"),
)

escalations = Table(
    "escalations",
    metadata,
    Column("number", _NUMBER, Identity(), primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("answer_number", _NUMBER, ForeignKey("answers.number", ondelete="CASCADE"), nullable=False),
    Column("person", Text),  # NULL: erased
    Column("note", Text),
    Column("state", String(16), nullable=False),
    Column("expert", Text),
    Column("reply", Text),
    Column("place", Text),
    Column("at", Moment, nullable=False),
    UniqueConstraint("answer_number", "person", name="escalations_once"),
    Index("escalations_by_person", "person"),
    Index("escalations_by_expert", "expert"),
    Index("escalations_by_time", "at"),
)
