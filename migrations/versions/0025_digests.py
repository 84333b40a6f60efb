"""Which actions the words of a digest tell; and as what somebody heard what puts them right"""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLACE = re.compile(r"\{(?:due|done)_on\}")
TOLD = (
    "SELECT DISTINCT r.id AS round_id, r.digest, a.id AS action_id, a.public_note, a.kind, a.due_on"
    " FROM round r JOIN response s ON s.round_id = r.id JOIN comment c ON c.response_id = s.id"
    " JOIN tag t ON t.comment_id = c.id JOIN action a ON a.id = t.action_id"
    " WHERE a.comment_id IS NULL AND a.kind <> 'thanks'"
)


def upgrade() -> None:
    op.create_table(
        "digest_action",
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("action_id", BIG, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_digest_action_round_id_round"),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name="fk_digest_action_action_id_action"),
        sa.PrimaryKeyConstraint("round_id", "action_id", name="pk_digest_action"),
    )
    op.create_index("ix_digest_action_action_id", "digest_action", ["action_id"])
    _from_what_stands_there()
    _heard_as()


def _from_what_stands_there() -> None:
    """What was read from the words until now is written down; what was planned then and is done since counts as told as done."""
    bind = op.get_bind()
    bind.execute(
        sa.text(
            "INSERT INTO digest_action (round_id, action_id, kind, due_on)"
            " SELECT p.round_id, a.id, a.kind, a.due_on FROM published_action p JOIN action a ON a.id = p.action_id"
        )
    )
    known = {tuple(row) for row in bind.execute(sa.text("SELECT round_id, action_id FROM digest_action"))}
    found = [
        {"round_id": row.round_id, "action_id": row.action_id, "kind": row.kind, "due_on": row.due_on}
        for row in bind.execute(_told())
        if (row.round_id, row.action_id) not in known and _stands(row.public_note, row.digest)
    ]
    if found:
        table = sa.table(
            "digest_action", sa.column("round_id"), sa.column("action_id"), sa.column("kind"), sa.column("due_on", sa.Date())
        )
        bind.execute(sa.insert(table), found)


def _told() -> sa.TextClause:
    query = TOLD if op.get_bind().dialect.name == "sqlite" else TOLD.replace("digest,", "digest::text AS digest,")
    query = query if op.get_bind().dialect.name == "sqlite" else query.replace("public_note,", "public_note::text AS public_note,")
    return sa.text(query).columns(due_on=sa.Date())


def _stands(note: str, digest: str) -> bool:
    notes = [[p for p in PLACE.split(words) if p.strip()] for words in json.loads(note or "{}").values()]
    said = json.loads(digest or "{}").values()
    return any(all(p in words for p in parts) for words in said for parts in notes if parts)


def _heard_as() -> None:
    with op.batch_alter_table("heard_right") as heard:
        heard.add_column(sa.Column("kind", sa.String(40), nullable=False, server_default=""))
    op.execute("UPDATE heard_right SET kind = (SELECT a.kind FROM action a WHERE a.id = heard_right.action_id)")
    with op.batch_alter_table("heard_right") as heard:
        heard.drop_constraint("pk_heard_right", type_="primary")
        heard.create_primary_key("pk_heard_right", ["response_id", "action_id", "kind"])
