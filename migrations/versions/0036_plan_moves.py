"""Plans whose date moves for many people, some of them at a time"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNFINISHED = sa.text("finished_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "plan_move",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("action_id", BIG, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_until", BIG, nullable=False),
        sa.Column("last_response_id", BIG, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_move")),
        _key("organisation"),
        _key("action"),
    )
    op.create_index(op.f("ix_plan_move_organisation_id"), "plan_move", ["organisation_id"])
    op.create_index(op.f("ix_plan_move_action_id"), "plan_move", ["action_id"])
    op.create_index(
        "uq_plan_move_unfinished", "plan_move", ["action_id"],
        unique=True, sqlite_where=UNFINISHED, postgresql_where=UNFINISHED,
    )  # fmt: skip


def _key(target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_plan_move_{target}_id_{target}")
    return sa.ForeignKeyConstraint([f"{target}_id"], [f"{target}.id"], name=name)
