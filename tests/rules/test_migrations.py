"""The migrations make exactly the tables that the models describe, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint

from core import schema
from core.db import Base, db
from core.settings import ROOT

WITH_COLUMNS = (Index, UniqueConstraint, PrimaryKeyConstraint)


@pytest.mark.both_databases
def test_nothing_is_left_to_migrate(app: Flask) -> None:
    schema.load_models()
    with db.engine.connect() as connection:
        options = {"compare_type": False, "include_object": _is_modelled}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def _is_modelled(_object: object, name: str | None, *_rest: object) -> bool:
    """Full text is found in a way of its own on each database, which no model can say."""
    return not (name or "").startswith(("comment_words", "ix_comment_index_tokens"))


def test_each_table_has_a_primary_key_and_each_constraint_a_name() -> None:
    schema.load_models()
    for table in Base.metadata.tables.values():
        assert table.primary_key.columns, table
        assert all(c.name for c in table.constraints), table


def test_no_index_is_the_beginning_of_another() -> None:
    """Each row would write both, and the longer one finds the same."""
    schema.load_models()
    for table in Base.metadata.tables.values():
        whole = [index for index in table.indexes if not _is_partial(index)]
        keys = [_columns(key) for key in (*whole, *table.constraints) if isinstance(key, WITH_COLUMNS)]
        spare = [
            index.name
            for index in whole
            if not index.unique and sum(key[: len(_columns(index))] == _columns(index) for key in keys) > 1
        ]
        assert not spare, table


def _columns(key: Index | UniqueConstraint | PrimaryKeyConstraint) -> list[str]:
    return [str(column) for column in (key.expressions if isinstance(key, Index) else key.columns)]


def _is_partial(index: Index) -> bool:
    return any(options.get("where") is not None for options in index.dialect_options.values())


def test_a_migration_is_named_by_its_number_and_follows_the_one_before() -> None:
    """`core.schema` reads the versions from the names, so that a process need not load alembic to compare them."""
    script = ScriptDirectory(str(ROOT / "migrations"))
    chain = list(reversed(list(script.walk_revisions())))
    assert [each.revision for each in chain] == schema.versions()
    assert [each.down_revision for each in chain] == [None, *schema.versions()[:-1]]
    assert script.get_heads() == [schema.versions()[-1]]
