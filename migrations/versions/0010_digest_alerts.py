"""What managers were told of a digest that waits: by when, and how many people"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("digest_alert", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("digest_alert", sa.Column("people", sa.Integer(), server_default="0", nullable=False))
