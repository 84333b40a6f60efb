"""Whose word an emotion is, threats that were found, and whether a colleague reads swearing as it was typed"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0010"

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
