"""Mail that comes in: whose it is, what became of it, and what was attached to it"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OUTCOMES = "('', 'attached', 'stopped', 'nowhere', 'acted', 'noted', 'unmatched', 'erased')"


def upgrade() -> None:
    with op.batch_alter_table("incoming_message") as table:
        table.add_column(sa.Column("organisation_id", BIG))
        table.add_column(sa.Column("sender", sa.String(320), nullable=False, server_default=""))
        table.add_column(sa.Column("sender_name", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("subject", sa.String(500), nullable=False, server_default=""))
        table.add_column(sa.Column("thread", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("remarks", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("outcome", sa.String(40), nullable=False, server_default=""))
        table.create_check_constraint("ck_incoming_message_outcome", f"outcome IN {OUTCOMES}")
        table.create_foreign_key("fk_incoming_message_organisation_id_organisation", "organisation", ["organisation_id"], ["id"])
    op.execute(
        "UPDATE incoming_message SET organisation_id = (SELECT organisation_id FROM message WHERE message.id = incoming_message.message_id)"
    )
    op.execute("UPDATE incoming_message SET handled_at = received_at, outcome = 'acted' WHERE kind = 'bounce' AND handled_at IS NULL")
    waiting = sa.text("handled_at IS NULL")
    op.create_index("ix_incoming_message_waiting", "incoming_message", ["id"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index("ix_incoming_message_list", "incoming_message", ["organisation_id", "id"])
    _attachments()


def _attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("incoming_id", BIG, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("refused", sa.String(40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.CheckConstraint("refused IN ('', 'kind', 'size', 'number', 'broken')", name="ck_attachment_refused"),
        sa.CheckConstraint("refused = '' OR length(content) = 0", name="ck_attachment_refused_is_empty"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_attachment_organisation_id_organisation"),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming_message.id"], name="fk_attachment_incoming_id_incoming_message", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_attachment_organisation_id", "attachment", ["organisation_id"])
    op.create_index("ix_attachment_incoming_id", "attachment", ["incoming_id"])
