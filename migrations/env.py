"""Alembic's entry: runs inside the connection that core.schema hands over."""

from alembic import context

from core import schema
from core.db import Base

schema.load_models()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
