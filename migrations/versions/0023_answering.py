"""Answers that may be a machine's, answers that were changed, and answers that are not sent yet"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
CHECKED = {
    "genuine_at": ("genuine_was_suspect", "genuine_at IS NULL OR suspect_at IS NOT NULL"),
    "machine_at": ("machine_is_not_genuine", "machine_at IS NULL OR (suspect_at IS NOT NULL AND genuine_at IS NULL)"),
}


def upgrade() -> None:
    for name, check in CHECKED.items():
        _with_a_check(name, *check)
    op.add_column("response", sa.Column("corrected_at", MOMENT, nullable=True))
    suspect = sa.text("suspect_at IS NOT NULL")
    op.create_index(
        "ix_response_suspect", "response", ["survey_id"], sqlite_where=suspect, postgresql_where=suspect
    )
    op.add_column("answer", sa.Column("said_at", MOMENT, nullable=True))
    off = {"server_default": sa.false(), "nullable": False}
    op.add_column("survey", sa.Column("anonymous", sa.Boolean(), **off))
    op.add_column("survey", sa.Column("one_by_one", sa.Boolean(), **off))
    _unfinished()


def _with_a_check(column: str, name: str, rule: str) -> None:
    """In one step: SQLite adds a check to a table only with a column, unless it copies all of it."""
    made = sa.schema.CreateColumn(sa.Column(column, MOMENT)).compile(dialect=op.get_bind().dialect)
    op.execute(f"ALTER TABLE response ADD COLUMN {made} CONSTRAINT ck_response_{name} CHECK ({rule})")


def _unfinished() -> None:
    op.create_table(
        "unfinished",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("response_id", BIG, nullable=True),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("address_key", sa.String(320), nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unfinished")),
        sa.UniqueConstraint("survey_id", "nonce", name=op.f("uq_unfinished_survey_id_nonce")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_unfinished_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_unfinished_survey_id_survey")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_unfinished_response_id_response")
        ),
    )
    op.create_index(op.f("ix_unfinished_organisation_id"), "unfinished", ["organisation_id"])
    op.create_index(op.f("ix_unfinished_response_id"), "unfinished", ["response_id"])
    op.create_index(op.f("ix_unfinished_address_key"), "unfinished", ["address_key"])
    op.create_index(op.f("ix_unfinished_changed_at"), "unfinished", ["changed_at"])
