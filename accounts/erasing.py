"""Answers that programs were given hold words they had sent: those go too."""

import json
from collections.abc import Iterable

from sqlalchemy import or_, select

from accounts.models import ApiAnswer
from core import rows
from core.db import db

FEW = 50
SHORTEST = 3
"""Characters: less is in every answer."""


def forget(organisation_id: int, words: Iterable[str]) -> None:
    """A request that is sent again is answered, without a body."""
    empty(naming(organisation_id, words))


def naming(organisation_id: int, words: Iterable[str]) -> list[int]:
    """Ids of the answers that hold any of these words: each of them is read, so it takes the longer the more there are."""
    sought = [json.dumps(w)[1:-1] for w in dict.fromkeys(words) if len(w.strip()) >= SHORTEST]
    here, found = select(ApiAnswer.id).where(ApiAnswer.organisation_id == organisation_id), set[int]()
    for start in range(0, len(sought), FEW):
        some = or_(*(ApiAnswer.body.contains(w, autoescape=True) for w in sought[start : start + FEW]))
        found.update(db.session.scalars(here.where(some)))
    return sorted(found)


def empty(ids: Iterable[int]) -> None:
    rows.overwrite(ApiAnswer.id, ids, body="{}")
