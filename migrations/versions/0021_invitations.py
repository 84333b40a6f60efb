"""Lists of people to be asked, and a personal link for each of them"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _lists()
    _invitations()


def _lists() -> None:
    op.create_table(
        "invitation_list",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("refused_rows", sa.Integer(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("usual", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", BIG, nullable=True),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("refused_at", MOMENT, nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "released_at IS NULL OR confirmed_at IS NOT NULL",
            name=op.f("ck_invitation_list_confirmed_before_released"),
        ),
        sa.CheckConstraint(
            "released_at IS NULL OR refused_at IS NULL", name=op.f("ck_invitation_list_released_or_refused")
        ),
        sa.CheckConstraint(
            "refused_at IS NULL OR reason <> ''", name=op.f("ck_invitation_list_no_has_a_reason")
        ),
        sa.CheckConstraint("taken >= 0 AND left_out >= 0", name=op.f("ck_invitation_list_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_list")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_invitation_list_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_invitation_list_survey_id_survey")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["staff.id"], name=op.f("fk_invitation_list_asked_by_id_staff")
        ),
    )
    op.create_index(op.f("ix_invitation_list_organisation_id"), "invitation_list", ["organisation_id"])
    op.create_index(op.f("ix_invitation_list_survey_id"), "invitation_list", ["survey_id"])
    _partial("ix_invitation_list_open", "invitation_list", "id", "finished_at IS NULL")


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("list_id", BIG, nullable=False),
        sa.Column("identity_id", BIG, nullable=True),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("send_at", MOMENT, nullable=False),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("written_at", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("reminder_id", BIG, nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("response_id", BIG, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "response_id IS NULL OR answered_on IS NOT NULL", name=op.f("ck_invitation_answered")
        ),
        sa.CheckConstraint(
            "reminder_id IS NULL OR reminded_at IS NOT NULL", name=op.f("ck_invitation_reminded")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("list_id", "identity_id", name=op.f("uq_invitation_list_id_identity_id")),
        sa.UniqueConstraint("response_id", name=op.f("uq_invitation_response_id")),
        *(_key(column, table) for column, table in KEYS.items()),
        *(_key(column, "message", ondelete="SET NULL") for column in ("message_id", "reminder_id")),
    )
    for column in ("organisation_id", "identity_id", "message_id", "reminder_id"):
        op.create_index(op.f(f"ix_invitation_{column}"), "invitation", [column])
    op.create_index("ix_invitation_survey", "invitation", ["survey_id", "id"])
    _partial("ix_invitation_to_write", "invitation", "send_at", "written_at IS NULL AND withdrawn_at IS NULL")
    unanswered = "reminded_at IS NULL AND answered_on IS NULL AND withdrawn_at IS NULL"
    _partial("ix_invitation_to_remind", "invitation", "written_at", unanswered)


KEYS = {
    "organisation_id": "organisation",
    "survey_id": "survey",
    "list_id": "invitation_list",
    "identity_id": "identity",
    "response_id": "response",
}


def _key(column: str, table: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=op.f(f"fk_invitation_{column}_{table}"), **options
    )


def _partial(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
