"""How long what is kept: choose it, read what goes before it goes, and see what went."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, access, own, require
from core.db import db, writing
from core.keeping import CATEGORIES, Period, kept, periods, row_of
from core.models import Organisation
from core.models_keeping import Forgetting, Keeping
from reports.retention.forgetting import counted
from reports.retention.forms import KeepingForm, PrivacyWordsForm
from reports.retention.keeping import NIGHT, WAITS, choose, first_day, night_of, shortened, today
from reports.retention.own_words import add_words
from reports.retention.wording import NAMES, going_words, period_words
from reports.views import blueprint

SHOWN = 20
Ahead = list[tuple[date, list[str]]]
"""(day, what goes on it in sentences)"""


@blueprint.get("/settings/keeping")
@require(Role.manager)
def keeping() -> ResponseReturnValue:
    """Each category with its period, what waits, what goes next, and what went."""
    row = row_of(access().organisation_id)
    waits = row.shorter if row else {}
    return _page(KeepingForm.of({**periods(row), **waits}))


@blueprint.post("/settings/keeping")
@require(Role.manager)
def choose_keeping() -> ResponseReturnValue:
    """Longer at once; shorter after its consequences were read and said yes to, and a day later."""
    form, here = KeepingForm.of(kept(access().organisation_id)), access().organisation_id
    if not form.validate():
        return _page(form, status=422)
    shorter = shortened(here, form.wanted)
    if shorter and form.confirmed.data != _mark(shorter):
        form.confirmed.data = _mark(shorter)
        return _page(form, shorter=shorter)
    with writing():
        choose(here, form.wanted, clock.now())
    flash(
        _("Saved. What is shorter holds from tomorrow on; until then you can take it back.")
        if shorter
        else _("Saved.")
    )
    return redirect(url_for("reports.keeping"), 303)


@blueprint.post("/settings/keeping/words")
@require(Role.manager)
def add_privacy_words() -> ResponseReturnValue:
    """What the page for those who answer says besides; nothing takes it away again."""
    words, here = PrivacyWordsForm(), access().organisation_id
    if not words.validate():
        return _page(KeepingForm.of(kept(here)), words=words, status=422)
    with writing():
        add_words(here, words.words, clock.now())
    flash(_("Saved. It stands on the page that customers read."))
    return redirect(url_for("reports.keeping"), 303)


def _mark(shorter: Mapping[str, Period]) -> str:
    return " ".join(f"{key}={days}" for key, days in sorted(shorter.items()))


def _page(
    form: KeepingForm,
    status: int = 200,
    shorter: Mapping[str, Period] | None = None,
    words: PrivacyWordsForm | None = None,
) -> ResponseReturnValue:
    place, now = db.session.get_one(Organisation, access().organisation_id), clock.now()
    row = row_of(place.id)
    went = db.session.scalars(
        own(Forgetting).where(Forgetting.n > 0).order_by(Forgetting.day.desc(), Forgetting.id).limit(SHOWN)
    ).all()
    return render_template(
        "reports/keeping.html", form=form, slug=place.slug, row=row, names=NAMES, period=period_words, going=going_words, went=went,
        words=words or PrivacyWordsForm.of(row.words if row else {}),
        ahead=[] if shorter else _ahead(place, row, now), concerned=_concerned(place, row, shorter, now) if shorter else [],
    ), status  # fmt: skip


def _concerned(
    place: Organisation, row: Keeping | None, shorter: Mapping[str, Period], now: datetime
) -> Ahead:
    """What the shorter periods take in the first night in which they hold; nothing is said too."""
    days = _days(place, row, shorter, _next_night(place, now + WAITS), now)
    found = (
        (day, dict.fromkeys(some, 0) | counted(place.id, night_of(place, day), some)) for day, some in days
    )
    return [(day, [going_words(key, n) for key, n in going.items()]) for day, going in found]


def _ahead(place: Organisation, row: Keeping | None, now: datetime) -> Ahead:
    """What goes next: in the coming night, or on the day managers were told."""
    days = _days(place, row, periods(row), _next_night(place, now), now)
    found = ((day, counted(place.id, night_of(place, day), some)) for day, some in days)
    said = ((day, [going_words(key, n) for key, n in going.items() if n]) for day, going in found)
    return [(day, sentences) for day, sentences in said if sentences]


def _days(
    place: Organisation, row: Keeping | None, kept_for: Mapping[str, Period], night: date, now: datetime
) -> list[tuple[date, dict[str, Period]]]:
    """(day, periods of the categories that are forgotten on it for the next time)"""
    days: dict[date, dict[str, Period]] = {}
    for key, period in kept_for.items():
        days.setdefault(_day_of(place, row, key, night, now), {})[key] = period
    return sorted(days.items())


def _day_of(place: Organisation, row: Keeping | None, category: str, tonight: date, now: datetime) -> date:
    if CATEGORIES[category].quiet:
        return tonight
    begins = row.begins.get(category) if row else None
    return max(tonight, date.fromisoformat(begins) if begins else first_day(place, now))


def _next_night(place: Organisation, now: datetime) -> date:
    day = today(place, now)
    return day + timedelta(days=1) if clock.local(now, place.timezone).time() >= NIGHT else day
