"""What was there before the first answer: two organisations, their people, their themes, their surveys."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from accounts.models import Membership
from accounts.people import create_organisation, invite
from accounts.record import Record, rewrite
from core.access import Role
from core.db import db
from core.models import Organisation
from demo.days import at
from demo.stage import Stage
from demo.texts import Asked, Colleague, House, Sheet
from surveys.builder.building import Draft, ReplyTime, create_survey, open_survey
from surveys.settings.default_closing import choose_closing
from triage.themes.models import Theme

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def found(stage: Stage) -> None:
    """Inside `writing()`."""
    for house in stage.script.organisation:
        _house(stage, house)
    for sheet in stage.script.survey:
        _survey(stage, sheet)


def _house(stage: Stage, house: House) -> None:
    people = [c for c in stage.script.staff if c.organisation == house.slug]
    now = _begin(stage, next(s for s in stage.script.survey if s.organisation == house.slug)) - timedelta(
        days=14
    )
    organisation = create_organisation(house.slug, house.name, people[0].name, people[0].email, now)
    stage.organisations[house.slug] = organisation.id
    organisation.demo = True
    rewrite(organisation, _record(house), now)
    for person in people[1:]:
        invite(organisation.id, person.name, person.email, Role[person.role], now)
    _introduce(stage, organisation, people)
    _themes(stage, house.slug)


def _record(house: House) -> Record:
    return Record(
        name=house.name, phone=house.phone, mail=house.email, address=", ".join(house.address), accent=house.accent,
        form_of_address=house.form_of_address, language=house.language, hours=week(house.hours),
    )  # fmt: skip


def week(hours: list[dict[str, str]]) -> list[list[str] | None]:
    """Seven entries from Monday on, of stretches such as {days = "mon-fri", from = "09:00", to = "17:00"}."""
    days: list[list[str] | None] = [None] * 7
    for stretch in hours:
        first, _dash, last = stretch["days"].partition("-")
        for day in range(WEEK.index(first), WEEK.index(last or first) + 1):
            days[day] = [stretch["from"], stretch["to"]]
    return days


def _introduce(stage: Stage, organisation: Organisation, people: list[Colleague]) -> None:
    db.session.flush()
    members = {m.staff.email: m for m in _members(organisation)}
    for person in people:
        member = members[person.email]
        member.job_title = person.job[organisation.language]
        stage.staff[person.key] = member.staff_id


def _members(organisation: Organisation) -> list[Membership]:
    return list(db.session.scalars(select(Membership).where(Membership.organisation_id == organisation.id)))


def _themes(stage: Stage, slug: str) -> None:
    for topic in (t for t in stage.script.theme if t.organisation == slug):
        theme = Theme(
            organisation_id=stage.organisations[slug], key=topic.key, name={"nl": topic.nl, "en": topic.en}
        )
        db.session.add(theme)
        db.session.flush()
        stage.themes[slug, topic.key] = theme.id


def _survey(stage: Stage, sheet: Sheet) -> None:
    survey = create_survey(
        stage.organisations[sheet.organisation], sheet.slug, sheet.title, stage.organisation(sheet.organisation).language,
        stage.staff[sheet.signer], [_draft(q) for q in sheet.question], _begin(stage, sheet) - timedelta(days=1),
        deputy_id=stage.staff[sheet.deputy], reply=ReplyTime(sheet.reply_within_days),
    )  # fmt: skip
    db.session.flush()
    open_survey(survey, _begin(stage, sheet))
    if sheet.closing:
        choose_closing(survey, sheet.closing_days, sheet.closing, _begin(stage, sheet))
    stage.surveys[sheet.slug] = survey.id


def _draft(asked: Asked) -> Draft:
    return Draft(asked.key, asked.type, asked.prompt, asked.required)


def _begin(stage: Stage, sheet: Sheet) -> datetime:
    return at(stage.days.ago(sheet.opened_days_ago), time(8))
