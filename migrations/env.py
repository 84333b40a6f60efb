"""Alembic's entry: runs inside the connection that core.schema hands over."""

from alembic import context

import accounts.models_logo  # noqa: F401
import customers.models_merging  # noqa: F401
import followup.models_bulk
import followup.models_digests
import followup.models_moves
import followup.models_rewards  # noqa: F401
import outbox.models_letters
import outbox.models_outlets  # noqa: F401
import reports.models  # noqa: F401
import surveys.models_import
import surveys.models_kiosks
import surveys.models_unfinished  # noqa: F401
import triage.models_joining
import triage.models_views  # noqa: F401
from core.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
