"""Which tablet an answer came from"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = "fk_response_kiosk_id_kiosk"


def upgrade() -> None:
    """No row is copied: SQLite takes a key that is named in the column itself, and the index holds only what came from a tablet."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE response ADD COLUMN kiosk_id INTEGER CONSTRAINT {KEY} REFERENCES kiosk (id)")
    else:
        op.add_column("response", sa.Column("kiosk_id", BIG))
        op.create_foreign_key(KEY, "response", "kiosk", ["kiosk_id"], ["id"])
    there = sa.text("kiosk_id IS NOT NULL")
    op.create_index("ix_response_kiosk", "response", ["kiosk_id"], sqlite_where=there, postgresql_where=there)
