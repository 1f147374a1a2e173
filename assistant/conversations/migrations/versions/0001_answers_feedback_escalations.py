"""Answers, feedback and escalations: the first shape."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A step keeps to the shape of its day, whatever ``schema`` becomes.
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("number", _NUMBER, sa.Identity(), primary_key=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("surface", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("thread", sa.Text),
        sa.Column("person", sa.Text),
        sa.Column("question", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("found", sa.Text),
    )
    op.create_index("answers_by_thread", "answers", ["thread", "number"])
    op.create_index("answers_by_person", "answers", ["person", "number"])
    op.create_index("answers_by_time", "answers", ["asked_at"])
    op.create_index("answers_by_day", "answers", ["day"])
    op.create_table(
        "feedback",
        sa.Column("number", _NUMBER, sa.Identity(), primary_key=True),
        sa.Column("answer_number", _NUMBER, sa.ForeignKey("answers.number", ondelete="CASCADE"), nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("comment", sa.Text),
        sa.Column("at", _MOMENT, nullable=False),
        sa.UniqueConstraint("answer_number", "person", name="feedback_once"),
    )
    op.create_index("feedback_by_person", "feedback", ["person"])
    op.create_index("feedback_by_time", "feedback", ["at"])
    op.create_table(
        "escalations",
        sa.Column("number", _NUMBER, sa.Identity(), primary_key=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("answer_number", _NUMBER, sa.ForeignKey("answers.number", ondelete="CASCADE"), nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("expert", sa.Text),
        sa.Column("reply", sa.Text),
        sa.Column("place", sa.Text),
        sa.Column("at", _MOMENT, nullable=False),
        sa.UniqueConstraint("answer_number", "person", name="escalations_once"),
    )
    op.create_index("escalations_by_person", "escalations", ["person"])
    op.create_index("escalations_by_expert", "escalations", ["expert"])
    op.create_index("escalations_by_time", "escalations", ["at"])
