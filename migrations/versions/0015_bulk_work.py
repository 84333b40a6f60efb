"""Work on many comments at once: a row for the whole, one for each comment"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bulk_work",
        sa.Column("id", BIG, nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in ("organisation_id", "action_id")),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_by_id", BIG, nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name == "usual") for name in ("hold_seconds", "total", "messages", "usual")),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("finished_at", "release_at", "cancelled_at")),
        sa.Column("step_id", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_work")),
        sa.CheckConstraint("cancelled_at IS NULL OR cancelled_at >= begun_at", name=op.f("ck_bulk_work_order")),
        *_keys("bulk_work", organisation_id="organisation", action_id="action", asked_by_id="staff", step_id="large_step"),
    )
    for column in ("organisation_id", "action_id", "step_id"):
        op.create_index(op.f(f"ix_bulk_work_{column}"), "bulk_work", [column])
    _partly("ix_bulk_work_unfinished", "bulk_work", ["id"], "finished_at IS NULL")
    op.create_table(
        "bulk_item",
        sa.Column("work_id", BIG, nullable=False),
        sa.Column("comment_id", BIG, nullable=False),
        sa.Column("tag_id", BIG, nullable=True),
        sa.Column("at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("work_id", "comment_id", name=op.f("pk_bulk_item")),
        *_keys("bulk_item", work_id="bulk_work", comment_id="comment", tag_id="tag"),
    )
    for column in ("comment_id", "tag_id"):
        op.create_index(op.f(f"ix_bulk_item_{column}"), "bulk_item", [column])
    _partly("ix_bulk_item_waiting", "bulk_item", ["work_id", "comment_id"], "at IS NULL")


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    ]


def _partly(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
