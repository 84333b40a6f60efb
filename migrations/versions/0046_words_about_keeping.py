"""Words of a manager's own on the page of what is kept"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.add_column("keeping", sa.Column("words", sa.JSON(), nullable=False, server_default="{}"))
