"""The gateway of text messages"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "text_gateway",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("service", sa.String(200), nullable=False),
        sa.Column("shown", sa.String(200), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("failed_at", MOMENT),
        sa.Column("problem", sa.String(40)),
        sa.Column("reply", sa.String(300), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_text_gateway"),
        sa.UniqueConstraint("organisation_id", name="uq_text_gateway_organisation_id"),
        sa.CheckConstraint("(failed_at IS NULL) = (problem IS NULL)", name="ck_text_gateway_failed_for_a_reason"),
        sa.CheckConstraint("failed_at IS NOT NULL OR tries = 0", name="ck_text_gateway_tries"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_text_gateway_organisation_id_organisation"),
    )
