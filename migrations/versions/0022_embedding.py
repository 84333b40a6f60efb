"""The sites that may show a survey in a frame of theirs"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("survey", sa.Column("embed_origins", sa.JSON(), server_default="[]", nullable=False))
