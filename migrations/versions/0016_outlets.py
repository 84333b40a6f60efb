"""Places besides mail where an organisation hears of alerts, and of what each is to hear or heard"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STANDS, UNSENT = (
    {f"{database}_where": sa.text(rule) for database in ("sqlite", "postgresql")}
    for rule in ("removed_at IS NULL", "sent_at IS NULL")
)


def upgrade() -> None:
    op.create_table(
        "outlet",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        *(sa.Column(name, sa.String(200), nullable=False) for name in ("name", "service", "shown")),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("removed_at", "claimed_until", "sent_at", "failed_at")),
        sa.Column("problem", sa.String(40), nullable=True),
        sa.Column("reply", sa.String(300), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
        sa.CheckConstraint("(removed_at IS NULL) = (sealed <> '')", name=op.f("ck_outlet_removed_is_wiped")),
        sa.CheckConstraint("(failed_at IS NULL) = (problem IS NULL)", name=op.f("ck_outlet_failed_for_a_reason")),
        sa.CheckConstraint("failed_at IS NOT NULL OR tries = 0", name=op.f("ck_outlet_tries")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_outlet_organisation_id_organisation")),
    )
    op.create_index(op.f("ix_outlet_organisation_id"), "outlet", ["organisation_id"])
    op.create_index("ix_outlet_standing", "outlet", ["organisation_id", "id"], **STANDS)
    _notices()


def _notices() -> None:
    op.create_table(
        "outlet_notice",
        sa.Column("id", BIG, nullable=False),
        sa.Column("outlet_id", BIG, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet_notice")),
        sa.UniqueConstraint("outlet_id", "kind", "subject_id", name=op.f("uq_outlet_notice_outlet_id_kind_subject_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_outlet_notice_outlet_id_outlet")),
    )
    op.create_index("ix_outlet_notice_unsent", "outlet_notice", ["outlet_id"], **UNSENT)
    op.create_index("ix_outlet_notice_sent", "outlet_notice", ["outlet_id", "kind", "sent_at"])
