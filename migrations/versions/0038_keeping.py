"""How long what is kept, and what was forgotten since its time was over; tickets of Zammad that ask their customers"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OUTCOMES = (
    "asked", "waits", "lately", "blocked", "no_mail", "bad_mail", "survey_closed", "taken_back", "too_late", "nothing",
)  # fmt: skip
UNSWEPT = sa.text("swept_at IS NULL")


def upgrade() -> None:
    op.execute(
        "ALTER TABLE response ADD COLUMN past_time BOOLEAN DEFAULT false NOT NULL "
        "CONSTRAINT ck_response_past_time CHECK (NOT past_time OR erased_at IS NOT NULL)"
    )  # in the words that both databases know: SQLite takes a CHECK with a column and would copy the table for one without
    _keeping()
    _forgetting()
    _hooks()
    _deliveries()


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


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def _hooks() -> None:
    op.create_table(
        "zammad_hook",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("delay_hours", sa.Integer(), nullable=False),
        sa.Column("closed_names", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_zammad_hook"),
        sa.UniqueConstraint("survey_id", name="uq_zammad_hook_survey_id"),
        sa.CheckConstraint("delay_hours BETWEEN 0 AND 672", name="ck_zammad_hook_delay_hours"),
        _of_organisation("zammad_hook"),
        _key("zammad_hook", "survey_id", "survey"),
    )
    op.create_index("ix_zammad_hook_organisation_id", "zammad_hook", ["organisation_id"])


def _deliveries() -> None:
    op.create_table(
        "zammad_delivery",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("hook_id", BIG, nullable=False),
        sa.Column("delivery", sa.String(100), nullable=False),
        sa.Column("ticket", sa.String(60), nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("list_id", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_zammad_delivery"),
        sa.UniqueConstraint("hook_id", "delivery", name="uq_zammad_delivery_hook_id_delivery"),
        sa.CheckConstraint(f"outcome IN {OUTCOMES}", name="ck_zammad_delivery_outcome"),
        _of_organisation("zammad_delivery"),
        _key("zammad_delivery", "hook_id", "zammad_hook"),
        _key("zammad_delivery", "list_id", "invitation_list"),
    )
    op.create_index("ix_zammad_delivery_organisation_id", "zammad_delivery", ["organisation_id"])
    op.create_index("ix_zammad_delivery_list_id", "zammad_delivery", ["list_id"])
    op.create_index("ix_zammad_delivery_ticket", "zammad_delivery", ["hook_id", "ticket"])
