"""The date of a plan as somebody read it who heard of it in a digest, and the day on which they did"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """What was told before gets the day on which its update was written (in UTC), and the date that its plan has."""
    op.add_column("heard_right", sa.Column("due_on", sa.Date()))
    op.add_column("heard_right", sa.Column("told_on", sa.Date()))
    op.execute(
        "UPDATE heard_right SET due_on = (SELECT a.due_on FROM action a WHERE a.id = heard_right.action_id), told_on ="
        " (SELECT date(u.composed_at) FROM promise_update u WHERE u.id = heard_right.update_id)"
    )
