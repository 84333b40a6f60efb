"""Whose word an emotion is, threats that were found, whether a colleague reads swearing, and what they hear by mail"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOUND, UNWRITTEN = (
    {f"{database}_where": sa.text(rule) for database in ("sqlite", "postgresql")}
    for rule in ("threat_at IS NOT NULL", "written_at IS NULL")
)
THREATS = ("self_harm", "violence", "person", "legal")
CHECKS = {
    "emotion_theirs": ("their_emotion", "emotion IS NOT NULL OR NOT emotion_theirs"),
    "threat": ("threat", f"threat IS NULL OR threat IN {THREATS}"),
    "threat_at": ("threat_has_a_moment", "(threat IS NULL) = (threat_at IS NULL)"),
    "threat_cleared_at": ("cleared_threat", "threat_cleared_at IS NULL OR threat IS NOT NULL"),
}
"""column → (name, rule) of the check that comes with it"""


RANK = """UPDATE comment_index SET rank = 2 * rank + CASE WHEN EXISTS
(SELECT 1 FROM comment WHERE comment.id = comment_index.comment_id AND comment.emotion IS NOT NULL) THEN 0 ELSE 1 END"""
"""What was said comes before what is suggested: there is a place between two emotions."""


def upgrade() -> None:
    op.add_column("comment_index", sa.Column("suggested", sa.String(40), nullable=True))
    op.execute(RANK)
    op.add_column("staff", sa.Column("show_swearing", sa.Boolean(), server_default=sa.false(), nullable=False))
    here = op.get_bind().dialect
    for column in (
        sa.Column("emotion_theirs", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("threat", sa.String(40), nullable=True),
        sa.Column("threat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("threat_cleared_at", sa.DateTime(timezone=True), nullable=True),
    ):
        made = sa.schema.CreateColumn(column).compile(dialect=here)
        name, rule = CHECKS[column.name]
        # In one statement: SQLite would else build the table anew, and the index of comments goes with the old one.
        op.execute(f"ALTER TABLE comment ADD COLUMN {made} CONSTRAINT ck_comment_{name} CHECK ({rule})")
    op.create_index("ix_comment_threat", "comment", ["organisation_id", "threat_at"], **FOUND)
    op.add_column("membership", sa.Column("alerts", sa.JSON(), server_default="{}", nullable=False))
    _staff_alert()


def _staff_alert() -> None:
    op.create_table(
        "staff_alert",
        sa.Column("id", BIG, nullable=False),
        *(sa.Column(f"{table}_id", BIG, nullable=False) for table in ("organisation", "staff")),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("response_id", BIG, nullable=False),
        sa.Column("how", sa.String(40), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("how IN ('each', 'daily')", name=op.f("ck_staff_alert_how")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_alert")),
        sa.UniqueConstraint("staff_id", "kind", "response_id", name=op.f("uq_staff_alert_staff_id_kind_response_id")),
        *(
            sa.ForeignKeyConstraint([f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_staff_alert_{table}_id_{table}"))
            for table in ("organisation", "staff", "response")
        ),
    )
    for table in ("organisation", "response"):
        op.create_index(op.f(f"ix_staff_alert_{table}_id"), "staff_alert", [f"{table}_id"])
    op.create_index("ix_staff_alert_written", "staff_alert", ["staff_id", "how", "written_at"])
    op.create_index("ix_staff_alert_unwritten", "staff_alert", ["organisation_id", "staff_id"], **UNWRITTEN)
