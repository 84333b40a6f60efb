"""The migrations make exactly the tables that the models describe, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

import followup.models
import reports.models  # noqa: F401
from core.db import Base, db


@pytest.mark.both_databases
def test_nothing_is_left_to_migrate(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_each_table_has_a_primary_key_and_each_constraint_a_name() -> None:
    assert followup.models
    for table in Base.metadata.tables.values():
        assert table.primary_key.columns, table
        assert all(c.name for c in table.constraints), table
