"""Make a report: gather the figures, draw them, keep the bytes with their SHA-256."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import structlog
from flask_babel import force_locale
from sqlalchemy import select

from accounts.logos import printed
from core import audit, clock
from core.db import db, writing
from core.errors import DomainError
from promises.waiting import full_days, waiting
from reports import case_queries, deed_queries, loop_queries, queries, scale_queries
from reports.erasure.revising import kept_figures
from reports.figures import Figures, Scope, Verbatim, frozen
from reports.groups import groups
from reports.measures import Aftermath, aftermath, speed
from reports.models import Report
from reports.moods import mood_queries
from reports.moods.feelings import feelings
from reports.moods.moods import Moods, moods
from reports.narrowed_queries import check_size
from reports.pdf.document import MOST_ATTACHED, PROFILES, manuscript
from reports.pdf.rendering import RenderError, renderer
from reports.period import Period, period
from reports.tallies import Tally, tally, waits
from reports.verbatims import choose
from surveys.models import Survey

log = structlog.get_logger()


def gather(over: Period, language: str) -> Figures:
    """Everything a report says, from rows; DomainError where so few people may not be shown."""
    check_size(over)
    counted = tally(case_queries.cases(over), over.as_of)
    before = waits(case_queries.waiting_cases(over.before()), over.as_of)
    told = loop_queries.ledger(over)
    said = loop_queries.verdicts(over, told.told)
    return Figures(
        scope=_scope(over, language), satisfaction=queries.satisfaction(over), loop=loop_queries.loop(over, told, said),
        ledger=told, word=loop_queries.word(over), deed=deed_queries.deed(over), verdicts=said, themes=queries.themes(over, language),
        verbatims=choose(queries.newest_verbatims(over), queries.comments(over)),
        rates=scale_queries.rates(over), scales=scale_queries.scales(over, language),
        speed=speed(counted, before), aftermath=_aftermath(counted, over),
        feelings=feelings(counted), groups=groups(counted), moods=_moods(over),
    )  # fmt: skip


def _moods(over: Period) -> Moods:
    before = mood_queries.by_channel(over.before()).values()
    then = sum(before, Counter[str]())
    return moods(mood_queries.by_channel(over), then, mood_queries.by_month(over))


def _aftermath(counted: Tally, over: Period) -> Aftermath:
    still = waiting(over.scope, over.as_of)
    longest = max((full_days(since, over.as_of) for since, _response in still.longest), default=0)
    return aftermath(counted, still.people, still.days, longest)


def _scope(over: Period, language: str) -> Scope:
    organisation, survey = over.survey.organisation, over.survey
    title = survey.title_in(language)
    return Scope(
        organisation.name,
        title,
        over.first,
        over.last,
        organisation.timezone,
        organisation.accent,
        loop_queries.newest_fact(over),
        over.only,
        organisation.logo,
    )


def draw(figures: Figures, language: str, comments: Sequence[Verbatim], logo: bytes | None = None) -> bytes:
    """The PDF; a smaller one when the full one cannot be drawn. RenderError when none can."""
    db.session.rollback()  # no transaction is open while another process draws
    for profile in PROFILES:
        with force_locale(language):
            drawing = manuscript(figures, language, comments, profile, logo)
        try:
            return renderer.draw(drawing).pdf
        except RenderError as error:
            log.warning("a report was not drawn", profile=profile.verbatims, why=error.sentence)
            last = error
    raise last


def make(report_id: int, now: datetime) -> None:
    """Draw a report that was claimed, and keep it; a failure is kept as a sentence."""
    report = db.session.get_one(Report, report_id)
    over = period(report.survey, report.first_day, report.last_day, now, report.only)
    language, revision = report.language, report.revision
    try:
        figures = kept_figures(report, gather(over, language))
        comments = list(queries.all_verbatims(over, MOST_ATTACHED))
        pdf = draw(figures, language, comments, printed(report.organisation_id, figures.scope.logo))
    except DomainError as error:
        return _failed(report_id, error.sentence, now)
    return _keep(report_id, revision, figures, pdf, now)


def _failed(report_id: int, sentence: str, now: datetime) -> None:
    with writing():
        report = db.session.get_one(Report, report_id)
        report.state, report.error = "failed", sentence
        audit.record("report.failed", report, now)


def _keep(report_id: int, revision: int, figures: Figures, pdf: bytes, now: datetime) -> None:
    with writing():
        report = db.session.get_one(Report, report_id)
        if report.revision != revision:
            return  # somebody it quotes was erased while it was drawn: it is in the queue again
        report.state, report.pdf, report.sha256 = "ready", pdf, sha256(pdf).hexdigest()
        report.figures, report.rendered_at, report.data_at = frozen(figures), now, figures.scope.data_at
        audit.record("report.ready", report, now, sha256=report.sha256)


def pdf_of(slug: str, first: date, last: date, language: str, file: Path) -> datetime | None:
    """Write the report of a survey to a file, without archiving it; returns the moment of its newest fact."""
    survey = db.session.scalar(select(Survey).where(Survey.slug == slug))
    if not survey:
        raise DomainError(f"There is no survey “{slug}”. `flask survey list` names them.")
    if first > last:
        raise DomainError("The period ends before it begins.")
    over = period(survey, first, last, clock.now())
    figures = gather(over, language)
    logo = printed(survey.organisation_id, figures.scope.logo)
    file.write_bytes(draw(figures, language, list(queries.all_verbatims(over, MOST_ATTACHED)), logo))
    return figures.scope.data_at
