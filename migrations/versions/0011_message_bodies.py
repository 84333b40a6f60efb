"""The words of messages in a table of their own: a message's row is written three times more, and they never are

The columns go at once, and not in a later release as columns do otherwise: a sender of the version before, still
running, must fail rather than send a mail without words.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SLICE = 1_000
UPTO = sa.text(
    "SELECT max(id) FROM (SELECT id FROM message WHERE id > :after ORDER BY id LIMIT :slice) AS part"
)
MOVE = sa.text(
    "INSERT INTO message_body (message_id, text, html, secret) "
    "SELECT id, text, html, secret FROM message WHERE id > :after AND id <= :upto"
)


def upgrade() -> None:
    op.create_table(
        "message_body",
        sa.Column("message_id", BIG, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name="fk_message_body_message_id_message", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name="pk_message_body"),
    )
    _move()
    held = sa.text("secret AND text <> ''")
    op.create_index(
        "ix_message_body_secret", "message_body", ["message_id"], sqlite_where=held, postgresql_where=held
    )
    op.drop_index("ix_message_secret", table_name="message")
    op.drop_column("message", "text")
    op.drop_column("message", "html")


def _move() -> None:
    """What is there already, a slice at a time."""
    after = 0
    while upto := op.get_bind().scalar(UPTO, {"after": after, "slice": SLICE}):
        op.get_bind().execute(MOVE, {"after": after, "upto": upto})
        after = upto
