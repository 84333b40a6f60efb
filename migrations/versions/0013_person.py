"""Notes between colleagues, messages to one person, a sentence of one's own, and compliments that are passed on"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _notes()
    _refers("action", "comment_id", "comment")
    _refers("action", "signed_by_id", "staff", "CONSTRAINT ck_action_signed_is_personal CHECK (signed_by_id IS NULL OR comment_id IS NOT NULL)")
    op.add_column("tag", sa.Column("personal", sa.String(1000), server_default="", nullable=False))
    _refers("tag", "thanks_to_id", "staff")
    op.add_column("tag", sa.Column("passed_on_at", sa.DateTime(timezone=True), nullable=True))
    passed, waiting = "passed_on_at IS NOT NULL", "thanks_to_id IS NOT NULL AND passed_on_at IS NULL AND withdrawn_at IS NULL"
    op.create_index("uq_tag_passed_on", "tag", ["comment_id", "thanks_to_id"], unique=True, **_where(passed))
    op.create_index("ix_tag_to_pass_on", "tag", ["release_at"], **_where(waiting))


def _refers(table: str, column: str, other: str, more: str = "") -> None:
    """A column with its key in one statement, which both databases do without making the table anew."""
    kind = BIG.compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT fk_{table}_{column}_{other} REFERENCES {other} (id) {more}"
    )


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {f"{database}_where": sa.text(condition) for database in ("sqlite", "postgresql")}


def _notes() -> None:
    op.create_table(
        "note",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("comment_id", BIG, nullable=False),
        sa.Column("author_id", BIG),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_away_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
        sa.CheckConstraint("taken_away_at IS NULL OR text = ''", name="ck_note_taken_away_is_gone"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_note_organisation_id_organisation"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_note_comment_id_comment"),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name="fk_note_author_id_staff"),
    )
    op.create_index("ix_note_organisation_id", "note", ["organisation_id"])
    op.create_index("ix_note_comment_id", "note", ["comment_id"])
    op.create_table(
        "mention",
        sa.Column("note_id", BIG, nullable=False),
        sa.Column("staff_id", BIG, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("note_id", "staff_id", name="pk_mention"),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name="fk_mention_note_id_note"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_mention_staff_id_staff"),
    )
    op.create_index("ix_mention_unread", "mention", ["staff_id"], **_where("read_at IS NULL"))
