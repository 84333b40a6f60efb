"""The figures and the comments as CSV, to be attached to the PDF."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from core.spreadsheets.csv_files import Row
from reports.csv_measures import measures_rows
from reports.deeds import Count
from reports.figures import Figures, Verbatim
from reports.statistics import Share
from reports.wording import told_how, unreachable


def figures_rows(figures: Figures) -> Iterator[Row]:
    """Subject, figure, value, n, low, high: shares as fractions, whatever was rounded on the page in full."""
    yield _("Subject"), _("Figure"), _("Value"), "n", _("Interval from"), _("Interval to")
    if figures.scope.only:
        yield (
            _("Whose figures"),
            figures.scope.only.words,
            figures.ledger.responses,
            figures.ledger.responses,
            "",
            "",
        )
    yield from _deeds(figures)
    yield from _told(figures)
    yield from _scores(figures)
    yield from ((_("Themes"), theme.name, theme.n, theme.n, "", "") for theme in figures.themes)
    yield from measures_rows(figures)


def _deeds(figures: Figures) -> Iterator[Row]:
    deed, word = figures.deed, figures.word
    for name, n in ((_("Early"), deed.early), (_("On the day"), deed.kept), (_("Late, warned"), deed.warned)):
        yield _("Deed"), name, n, deed.judged, "", ""
    yield _("Deed"), _("Broken"), deed.broken, deed.judged, "", ""
    yield _("Deed"), _("Median days late"), deed.median_days_late, len(deed.days_late), "", ""
    for name, n in ((_("By the date"), word.kept), (_("Late"), word.late), (_("Moved"), word.moved)):
        yield _("Word"), name, n, word.due, "", ""
    yield _("Word"), _("Never came"), word.broken, word.due, "", ""


def _told(figures: Figures) -> Iterator[Row]:
    ledger, verdicts = figures.ledger, figures.verdicts
    named = (
        (_("Told"), ledger.told),
        (_("Promised"), ledger.promised),
        (_("Unreachable"), ledger.out_of_reach),
    )
    yield from ((_("Who was told"), name, n, ledger.responses, "", "") for name, n in named)
    yield _("Who was told"), _("Missing from the record"), ledger.missing, ledger.responses, "", ""
    yield from _counts(
        _("Told how"), [Count(told_how(how.key), how.n) for how in ledger.told_how], ledger.told
    )
    reasons = [Count(unreachable(reason.key), reason.n) for reason in ledger.unreachable]
    yield from _counts(_("Unreachable"), reasons, ledger.out_of_reach)
    said = [Count(_("Solved"), verdicts.solved), Count(_("Not solved"), verdicts.not_solved)]
    yield from _counts(_("Verdict"), [*said, Count(_("Silent"), verdicts.silent)], ledger.told)


def _counts(subject: str, counts: Iterable[Count], whole: int) -> Iterator[Row]:
    yield from ((subject, count.key, count.n, whole, "", "") for count in counts)


def _scores(figures: Figures) -> Iterator[Row]:
    satisfaction, n = figures.satisfaction, sum(figures.satisfaction.scores)
    yield from ((_("Scores"), score, count, n, "", "") for score, count in enumerate(satisfaction.scores, 1))
    yield _("CSAT"), _("Period"), *_share(satisfaction.csat)
    yield from ((_("CSAT"), f"{month.first:%Y-%m}", *_share(month.csat)) for month in satisfaction.months)


def _share(csat: Share | None) -> Row:
    return (csat.value, csat.n, csat.low, csat.high) if csat else ("", 0, "", "")


def comments_rows(comments: Iterable[Verbatim]) -> Iterator[Row]:
    yield _("Day"), _("Score"), _("Language"), _("Comment"), _("What we answered")
    yield from ((c.day.isoformat(), c.score, c.language, c.words, c.answer) for c in comments)
