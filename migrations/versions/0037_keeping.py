"""How long what is kept, and what was forgotten since its time was over"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0035"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNSWEPT = sa.text("swept_at IS NULL")


def upgrade() -> None:
    op.execute(
        "ALTER TABLE response ADD COLUMN past_time BOOLEAN DEFAULT false NOT NULL "
        "CONSTRAINT ck_response_past_time CHECK (NOT past_time OR erased_at IS NOT NULL)"
    )  # in the words that both databases know: SQLite takes a CHECK with a column and would copy the table for one without
    _keeping()
    _forgetting()


def _of_organisation(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_organisation_id_organisation"
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=name)


def _keeping() -> None:
    op.create_table(
        "keeping",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("shorter", sa.JSON(), nullable=False),
        sa.Column("shorter_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shorter_by", sa.String(200), nullable=False),
        sa.Column("begins", sa.JSON(), nullable=False),
        sa.Column("ran_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_keeping"),
        sa.UniqueConstraint("organisation_id", name="uq_keeping_organisation_id"),
        sa.CheckConstraint(
            "(shorter_at IS NULL) = (shorter_by = '')", name="ck_keeping_shorter_by_somebody"
        ),
        _of_organisation("keeping"),
    )


def _forgetting() -> None:
    op.create_table(
        "forgetting",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("longest_ms", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_forgetting"),
        sa.UniqueConstraint("organisation_id", "category", "day", name="uq_forgetting_organisation_id_category_day"),
        sa.CheckConstraint("n >= 0 AND longest_ms >= 0", name="ck_forgetting_counts"),
        sa.CheckConstraint(
            "swept_at IS NULL OR finished_at IS NOT NULL", name="ck_forgetting_finished_before_swept"
        ),
        _of_organisation("forgetting"),
    )  # fmt: skip
    op.create_index("ix_forgetting_organisation_id", "forgetting", ["organisation_id"])
    op.create_index("ix_forgetting_unswept", "forgetting", ["id"], sqlite_where=UNSWEPT, postgresql_where=UNSWEPT)
