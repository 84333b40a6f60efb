"""What stood in a digest and is put right, and who heard so"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = "carried_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "digest_correction",
        sa.Column("id", BIG, nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("wrong_id", BIG, nullable=False),
        sa.Column("action_id", BIG, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_digest_correction_round_id_round"),
        sa.ForeignKeyConstraint(["wrong_id"], ["action.id"], name="fk_digest_correction_wrong_id_action"),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name="fk_digest_correction_action_id_action"),
        sa.PrimaryKeyConstraint("id", name="pk_digest_correction"),
        sa.UniqueConstraint(
            "round_id", "wrong_id", "action_id", name="uq_digest_correction_round_id_wrong_id_action_id"
        ),
    )
    op.create_index(
        "ix_digest_correction_open",
        "digest_correction",
        ["round_id"],
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.create_table(
        "heard_right",
        sa.Column("response_id", BIG, nullable=False),
        sa.Column("action_id", BIG, nullable=False),
        sa.Column("update_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name="fk_heard_right_response_id_response"
        ),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name="fk_heard_right_action_id_action"),
        sa.ForeignKeyConstraint(
            ["update_id"], ["promise_update.id"], name="fk_heard_right_update_id_promise_update"
        ),
        sa.PrimaryKeyConstraint("response_id", "action_id", name="pk_heard_right"),
    )
