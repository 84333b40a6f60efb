"""Large steps that wait for a manager; alerts about a digest; actions that stand on the public page"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITS, ALONE = "decided_at IS NULL", "decided_at IS NULL AND kind <> 'tags'"


def upgrade() -> None:
    _steps()
    op.create_table(
        "large_step_tag",
        sa.Column("tag_id", BIG, nullable=False),
        sa.Column("step_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_large_step_tag_tag_id_tag"),
        sa.ForeignKeyConstraint(["step_id"], ["large_step.id"], name="fk_large_step_tag_step_id_large_step"),
        sa.PrimaryKeyConstraint("tag_id", name="pk_large_step_tag"),
    )
    op.create_index("ix_large_step_tag_step_id", "large_step_tag", ["step_id"])
    op.create_table(
        "digest_alert",
        sa.Column("id", BIG, nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_digest_alert_round_id_round"),
        sa.PrimaryKeyConstraint("id", name="pk_digest_alert"),
        sa.UniqueConstraint("round_id", "day", name="uq_digest_alert_round_id_day"),
    )
    op.create_table(
        "published_action",
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("action_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_published_action_round_id_round"),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name="fk_published_action_action_id_action"),
        sa.PrimaryKeyConstraint("round_id", "action_id", name="pk_published_action"),
    )
    with op.batch_alter_table("tag") as tag:
        tag.add_column(sa.Column("awaits_manager", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_message_day", "message", ["organisation_id", "created_at"])


def _steps() -> None:
    op.create_table(
        "large_step",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("action_id", BIG),
        sa.Column("round_id", BIG),
        sa.Column("done_on", sa.Date()),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_by_id", BIG),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_as", sa.String(40)),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("kind IN ('tags', 'done', 'correction', 'digest')", name="ck_large_step_kind"),
        sa.CheckConstraint("(kind = 'digest') = (round_id IS NOT NULL)", name="ck_large_step_digest_has_a_round"),
        sa.CheckConstraint("(kind = 'digest') = (action_id IS NULL)", name="ck_large_step_others_have_an_action"),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_as IS NULL)", name="ck_large_step_decided"),
        sa.CheckConstraint(
            "decided_as IS NULL OR decided_as IN ('approved', 'refused')", name="ck_large_step_decided_as"
        ),
        sa.CheckConstraint(
            "decided_as IS NULL OR decided_as <> 'refused' OR reason <> ''", name="ck_large_step_no_has_a_reason"
        ),
        sa.CheckConstraint("carried_at IS NULL OR decided_at IS NOT NULL", name="ck_large_step_decided_before_carried"),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name="fk_large_step_action_id_action"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name="fk_large_step_asked_by_id_staff"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_large_step_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_large_step_round_id_round"),
        sa.PrimaryKeyConstraint("id", name="pk_large_step"),
    )
    op.create_index("ix_large_step_organisation_id", "large_step", ["organisation_id"])
    op.create_index("ix_large_step_list", "large_step", ["organisation_id", "id"])
    for name, column, where in (("round", "round_id", WAITS), ("action", "action_id", ALONE)):
        op.create_index(
            f"uq_large_step_{name}", "large_step", [column], unique=True,
            sqlite_where=sa.text(where), postgresql_where=sa.text(where),
        )  # fmt: skip
