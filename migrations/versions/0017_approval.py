"""Words that a manager approves before anybody is told, and a survey's own bound for a low score"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

BOUND = "detractor_bound IS NULL OR detractor_bound BETWEEN 0 AND 10"


def upgrade() -> None:
    no = sa.false()
    op.add_column("survey", sa.Column("approves_words", sa.Boolean(), server_default=no, nullable=False))
    _checked("survey", sa.Column("detractor_bound", sa.Integer(), nullable=True), "detractor_bound", BOUND)
    op.add_column("action", sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
    because = sa.Column("because", sa.String(40), server_default="size", nullable=False)
    _checked("large_step", because, "because", "because IN ('size', 'words')")


def _checked(table: str, column: sa.Column, name: str, rule: str) -> None:
    """In one statement: SQLite would else build the table anew."""
    made = sa.schema.CreateColumn(column).compile(dialect=op.get_bind().dialect)
    op.execute(f"ALTER TABLE {table} ADD COLUMN {made} CONSTRAINT ck_{table}_{name} CHECK ({rule})")
