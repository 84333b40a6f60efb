"""A mail touches fewer pages of indexes"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

WAITING = "state IN ('queued', 'claimed', 'transmitting', 'unknown')"
UNKNOWN = "state = 'unknown'"


def upgrade() -> None:
    op.drop_index("ix_attempt_message_key", "attempt")
    op.drop_index("ix_message_waiting", "message")
    _index("ix_message_waiting", "message", "id", WAITING)
    _index("ix_message_unknown", "message", "organisation_id", UNKNOWN)


def _index(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
