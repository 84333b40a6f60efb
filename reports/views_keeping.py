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
from reports.forgetting import counted
from reports.forms_keeping import KeepingForm
from reports.keeping import NIGHT, WAITS, choose, first_day, night_of, shortened, today
from reports.views import blueprint
from reports.wording_keeping import NAMES, going_words, period_words

SHOWN = 20


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


def _mark(shorter: Mapping[str, Period]) -> str:
    return " ".join(f"{key}={days}" for key, days in sorted(shorter.items()))


def _page(
    form: KeepingForm, status: int = 200, shorter: Mapping[str, Period] | None = None
) -> ResponseReturnValue:
    place, now = db.session.get_one(Organisation, access().organisation_id), clock.now()
    row, then = row_of(place.id), _next_night(place, now + WAITS)
    went = db.session.scalars(
        own(Forgetting).where(Forgetting.n > 0).order_by(Forgetting.day.desc(), Forgetting.id).limit(SHOWN)
    ).all()
    return render_template(
        "reports/keeping.html", form=form, row=row, names=NAMES, period=period_words, going=going_words, went=went,
        ahead=[] if shorter else _ahead(place, row, now), concerned=_concerned(place, shorter, then) if shorter else [], then=then,
    ), status  # fmt: skip


def _concerned(place: Organisation, shorter: Mapping[str, Period], then: date) -> list[str]:
    """What the shorter periods take in the first night in which they hold."""
    found = {**dict.fromkeys(shorter, 0), **counted(place.id, night_of(place, then), shorter)}
    return [going_words(key, n) for key, n in found.items()]


def _ahead(place: Organisation, row: Keeping | None, now: datetime) -> list[tuple[date, list[str]]]:
    """(day, sentences) of what goes next: in the coming night, or on the day managers were told."""
    tonight = _next_night(place, now)
    days: dict[date, list[str]] = {}
    for key in CATEGORIES:
        days.setdefault(_day_of(place, row, key, tonight, now), []).append(key)
    held = periods(row)
    found = (
        (day, counted(place.id, night_of(place, day), {k: held[k] for k in keys}))
        for day, keys in sorted(days.items())
    )
    return [
        (day, [going_words(k, n) for k, n in some.items() if n]) for day, some in found if any(some.values())
    ]


def _day_of(place: Organisation, row: Keeping | None, category: str, tonight: date, now: datetime) -> date:
    if CATEGORIES[category].quiet:
        return tonight
    begins = row.begins.get(category) if row else None
    return max(tonight, date.fromisoformat(begins) if begins else first_day(place, now))


def _next_night(place: Organisation, now: datetime) -> date:
    day = today(place, now)
    return day + timedelta(days=1) if clock.local(now, place.timezone).time() >= NIGHT else day
