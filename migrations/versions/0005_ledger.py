"""The record of a survey, and a small index of the messages that have not arrived"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WAITING = "state IN ('queued', 'claimed', 'transmitting', 'unknown')"


def upgrade() -> None:
    op.create_table(
        "survey_record",
        sa.Column("survey_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("dates_kept", sa.Integer(), nullable=False),
        sa.Column("dates", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("responses >= 30", name=op.f("ck_survey_record_enough")),
        sa.CheckConstraint(
            "told BETWEEN 0 AND responses AND changed BETWEEN 0 AND told",
            name=op.f("ck_survey_record_people"),
        ),
        sa.CheckConstraint("dates_kept BETWEEN 0 AND dates", name=op.f("ck_survey_record_dates")),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_record_survey_id_survey")
        ),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_survey_record")),
    )
    op.create_index(
        "ix_message_waiting",
        "message",
        ["organisation_id", "state"],
        sqlite_where=sa.text(WAITING),
        postgresql_where=sa.text(WAITING),
    )
