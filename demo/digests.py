"""The digests: at the start of a month a manager approves "you said, we did" for the month before."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from core.db import db
from demo.courses import course
from demo.days import at, local_day, next_working
from demo.reading import Digest
from demo.stage import Stage
from demo.timeline import Event
from demo.wording import dated
from followup.digests.rounds import approve
from surveys.models import Round
from surveys.rounds import round_of

HOUR = time(11, 30)


def digests(stage: Stage) -> Iterator[Event]:
    for digest in stage.script.digest:
        yield Event(at(_day(stage, digest), HOUR), "deed", partial(_approve, stage, digest))


def _day(stage: Stage, digest: Digest) -> date:
    """The first working day of the next month; on that day itself the demo had it done the day before."""
    following = next_working(stage.days.month(digest.months_ago - 1), 0)
    return min(following, stage.days.today - timedelta(days=1))


def _approve(stage: Stage, digest: Digest, now: datetime) -> None:
    sheet, deed = stage.sheet(digest.survey), stage.deed(digest.action)
    life = course(deed, stage.script, stage.days)
    words = dated(stage, {"nl": digest.nl, "en": digest.en}, deed, life, local_day(now))
    manager = next(c.key for c in stage.script.staff if c.organisation == sheet.organisation)
    with stage.as_staff(manager):
        month = at(stage.days.month(digest.months_ago), HOUR)
        approve(
            db.session.get_one(Round, round_of(stage.survey(digest.survey), month)),
            words,
            stage.staff[manager],
            now,
            tells=[stage.actions[digest.action]],
        )
