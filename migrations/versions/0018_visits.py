"""Who has the page of a comment open"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("staff_id", BIG, nullable=False),
        sa.Column("comment_id", BIG, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "comment_id", name=op.f("pk_visit")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_visit_staff_id_staff")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_visit_comment_id_comment"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_visit_comment_id"), "visit", ["comment_id"])
