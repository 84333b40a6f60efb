"""How many began to answer and never sent it, by survey and day"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "survey_abandoned",
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "day", name="pk_survey_abandoned"),
        sa.CheckConstraint("n > 0", name="ck_survey_abandoned_counts"),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_abandoned_survey_id_survey"),
    )
