"""PostgreSQL counts how often each word stands in comments, to know which of those that are looked for is rare"""

from alembic import op

revision = "0040"
down_revision = "0039"

POSTGRESQL = (
    "CREATE STATISTICS comment_index_words ON (array_to_tsvector(string_to_array(tokens, ' '))) FROM comment_index",
    "ANALYZE comment_index",
)


def upgrade() -> None:
    """Those of the two indexes are not used: each holds only some of the lines. SQLite finds words without any."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            op.execute(statement)
