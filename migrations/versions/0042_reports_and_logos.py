"""Reports of who hears by one channel, or answered in one language; logos of organisations"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name in ("channel", "answered_in"):
        op.add_column("report", sa.Column(name, sa.String(40), server_default="", nullable=False))
    op.add_column("organisation", sa.Column("logo", sa.String(64), server_default="", nullable=False))
    op.create_table(
        "logo",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("printed", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_logo"),
        sa.UniqueConstraint("organisation_id", "sha256", name="uq_logo_organisation_id_sha256"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_logo_organisation_id_organisation"),
    )
    op.create_index("ix_logo_organisation_id", "logo", ["organisation_id"])
