"""From figures to a manuscript: the report's page in the reader's language, its fonts and its attachments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flask import render_template
from flask_babel import force_locale, format_datetime
from flask_babel import gettext as _

from core import clock
from core.colours import is_colour, readable
from core.spreadsheets.csv_files import csv_file
from reports import wording
from reports.charts.csat_by_month import csat_by_month
from reports.charts.score_distribution import score_distribution
from reports.charts.strip import deed_strip
from reports.csv_files import comments_rows, figures_rows
from reports.drawn import measured
from reports.figures import Figures, Scope, Verbatim, Verbatims
from reports.pdf.manuscripts import Attached, Manuscript
from reports.pdf.typefaces import typefaces
from reports.summary import summary

STYLE = Path(__file__).parent.parent.parent / "static" / "css" / "report.css"
HOUSE_ACCENT = "#9a3b26"
BEFORE_ANY_FACT = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Profile:
    """How many comments, themes and missed dates a report shows, and how many comments stand in the file within it."""

    verbatims: int
    themes: int
    misses: int
    attached: int


PROFILES = (Profile(60, 12, 12, 10_000), Profile(15, 6, 6, 1_000), Profile(0, 3, 3, 100))
"""In full, then what to try when that cannot be drawn."""
MOST_ATTACHED = PROFILES[0].attached


def manuscript(
    figures: Figures, language: str, comments: Sequence[Verbatim], profile: Profile, logo: bytes | None = None
) -> Manuscript:
    """The report in `language`; `comments` are the newest of the period, oldest first and in full, for the attached CSV; `logo` is a PNG."""
    kept = comments[max(0, len(comments) - profile.attached) :]
    with force_locale(language):
        html = page(figures, language, profile, len(kept), has_logo=bool(logo))
        assets = {"report.css": STYLE.read_bytes()} | typefaces(html) | ({"logo.png": logo} if logo else {})
        return Manuscript(html, assets, figures.scope.data_at or BEFORE_ANY_FACT, _attached(figures, kept))


def page(figures: Figures, language: str, profile: Profile, attached: int, *, has_logo: bool = False) -> str:
    """The report as HTML, to be drawn by the renderer; without one it can be read as it is."""
    scope = figures.scope
    return render_template(
        "reports/pdf/report.html",
        language=language,
        title=f"{scope.survey} · {scope.organisation}",
        scope=scope,
        has_logo=has_logo,
        figures=replace(figures, verbatims=_at_most(figures.verbatims, profile.verbatims)),
        attached=attached,
        unattached=max(0, figures.verbatims.total - attached),
        themes=figures.themes[: profile.themes],
        misses=figures.deed.misses[: profile.misses],
        summary=summary(figures),
        **measured(figures),
        by_month=csat_by_month(figures.satisfaction.months),
        spread=score_distribution(figures.satisfaction.scores),
        deed_strip=deed_strip(figures.deed),
        accent=_colour(scope.accent),
        created=f"{scope.data_at:%Y-%m-%dT%H:%M:%SZ}" if scope.data_at else "",
        newest=_newest(scope),
        **{
            name: getattr(wording, name)
            for name in ("number", "interval", "told_how", "unreachable", "action", "duration", "scale_name")
        },
    )


def _at_most(verbatims: Verbatims, n: int) -> Verbatims:
    shown = verbatims.shown[:n]
    return Verbatims(shown, verbatims.left_out + len(verbatims.shown) - len(shown))


def _colour(accent: str) -> str:
    """The organisation's colour where it is one, so dark that words in it can be read; it stands inside a style, where nothing
    else may."""
    return readable(accent) if is_colour(accent) else HOUSE_ACCENT


def _newest(scope: Scope) -> str:
    if scope.data_at is None:
        return ""
    local = clock.local(scope.data_at, scope.timezone)
    return format_datetime(local, "d MMMM y, HH:mm", rebase=False)


def _attached(figures: Figures, comments: Sequence[Verbatim]) -> tuple[Attached, ...]:
    return (
        Attached("figures.csv", _("All figures of this report"), csv_file(figures_rows(figures))),
        Attached("comments.csv", _("Comments of the period"), csv_file(comments_rows(comments))),
    )
