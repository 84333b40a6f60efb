"""Rewards: a pool of codes a survey, and whom each was given"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reward_pool",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("low_at", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("stopped_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_reward_pool"),
        sa.UniqueConstraint("survey_id", name="uq_reward_pool_survey_id"),
        sa.CheckConstraint("rule IN ('action', 'nth', 'all')", name="ck_reward_pool_rule"),
        sa.CheckConstraint("every > 0 AND low_at >= 0", name="ck_reward_pool_numbers"),
        _to("reward_pool", "organisation_id", "organisation"),
        _to("reward_pool", "survey_id", "survey"),
    )
    op.create_index("ix_reward_pool_organisation_id", "reward_pool", ["organisation_id"])
    op.create_table(
        "reward_code",
        sa.Column("id", BIG, nullable=False),
        sa.Column("pool_id", BIG, nullable=False),
        sa.Column("code", sa.String(100), nullable=False),
        sa.Column("response_id", BIG),
        sa.Column("person", sa.String(40)),
        sa.Column("given_at", MOMENT),
        sa.Column("given_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reward_code"),
        sa.UniqueConstraint("pool_id", "code", name="uq_reward_code_pool_id_code"),
        sa.UniqueConstraint("pool_id", "person", name="uq_reward_code_pool_id_person"),
        sa.UniqueConstraint("response_id", name="uq_reward_code_response_id"),
        sa.CheckConstraint("(given_at IS NULL) = (person IS NULL)", name="ck_reward_code_given"),
        _to("reward_code", "pool_id", "reward_pool"),
        _to("reward_code", "response_id", "response"),
    )
    free = sa.text("given_at IS NULL")
    op.create_index("ix_reward_code_free", "reward_code", ["pool_id", "id"], sqlite_where=free, postgresql_where=free)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
