"""What another index of the same table begins with has none of its own: each row wrote both"""

from alembic import op

revision = "0044"
down_revision = "0043"

TABLES = (
    "action", "alert", "api_answer", "comment", "event", "forgetting", "identity", "large_step", "logo", "membership", "message",
    "saved_view", "suppression", "theme",
)  # fmt: skip


def upgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_organisation_id", table)
