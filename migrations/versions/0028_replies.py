"""Replies: mail that lies with an answer, and what it brought about"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reply",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("incoming_id", BIG, nullable=False),
        sa.Column("response_id", BIG, nullable=False),
        sa.Column("came_at", MOMENT, nullable=False),
        sa.Column("words_key", sa.String(64), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("refusals_told_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_reply"),
        sa.UniqueConstraint("incoming_id", name="uq_reply_incoming_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_reply_organisation_id_organisation"),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming_message.id"], name="fk_reply_incoming_id_incoming_message"),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name="fk_reply_response_id_response"),
    )
    op.create_index("ix_reply_organisation_id", "reply", ["organisation_id"])
    op.create_index("ix_reply_response_id", "reply", ["response_id", "id"])
