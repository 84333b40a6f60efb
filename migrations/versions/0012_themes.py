"""A theme that was merged into another one, or taken away, is kept as what it was; the part of a comment that an action answers"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("theme") as theme:
        theme.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        theme.add_column(sa.Column("merged_into_id", BIG, nullable=True))
        theme.create_foreign_key(op.f("fk_theme_merged_into_id_theme"), "theme", ["merged_into_id"], ["id"])
        theme.create_check_constraint(op.f("ck_theme_merged_has_ended"), "merged_into_id IS NULL OR ended_at IS NOT NULL")
    op.add_column("tag", sa.Column("part", sa.String(500), server_default="", nullable=False))
    op.create_index("ix_theme_merged_into_id", "theme", ["merged_into_id"])
