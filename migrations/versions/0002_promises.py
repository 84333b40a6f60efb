"""Promises of an outcome, progress by hand, plans that are moved or wait, default closings, and alerts"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WIDER = (
    ("promise", "because", "'correction', 'more'", "'correction', 'more', 'planned', 'progress'"),
    ("promise_update", "how", "'moved', 'receipt'", "'moved', 'receipt', 'progress'"),
)
"""table, column, how its list of words ended, and how it ends now"""


def upgrade() -> None:
    for name, kind in (("waiting_since", sa.Date()), ("ask_again_on", sa.Date())):
        op.add_column("action", sa.Column(name, kind, nullable=True))
    op.add_column("action", sa.Column("waiting_for", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("action", sa.Column("moves", sa.Integer(), server_default="0", nullable=False))
    op.add_column("survey", sa.Column("closing_days", sa.Integer(), nullable=True))
    op.add_column("survey", sa.Column("closing_words", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("told", sa.Column("told_on", sa.Date(), nullable=True))
    _alerts()
    for words in WIDER:
        _widen(*words)


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("staff_id", BIG, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("organisation_id", "staff_id", "on_day", name="uq_alert_organisation_id_staff_id_on_day"),
        *(
            sa.ForeignKeyConstraint([f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_alert_{table}_id_{table}"))
            for table in ("organisation", "staff")
        ),
    )
    op.create_index(op.f("ix_alert_organisation_id"), "alert", ["organisation_id"])


def _widen(table: str, column: str, before: str, after: str) -> None:
    """More words are allowed in a column. SQLite keeps the list in the text of its table: changing that copies
    no row, and does not take away what another migration added to the list."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        _rewrite(bind, table, before, after)
        return
    name = f"ck_{table}_{column}"
    found = bind.scalar(sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :n"), {"n": name})
    words = [w.partition("::")[0].strip(" ()") for w in str(found).partition("ARRAY[")[2].partition("]")[0].split(",")]
    wider = [*words, *(w for w in after.split(", ") if w not in words)]
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, f"{column} IN ({', '.join(wider)})")


def _rewrite(bind: sa.Connection, table: str, before: str, after: str) -> None:
    """https://www.sqlite.org/lang_altertable.html, "making other kinds of table schema changes"."""
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    bind.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?", (before, after, table)
    )
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")
