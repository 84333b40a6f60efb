"""The verdict: how they feel, whether they may be called; asked once more; what is told again; who has to look"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("verdict", sa.Column("emotion", sa.String(40), nullable=True))
    op.add_column("verdict", sa.Column("phone", sa.String(40), server_default="", nullable=False))
    op.add_column("action", sa.Column("check_back_days", sa.Integer(), server_default="28", nullable=False))
    op.add_column("tag", sa.Column("again", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("comment", sa.Column("escalated_at", MOMENT, nullable=True))
    at_manager = sa.text("escalated_at IS NOT NULL")
    op.create_index(
        "ix_comment_escalated",
        "comment",
        ["organisation_id", "id"],
        sqlite_where=at_manager,
        postgresql_where=at_manager,
    )
    op.create_table(
        "check_back",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("response_id", BIG, nullable=False),
        sa.Column("action_id", BIG, nullable=False),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_back")),
        sa.UniqueConstraint("response_id", "action_id", name="uq_check_back_response_id_action_id"),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_check_back_{table}_id_{table}"),
                ondelete="SET NULL" if table == "message" else None,
            )
            for table in ("organisation", "response", "action", "message")
        ),
    )
    op.create_index(op.f("ix_check_back_organisation_id"), "check_back", ["organisation_id"])
    op.create_index(op.f("ix_check_back_action_id"), "check_back", ["action_id"])
    op.create_index(op.f("ix_check_back_message_id"), "check_back", ["message_id"])
