"""Answers that programs were given hold words they had sent: those go too."""

import json
from collections.abc import Iterable

from sqlalchemy import or_, update

from accounts.models import ApiAnswer
from core.db import db

FEW = 50
SHORTEST = 3
"""Characters: less is in every answer."""


def forget(organisation_id: int, words: Iterable[str]) -> None:
    """A request that is sent again is answered, without a body."""
    sought = [json.dumps(w)[1:-1] for w in dict.fromkeys(words) if len(w.strip()) >= SHORTEST]
    for start in range(0, len(sought), FEW):
        some = or_(*(ApiAnswer.body.contains(w, autoescape=True) for w in sought[start : start + FEW]))
        change = update(ApiAnswer).where(ApiAnswer.organisation_id == organisation_id, some).values(body="{}")
        db.session.execute(change.execution_options(synchronize_session=False))
