"""Reports on a schedule: readers, periods, and whom each was mailed to"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNTOLD = sa.text("told_at IS NULL")


def upgrade() -> None:
    _schedules()
    _readers()
    _runs()
    _deliveries()


def _key(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _schedules() -> None:
    op.create_table(
        "report_schedule",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=True),
        sa.Column("every", sa.String(40), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_report_schedule"),
        sa.CheckConstraint("every IN ('week', 'month', 'quarter', 'round')", name="ck_report_schedule_every"),
        _key("report_schedule", "organisation_id", "organisation"),
        _key("report_schedule", "survey_id", "survey"),
        _key("report_schedule", "made_by_id", "staff"),
    )
    op.create_index("ix_report_schedule_organisation_id", "report_schedule", ["organisation_id"])


def _readers() -> None:
    op.create_table(
        "report_reader",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("schedule_id", BIG, nullable=False),
        sa.Column("mail", sa.String(320), nullable=False),
        sa.Column("mail_key", sa.String(320), nullable=False),
        sa.Column("staff_id", BIG, nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_report_reader"),
        sa.UniqueConstraint("schedule_id", "mail_key", name="uq_report_reader_schedule_id_mail_key"),
        _key("report_reader", "organisation_id", "organisation"),
        _key("report_reader", "schedule_id", "report_schedule"),
        _key("report_reader", "staff_id", "staff"),
    )
    op.create_index("ix_report_reader_organisation_id", "report_reader", ["organisation_id"])


def _runs() -> None:
    op.create_table(
        "report_run",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("schedule_id", BIG, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_report_run"),
        sa.UniqueConstraint("schedule_id", "first_day", name="uq_report_run_schedule_id_first_day"),
        sa.CheckConstraint("first_day <= last_day", name="ck_report_run_period"),
        sa.CheckConstraint("skipped >= 0", name="ck_report_run_skipped"),
        _key("report_run", "organisation_id", "organisation"),
        _key("report_run", "schedule_id", "report_schedule"),
    )
    op.create_index("ix_report_run_organisation_id", "report_run", ["organisation_id"])
    op.create_index(
        "ix_report_run_untold", "report_run", ["id"], sqlite_where=UNTOLD, postgresql_where=UNTOLD
    )
    op.create_table(
        "report_part",
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("report_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "report_id", name="pk_report_part"),
        _key("report_part", "run_id", "report_run"),
        _key("report_part", "report_id", "report"),
    )
    op.create_index("ix_report_part_report_id", "report_part", ["report_id"])


def _deliveries() -> None:
    op.create_table(
        "report_delivery",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("reader_id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_delivery"),
        sa.UniqueConstraint("reader_id", "run_id", name="uq_report_delivery_reader_id_run_id"),
        _key("report_delivery", "organisation_id", "organisation"),
        _key("report_delivery", "reader_id", "report_reader"),
        _key("report_delivery", "run_id", "report_run"),
        _key("report_delivery", "message_id", "message", ondelete="SET NULL"),
    )
    for column in ("organisation_id", "run_id", "message_id"):
        op.create_index(f"ix_report_delivery_{column}", "report_delivery", [column])
