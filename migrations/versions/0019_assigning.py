"""How the new comments of a survey are given to colleagues, and whose turn it is"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("survey", sa.Column("assigning", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("survey", sa.Column("turns", sa.Integer(), server_default="0", nullable=False))
