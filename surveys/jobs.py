"""What the clock does about surveys."""

from datetime import datetime

from core.db import writing
from surveys.unfinished import forget_old


def forget_unfinished(now: datetime) -> int:
    """What nobody went on with is gone after the time that its page names."""
    with writing():
        return forget_old(now)
