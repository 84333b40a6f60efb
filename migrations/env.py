"""Alembic's entry: runs inside the connection that core.schema hands over."""

from alembic import context

import accounts.models_logo  # noqa: F401
import customers.models_merging  # noqa: F401
import followup.digests.models
import followup.many.models
import followup.plans.models
import followup.rewards.models  # noqa: F401
import outbox.models_letters
import outbox.models_outlets  # noqa: F401
import reports.models  # noqa: F401
import surveys.imports.models
import surveys.kiosk.models
import surveys.partial.models  # noqa: F401
from core.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
