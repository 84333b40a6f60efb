"""Answers that came in elsewhere, and customers who are one person"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _imports()
    _merges()


def _merges() -> None:
    op.create_table(
        "customer_merge",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("into_id", BIG, nullable=False),
        sa.Column("along", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT),
        sa.Column("undone_by", sa.String(200), nullable=False),
        sa.Column("undone_reason", sa.String(1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customer_merge"),
        sa.CheckConstraint("customer_id <> into_id", name="ck_customer_merge_two"),
        sa.CheckConstraint("undone_at IS NULL OR undone_reason <> ''", name="ck_customer_merge_undone_has_a_reason"),
        _to("customer_merge", "organisation_id", "organisation"),
        _to("customer_merge", "customer_id", "customer"),
        _to("customer_merge", "into_id", "customer"),
    )
    op.create_index("ix_customer_merge_organisation_id", "customer_merge", ["organisation_id"])
    op.create_index("ix_customer_merge_into_id", "customer_merge", ["into_id"])
    stands = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_customer_merge_stands", "customer_merge", ["customer_id"], unique=True, sqlite_where=stands, postgresql_where=stands
    )
    op.create_index("ix_customer_merged_into_id", "customer", ["merged_into_id"])


def _imports() -> None:
    op.create_table(
        "survey_import",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("header", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_by_id", BIG),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("chosen_at", MOMENT),
        *(sa.Column(n, sa.Integer(), nullable=False) for n in ("looked", "total", "bad", "known", "messages")),
        sa.Column("checked_at", MOMENT),
        sa.Column("wanted_at", MOMENT),
        sa.Column("usual", sa.Integer()),
        sa.Column("approved_at", MOMENT),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("put_in", sa.Integer()),
        sa.Column("finished_at", MOMENT),
        sa.Column("cancelled_at", MOMENT),
        sa.Column("failed", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_survey_import"),
        sa.CheckConstraint("way IN ('history', 'follow_up', 'by_age')", name="ck_survey_import_way"),
        sa.CheckConstraint("finished_at IS NULL OR put_in IS NOT NULL", name="ck_survey_import_finished_has_a_number"),
        sa.CheckConstraint("approved_at IS NULL OR wanted_at IS NOT NULL", name="ck_survey_import_wanted_before_approved"),
        _to("survey_import", "organisation_id", "organisation"),
        _to("survey_import", "survey_id", "survey"),
        _to("survey_import", "asked_by_id", "staff"),
    )
    op.create_index("ix_survey_import_organisation_id", "survey_import", ["organisation_id"])
    op.create_index("ix_survey_import_survey_id", "survey_import", ["survey_id"])
    open_ = sa.text("finished_at IS NULL AND cancelled_at IS NULL AND failed IS NULL")
    op.create_index("ix_survey_import_open", "survey_import", ["id"], sqlite_where=open_, postgresql_where=open_)
    op.create_table(
        "survey_import_file",
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("refused", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", name="pk_survey_import_file"),
        _to("survey_import_file", "import_id", "survey_import"),
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
