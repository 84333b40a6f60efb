"""Links for a tablet on a counter, and answers that came by one"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
BEFORE = "source IN ('web', 'api', 'import', 'phone')"
AFTER = "source IN ('web', 'api', 'import', 'phone', 'kiosk')"


def upgrade() -> None:
    op.create_table(
        "kiosk",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_kiosk"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_kiosk_organisation_id_organisation"),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_kiosk_survey_id_survey"),
    )
    op.create_index("ix_kiosk_organisation_id", "kiosk", ["organisation_id"])
    op.create_index("ix_kiosk_survey_id", "kiosk", ["survey_id"])
    _allow_kiosk(op.get_bind())


def _allow_kiosk(bind: sa.Connection) -> None:
    """SQLite keeps a CHECK in the text of its table: changing that copies no row."""
    if bind.dialect.name == "sqlite":
        _rewrite(bind)
        return
    op.drop_constraint(op.f("ck_response_source"), "response", type_="check")
    op.create_check_constraint(op.f("ck_response_source"), "response", AFTER)


def _rewrite(bind: sa.Connection) -> None:
    """https://www.sqlite.org/lang_altertable.html, "making other kinds of table schema changes"."""
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    bind.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'response'", (BEFORE, AFTER)
    )
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")
