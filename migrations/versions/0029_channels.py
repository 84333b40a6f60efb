"""By phone, by letter and by text message: which of them an organisation offers, and what a respondent allows besides"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
CHECKS = (
    ("response", "channel", "channel IN ('mail', 'page')", "channel IN ('mail', 'page', 'phone', 'letter', 'sms')"),
    (
        "response",
        "address",
        "channel <> 'mail' OR identity_id IS NOT NULL OR erased_at IS NOT NULL",
        "channel = 'page' OR identity_id IS NOT NULL OR erased_at IS NOT NULL",
    ),
    ("identity", "kind", "kind IN ('mail', 'phone', 'number')", "kind IN ('mail', 'phone', 'number', 'post')"),
)
"""table, name, how the CHECK reads, and how it reads from now on"""


def upgrade() -> None:
    op.add_column("organisation", sa.Column("channels", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("response", sa.Column("otherwise", sa.String(40), server_default="", nullable=False))
    for check in CHECKS:
        _reword(*check)
    _letters()


def _letters() -> None:
    op.create_table(
        "letter_batch",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("posted_at", MOMENT),
        sa.Column("posted_by", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_letter_batch"),
        sa.CheckConstraint("(posted_at IS NULL) = (posted_by IS NULL)", name="ck_letter_batch_posted"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_letter_batch_organisation_id_organisation"),
    )
    op.create_index("ix_letter_batch_organisation_id", "letter_batch", ["organisation_id", "id"])
    op.create_table(
        "letter_sheet",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("batch_id", BIG, nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("spoilt_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_letter_sheet"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_letter_sheet_organisation_id_organisation"),
        sa.ForeignKeyConstraint(["batch_id"], ["letter_batch.id"], name="fk_letter_sheet_batch_id_letter_batch"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_letter_sheet_message_id_message", ondelete="CASCADE"),
    )
    op.create_index("ix_letter_sheet_organisation_id", "letter_sheet", ["organisation_id"])
    op.create_index("ix_letter_sheet_batch_id", "letter_sheet", ["batch_id"])
    whole = sa.text("spoilt_at IS NULL")
    op.create_index("uq_letter_sheet_whole", "letter_sheet", ["message_id"], unique=True, sqlite_where=whole, postgresql_where=whole)


def _reword(table: str, name: str, before: str, after: str) -> None:
    """SQLite keeps a CHECK in the text of its table: changing that copies no row."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        _rewrite(bind, table, before, after)
        return
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, after)


def _rewrite(bind: sa.Connection, table: str, before: str, after: str) -> None:
    """https://www.sqlite.org/lang_altertable.html, "making other kinds of table schema changes"."""
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    bind.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?", (before, after, table)
    )
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")
