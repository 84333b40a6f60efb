"""Asking many at once is a large step like any other: more than three times a usual day waits for a manager."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import defer, joinedload

from accounts.letters import Letter, letter, tell
from accounts.models import Staff
from accounts.presence import managers
from core import links
from core.access import own
from core.application import words
from core.db import db
from core.errors import DomainError
from core.languages import WRITTEN
from core.links import public_url
from core.models import Organisation
from core.text import one_line
from followup.steps.large_steps import usual_if_large
from surveys.invitations import inviting
from surveys.invitations.first_question import first_question
from surveys.invitations.frequency import sorted_out
from surveys.invitations.letters import asking, write
from surveys.invitations.list_files import Row
from surveys.invitations.models import InvitationList
from surveys.invitations.reading_lists import ReadList, named, read
from surveys.models import Survey


@dataclass(frozen=True, slots=True)
class Judged:
    """A list that was read and held against who may be asked: what `draw_up` keeps."""

    survey: Survey
    found: ReadList


def judged(survey: Survey, rows: Iterable[Row], now: datetime) -> Judged:
    """Before `writing()`: reading thousands of lines takes a while. DomainError for what is no list at all."""
    inviting.refuse_closed(survey)
    languages = [code for code in survey.languages if code in WRITTEN]
    found = read(rows, languages, survey.organisation.timezone)
    if not found.people and not found.problems:
        raise DomainError(_("There is nobody in this list."))
    return _held_against(survey, found, now)


def judged_customers(survey: Survey, customers: Sequence[Mapping[str, Any]], now: datetime) -> Judged:
    """As a program names them."""
    inviting.refuse_closed(survey)
    return _held_against(survey, named(customers, [c for c in survey.languages if c in WRITTEN]), now)


def _held_against(survey: Survey, found: ReadList, now: datetime) -> Judged:
    people, others = sorted_out(survey, found.people, now)
    return Judged(survey, ReadList(found.languages, people, [*found.problems, *others]))


def draw_up(list: Judged, hours: int, now: datetime, send_at: datetime | None = None) -> InvitationList:
    found, question = list.found, first_question(list.survey)
    return inviting.draw_up(
        list.survey,
        found.people,
        found.problems,
        timedelta(hours=hours),
        now,
        question=question,
        send_at=send_at,
    )


def confirm(drawn: InvitationList, by_id: int | None, now: datetime) -> None:
    """They are asked, or the managers are asked whether they may be."""
    usual = usual_if_large(drawn.organisation_id, drawn.people, now)
    inviting.confirm(drawn, usual, by_id, now)
    if usual is None:
        return
    here = db.session.get_one(Organisation, drawn.organisation_id)
    for staff in managers(drawn.organisation_id, now):
        if staff.id != by_id:
            tell(list_waits(drawn, staff, here, now), staff, now)


def list_waits(drawn: InvitationList, staff: Staff, here: Organisation, now: datetime) -> Letter:
    """Who wants to ask how many, against a usual day, and where it is decided."""
    return letter(
        "large_step", here, staff.name, staff.language, now, who=drawn.made_by, people=drawn.people, usual=drawn.usual or 0,
        title=one_line(words(drawn.survey.title, staff.language)), month=None, link=public_url(f"/invitation-lists/{drawn.id}"),
    )  # fmt: skip


def waiting_lists() -> Sequence[InvitationList]:
    """Lists of the organisation that wait for a manager, oldest first; who is in them is not read."""
    waits = InvitationList.confirmed_at.is_not(None), InvitationList.released_at.is_(None)
    light = defer(InvitationList.rows), defer(InvitationList.problems), joinedload(InvitationList.survey)
    query = own(InvitationList).where(*waits, InvitationList.finished_at.is_(None)).options(*light)
    return db.session.scalars(query.order_by(InvitationList.id)).unique().all()


@dataclass(frozen=True, slots=True)
class Sample:
    """The mail as one of them will read it; its link opens nothing here."""

    language: str
    to: str
    subject: str
    text: str


def samples(drawn: InvitationList, now: datetime) -> list[Sample]:
    """One for each language in which they are asked."""
    survey = drawn.survey
    first: dict[str, list[str]] = {}
    for row in (row for row in drawn.rows if row[0]):
        first.setdefault(row[2] or survey.language, row)
    return [_sample(drawn, language, row, now) for language, row in sorted(first.items())]


def _sample(drawn: InvitationList, language: str, row: list[str], now: datetime) -> Sample:
    link, stop = (public_url(f"{links.PATHS[purpose]}…") for purpose in ("invitation", "unsubscribe"))
    mail = asking(
        "invitation", drawn.survey, language, row[1], drawn.question, now, link=link, unsubscribe=stop
    )
    written = write(mail, language, now)
    return Sample(language, row[0], written.subject, written.text)
