"""Who was merged is few: the index holds these alone. An address that goes finds the answers that lead to it without reading all"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"

MERGED = sa.text("merged_into_id IS NOT NULL")
KNOWN = sa.text("identity_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_customer_merged", "customer", ["merged_into_id"], sqlite_where=MERGED, postgresql_where=MERGED)
    op.drop_index("ix_customer_merged_into_id", "customer")
    op.create_index("ix_response_identity", "response", ["identity_id"], sqlite_where=KNOWN, postgresql_where=KNOWN)
