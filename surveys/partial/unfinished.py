"""An answer that is begun now and sent later, by one link: it counts nowhere, and obliges nobody to anything."""

import secrets
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, CursorResult, and_, delete, or_, select, update

from core import clock, keeping, rows
from core.db import db
from core.errors import DomainError
from core.models import Organisation
from core.text import search_key
from customers.recognising import checked_address
from surveys.models import Survey, Version
from surveys.models_responses import Response
from surveys.partial.models import Abandoned, Unfinished

KEPT = keeping.UNFINISHED
"""After so long without a change it is gone, unless its organisation chose another period; its page says on which day."""
HIGHEST = 10**9
Parts = list[tuple[str, str]]
"""(name, value) of each part of a form, as it was typed"""


def begin(survey: Survey, nonce: str, language: str, parts: Parts, now: datetime) -> Unfinished:
    """Once for each page: sent twice, the second finds what the first one began, and changes of it what stands on that page."""
    same = select(Unfinished).where(Unfinished.survey_id == survey.id, Unfinished.nonce == nonce)
    begun = db.session.scalar(same) or Unfinished(
        organisation_id=survey.organisation_id, survey_id=survey.id, nonce=nonce, fields=[],
        link_version=1 + secrets.randbelow(HIGHEST - 1), begun_at=now,
    )  # fmt: skip
    db.session.add(begun)
    if not begun.response_id:
        keep(begun, language, _over(begun.fields, parts) if survey.one_by_one else parts, now)
    db.session.flush()
    return begun


def _over(held: Iterable[Iterable[str]], parts: Parts) -> Parts:
    """Somebody went back to the first of many pages: what they said on the others stays."""
    keys = {name.partition("-")[0] for name, _value in parts}
    return [*((name, value) for name, value in held if name.partition("-")[0] not in keys), *parts]


def keep(begun: Unfinished, language: str, parts: Parts, now: datetime) -> None:
    begun.fields, begun.language, begun.changed_at = [list(part) for part in parts], language, now
    begun.address_key = _address(parts)


def _address(parts: Parts) -> str | None:
    """By which it is found when whoever typed it asks to be erased."""
    typed = next((value for name, value in parts if name.endswith("-email") and value.strip()), "")
    try:
        return search_key(checked_address(typed.strip()))[:320] if typed else None
    except DomainError:
        return None


def sent(begun: Unfinished, response: Response) -> None:
    """Its words live in the response from now on; its link leads there for a while."""
    begun.response_id, begun.fields, begun.address_key = response.id, [], None


def merged(held: Iterable[Iterable[str]], part: Version, typed: Parts) -> Parts:
    """What was kept, with what was typed now of these questions in the place of what stood there."""
    keys = {q.key for q in part.questions}
    others = [(name, value) for name, value in held if name.partition("-")[0] not in keys]
    return [*others, *((name, value) for name, value in typed if name.partition("-")[0] in keys)]


def forget_old(now: datetime) -> int:
    """How many were forgotten. Those that were never sent stay as a number: of those who begin, how many send it?"""
    old_ones = _old(now)
    _count_abandoned(old_ones)
    old = delete(Unfinished).where(old_ones)
    done = db.session.execute(old.execution_options(synchronize_session=False))
    return done.rowcount if isinstance(done, CursorResult) else 0


def _old(now: datetime) -> ColumnElement[bool]:
    """As each organisation says, and as it is usual for the others."""
    chosen = dict(keeping.unfinished_by_organisation())
    own = (
        and_(Unfinished.organisation_id == id, Unfinished.changed_at < now - period)
        for id, period in chosen.items()
    )
    return or_(and_(Unfinished.organisation_id.not_in(chosen), Unfinished.changed_at < now - KEPT), *own)


def _count_abandoned(old: ColumnElement[bool]) -> None:
    query = (
        select(Unfinished.survey_id, Unfinished.begun_at, Organisation.timezone)
        .join(Organisation, Organisation.id == Unfinished.organisation_id)
        .where(old, Unfinished.response_id.is_(None))
    )
    begun = Counter((s, clock.local_date(at, zone)) for s, at, zone in db.session.execute(query))
    for (survey_id, day), n in begun.items():
        if not rows.put_once(Abandoned, survey_id=survey_id, day=day, n=n):
            _add(survey_id, day, n)


def _add(survey_id: int, day: date, n: int) -> None:
    same = (Abandoned.survey_id == survey_id) & (Abandoned.day == day)
    db.session.execute(update(Abandoned).where(same).values(n=Abandoned.n + n))
