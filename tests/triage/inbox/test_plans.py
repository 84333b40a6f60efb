"""What a page of the inbox reads costs the same however many comments there are: SQLite looks its lines up by number."""

import pytest
from flask import Flask
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from core.db import db
from triage import meanwhile
from triage.inbox import rows

LONG = {"comment", "comment_index", "comment_theme", "response", "answer", "promise", "tag", "event"}
LINES = {"facts": rows._FACTS, "themes": rows._THEMES, "tags": rows._TAGS, "history": meanwhile._COUNTED}


@pytest.mark.parametrize("name", LINES)
def test_no_long_table_is_read_from_its_beginning(app: Flask, name: str) -> None:
    scanned = {step.split()[1] for step in plan(LINES[name]) if step.startswith("SCAN")}
    assert not scanned & LONG


def plan(query: Select[*tuple[object, ...]]) -> list[str]:
    sql = str(query.compile(dialect=sqlite.dialect()))
    with db.engine.connect() as connection:
        asked = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("[1, 2]",) * sql.count("?"))
        return [step for _id, _parent, _unused, step in asked]
