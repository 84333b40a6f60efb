"""The figures of a report as they are now: the same charts, with a way from each mark to the comments behind it."""

from calendar import monthrange
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, access, own, require
from core.application import language_name
from core.db import db
from core.errors import DomainError
from core.languages import LANGUAGES, WRITTEN
from core.models import Organisation
from core.spreadsheets.csv_files import csv_file
from core.spreadsheets.xlsx_files import sent, xlsx_file
from reports import wording
from reports.asking import check
from reports.charts.csat_by_month import csat_by_month
from reports.charts.groups import ON_A_PHONE
from reports.charts.score_distribution import score_distribution
from reports.charts.strip import deed_strip
from reports.csv_files import figures_rows
from reports.drawn import measured
from reports.figures import Figures
from reports.groups import OTHERS
from reports.making import gather
from reports.narrowed_queries import check_size
from reports.narrowing import EVERYBODY, Narrowed
from reports.period import period
from reports.summary import summary
from reports.views import blueprint
from surveys.models import Survey
from triage.wording import CHANNELS

DAYS = timedelta(days=364)
HOUSE = "#0f5c6b"
NARROWED = ("channel", "language", "emotion")
NAMES = ("number", "interval", "told_how", "unreachable", "action", "duration", "scale_name")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What stands in the address: a survey, its days, and a part of who answered; the last year of the newest survey unless said.

    `problem`: a sentence.
    """

    survey: Survey | None
    first: date
    last: date
    only: Narrowed = EVERYBODY
    problem: str = ""

    def inbox(self, **more: str) -> str:
        """The comments behind something, in the same days and of the same people unless it has its own."""
        days = {"since": self.first.isoformat(), "until": self.last.isoformat()}
        asked: dict[str, Any] = {"survey": self._slug, **days, **self._part, **more}
        return url_for("triage.inbox", **asked)

    def file(self, kind: str) -> str:
        return url_for(
            f"reports.live_{kind}", survey=self._slug, first=self.first, last=self.last, **self._part
        )

    @property
    def _slug(self) -> str:
        return self.survey.slug if self.survey else ""

    @property
    def _part(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self.only).items() if value}


@blueprint.get("/reports/figures")
@require(Role.viewer)
def live() -> ResponseReturnValue:
    """Filters stand in the address, so that it can be kept and sent on."""
    surveys = _surveys()
    wanted = _wanted(surveys)
    figures = _figures(wanted)
    page = render_template(
        "reports/live.html", wanted=wanted, surveys=surveys, figures=figures, channels=CHANNELS, languages=_languages(wanted),
        **(_drawn(figures, wanted) if figures else {})
    )  # fmt: skip
    return page, 422 if wanted.problem else 200


@blueprint.get("/reports/figures.csv")
@require(Role.viewer)
def live_csv() -> Response:
    """The same figures as a file."""
    name, figures = _asked_for()
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(csv_file(figures_rows(figures)), mimetype="text/csv", headers=headers)


@blueprint.get("/reports/figures.xlsx")
@require(Role.viewer)
def live_sheet() -> Response:
    """The same rows for a spreadsheet."""
    name, figures = _asked_for()
    heads, *rows = figures_rows(figures)
    return sent(xlsx_file(_("Figures"), heads, rows), name)


def _asked_for() -> tuple[str, Figures]:
    """What a file is to be called, and what is in it."""
    wanted = _wanted(_surveys())
    figures = _figures(wanted)
    if not figures or not wanted.survey:
        raise DomainError(wanted.problem or _("There is no survey at this address."))
    parts = (wanted.survey.slug, f"{wanted.first}", f"{wanted.last}", *filter(None, astuple(wanted.only)))
    return "-".join(parts), figures


def _surveys() -> list[Survey]:
    return list(
        db.session.scalars(own(Survey).where(Survey.opened_at.is_not(None)).order_by(Survey.id.desc()))
    )


def _wanted(surveys: list[Survey]) -> Wanted:
    slug, today = request.args.get("survey", ""), _today()
    survey = next((s for s in surveys if s.slug == slug), None) if slug else next(iter(surveys), None)
    if slug and not survey:
        return Wanted(None, today - DAYS, today, problem=_("There is no survey at this address."))
    try:
        first, last = _day("first", today - DAYS), _day("last", today)
        check(first, last)
    except DomainError as error:
        return Wanted(survey, today - DAYS, today, problem=error.sentence)
    return _narrowed(Wanted(survey, first, last))


def _narrowed(wanted: Wanted) -> Wanted:
    """What there is not, and what is too small to be shown, is a sentence; the list shows what was asked for."""
    only = Narrowed(*(request.args.get(name, "").strip() for name in ("channel", "language")))
    try:
        only.check()
        if wanted.survey and only:
            check_size(period(wanted.survey, wanted.first, wanted.last, clock.now(), only))
    except DomainError as error:
        return replace(wanted, only=only, problem=error.sentence)
    return replace(wanted, only=only)


def _languages(wanted: Wanted) -> list[tuple[str, str]]:
    """Ours, those in which the survey is written, and the one that was asked for."""
    written = set(wanted.survey.title) if wanted.survey else set()
    return [
        (code, language_name(code))
        for code in WRITTEN
        if code in {*LANGUAGES, *written, wanted.only.language}
    ]


def _today() -> date:
    timezone = db.session.get_one(Organisation, access().organisation_id).timezone
    return clock.local_date(clock.now(), timezone)


def _day(name: str, otherwise: date) -> date:
    text = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        raise DomainError(_("“%(text)s” is not a date. An example is 2026-12-04.", text=text[:40])) from None


def _figures(wanted: Wanted) -> Figures | None:
    if not wanted.survey or wanted.problem:
        return None
    return gather(period(wanted.survey, wanted.first, wanted.last, clock.now(), wanted.only), g.language)


def _drawn(figures: Figures, wanted: Wanted) -> dict[str, object]:
    return {
        "accent": HOUSE,  # the page's own colours overrule it
        "summary": summary(figures),
        "deed_strip": deed_strip(figures.deed),
        "by_month": csat_by_month(figures.satisfaction.months, lambda month: wanted.inbox(**_month(month))),
        "spread": score_distribution(figures.satisfaction.scores, lambda score: wanted.inbox(score=score)),
        **measured(figures, lambda mark: _behind(mark, wanted), ON_A_PHONE),
        **{name: getattr(wording, name) for name in NAMES},
    }


def _month(month: str) -> dict[str, str]:
    year, number = map(int, month.split("-"))
    return {"since": f"{month}-01", "until": f"{month}-{monthrange(year, number)[1]}"}


def _behind(mark: str, wanted: Wanted) -> str:
    """The inbox can be narrowed to a channel, a language, an emotion and days; others have no address."""
    by, key, *felt = mark.split(" ")
    asked = {"emotion": felt[0]} if felt else {}
    if by == "month":
        return wanted.inbox(**_month(key), **asked)
    return wanted.inbox(**{by: key}, **asked) if by in NARROWED and key != OTHERS else ""
