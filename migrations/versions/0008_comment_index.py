"""By what a comment is found: one row of tokens for each, and an index over them"""

import sqlalchemy as sa
from alembic import op

from core.text import word_keys

revision = "0008"
down_revision = "0007"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SLICE = 5_000
EMOTIONS = ("impatient", "frustrated", "angry", "disappointed", "worried", "neutral", "happy", "grateful")
FULL_TEXT = (
    "CREATE VIRTUAL TABLE comment_words USING fts5(tokens, content='comment_index', content_rowid='comment_id', "
    "tokenize=\"ascii tokenchars '#'\", detail=none, prefix='2 3 4 5 6 7 8')",
    "CREATE TRIGGER comment_index_insert AFTER INSERT ON comment_index BEGIN "
    "INSERT INTO comment_words(rowid, tokens) VALUES (new.comment_id, new.tokens); END",
    "CREATE TRIGGER comment_index_delete AFTER DELETE ON comment_index BEGIN "
    "INSERT INTO comment_words(comment_words, rowid, tokens) VALUES ('delete', old.comment_id, old.tokens); END",
    "CREATE TRIGGER comment_index_update AFTER UPDATE OF tokens ON comment_index WHEN old.tokens <> new.tokens BEGIN "
    "INSERT INTO comment_words(comment_words, rowid, tokens) VALUES ('delete', old.comment_id, old.tokens); "
    "INSERT INTO comment_words(rowid, tokens) VALUES (new.comment_id, new.tokens); END",
)
FACTS = """
SELECT comment.id, comment.organisation_id, promise.due_at, response.survey_id, response.round_id, response.channel, response.language,
       response.score, comment.emotion, comment.assignee_id, response.customer_id, answer.text,
       NOT EXISTS (SELECT 1 FROM tag WHERE tag.comment_id = comment.id AND tag.withdrawn_at IS NULL
                   AND (comment.reopened_at IS NULL OR tag.tagged_at > comment.reopened_at)) AS is_open
FROM comment JOIN response ON response.id = comment.response_id LEFT JOIN answer ON answer.id = comment.answer_id
LEFT JOIN promise ON promise.response_id = comment.response_id AND promise.ended_at IS NULL
WHERE comment.id > :after ORDER BY comment.id LIMIT :slice
"""


def upgrade() -> None:
    op.create_table(
        "comment_index",
        sa.Column("comment_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_index")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_index_comment_id_comment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_comment_index_organisation_id_organisation")
        ),
    )
    op.create_index("ix_comment_index_list", "comment_index", ["organisation_id", "is_open", "comment_id"])
    true = "is_open = 1" if op.get_bind().dialect.name == "sqlite" else "is_open"
    owed, unowed = sa.text(f"{true} AND due_at IS NOT NULL"), sa.text(f"{true} AND due_at IS NULL")
    sorted_by = ["organisation_id", "due_at", "rank", "comment_id"]
    op.create_index("ix_comment_index_owed", "comment_index", sorted_by, sqlite_where=owed, postgresql_where=owed)
    newest = ["organisation_id", "comment_id"]
    op.create_index("ix_comment_index_unowed", "comment_index", newest, sqlite_where=unowed, postgresql_where=unowed)
    op.create_index("ix_comment_assignee_id", "comment", ["assignee_id"])
    open_ = sa.text("ended_at IS NULL")
    op.create_index("ix_promise_open_who", "promise", ["who_id", "due_at"], sqlite_where=open_, postgresql_where=open_)
    op.create_index("ix_comment_created", "comment", ["organisation_id", "created_at"])
    _full_text()
    _fill()


def _full_text() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in FULL_TEXT:
            op.execute(statement)
    else:
        op.execute(
            "CREATE INDEX ix_comment_index_tokens ON comment_index USING gin "
            "(array_to_tsvector(string_to_array(tokens, ' ')))"
        )


def _fill() -> None:
    """What is there already, a slice at a time."""
    names = ("comment_id", "organisation_id", "is_open", "due_at", "rank", "tokens")
    table, themes, after = sa.table("comment_index", *map(sa.column, names)), _themes(), 0
    while facts := op.get_bind().execute(sa.text(FACTS), {"after": after, "slice": SLICE}).all():
        after = facts[-1].id
        op.bulk_insert(table, [_line(f, themes.get(f.id, [])) for f in facts])


def _themes() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for comment_id, theme_id in op.get_bind().execute(sa.text("SELECT comment_id, theme_id FROM comment_theme")):
        found.setdefault(comment_id, []).append(theme_id)
    return found


def _line(f: sa.Row, themes: list[int]) -> dict[str, object]:
    marks = {
        "o": f.organisation_id, "s": f.survey_id, "r": f.round_id, "c": f.channel, "l": f.language, "p": f.score, "e": f.emotion,
        "a": f.assignee_id or 0, "k": f.customer_id,
    }  # fmt: skip
    named = [f"#{kind}{value}" for kind, value in marks.items() if value is not None] + [f"#t{t}" for t in themes]
    tokens = ["#open" if f.is_open else "#done", *named, *word_keys(f.text or "")]
    rank = EMOTIONS.index(f.emotion or "neutral")
    return {
        "comment_id": f.id, "organisation_id": f.organisation_id, "is_open": bool(f.is_open), "due_at": f.due_at, "rank": rank, "tokens": " ".join(tokens),
    }  # fmt: skip
