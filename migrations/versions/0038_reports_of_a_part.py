"""Reports of who hears by one channel, or answered in one language"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0035"


def upgrade() -> None:
    for name in ("channel", "answered_in"):
        op.add_column("report", sa.Column(name, sa.String(40), server_default="", nullable=False))
