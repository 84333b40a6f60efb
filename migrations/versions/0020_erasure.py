"""Who was erased, and which reports were made again without their words"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=True),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("under_way", sa.JSON(), nullable=False),
        sa.Column("looked_at", sa.JSON(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_erasure_reason")),
        sa.CheckConstraint(
            "swept_at IS NULL OR finished_at IS NOT NULL", name=op.f("ck_erasure_finished_before_swept")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("key", name=op.f("uq_erasure_key")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_erasure_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_erasure_customer_id_customer")
        ),
    )
    op.create_index(op.f("ix_erasure_organisation_id"), "erasure", ["organisation_id"])
    op.create_index(op.f("ix_erasure_customer_id"), "erasure", ["customer_id"])
    _revisions()


def _revisions() -> None:
    op.add_column("report", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "report_revision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("report_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason IN ('erased')", name=op.f("ck_report_revision_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_revision")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_report_revision_report_id_number")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_revision_report_id_report")
        ),
    )
