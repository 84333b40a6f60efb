"""Comments that need a person are found in an index of their own, apart from the many that do not any more"""

from alembic import op

revision = "0026"
down_revision = "0025"

OPEN, DONE = "comment_words_open", "comment_words"
REMOVE, ADD = (
    "INSERT INTO {words}({words}, rowid, tokens) SELECT 'delete', old.comment_id, old.tokens WHERE {so}",
    "INSERT INTO {words}(rowid, tokens) SELECT new.comment_id, new.tokens WHERE {so}",
)
OLD = "; ".join((REMOVE.format(words=OPEN, so="old.is_open"), REMOVE.format(words=DONE, so="NOT old.is_open")))
NEW = "; ".join((ADD.format(words=OPEN, so="new.is_open"), ADD.format(words=DONE, so="NOT new.is_open")))
SQLITE = (
    *(f"DROP TRIGGER comment_index_{when}" for when in ("insert", "delete", "update")),
    f"CREATE VIRTUAL TABLE {OPEN} USING fts5(tokens, content='comment_index', content_rowid='comment_id', "
    "tokenize=\"ascii tokenchars '#'\", detail=none, prefix='2 3 4 5 6 7 8')",
    f"INSERT INTO {OPEN}(rowid, tokens) SELECT comment_id, tokens FROM comment_index WHERE is_open",
    f"INSERT INTO {DONE}({DONE}, rowid, tokens) SELECT 'delete', comment_id, tokens FROM comment_index WHERE is_open",
    f"CREATE TRIGGER comment_index_insert AFTER INSERT ON comment_index BEGIN {NEW}; END",
    f"CREATE TRIGGER comment_index_delete AFTER DELETE ON comment_index BEGIN {OLD}; END",
    "CREATE TRIGGER comment_index_update AFTER UPDATE OF tokens, is_open ON comment_index "
    f"WHEN old.tokens <> new.tokens OR old.is_open <> new.is_open BEGIN {OLD}; {NEW}; END",
)
POSTGRESQL = (
    "DROP INDEX ix_comment_index_tokens",
    *(
        f"CREATE INDEX ix_comment_index_tokens_{name} ON comment_index USING gin (array_to_tsvector(string_to_array(tokens, ' '))) WHERE {so}"
        for name, so in {"open": "is_open", "done": "NOT is_open"}.items()
    ),
    "ANALYZE comment_index",  # how often each word is likely is known of an index only when it was counted
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
