"""The three panels beside the deed: the word, who was told, and how satisfied people are."""

from dataclasses import dataclass

from flask_babel import gettext as _

from reports.deeds import Ledger, Word
from reports.figures import Satisfaction
from reports.statistics import ENOUGH
from reports.wording import interval, number, percent


@dataclass(frozen=True, slots=True)
class Panel:
    """A question, the figure that answers it, and lines of which the first makes a sentence with that figure."""

    question: str
    figure: str
    lines: tuple[str, ...]


def word_panel(word: Word) -> Panel:
    if not word.due:
        return Panel(
            _("Did we write by the date?"), "–", (_("No word fell due in this period."), _ahead(word))
        )
    lines = (
        _("words came by their date."),
        _("Late: %(n)s", n=number(word.late)),
        _("Moved in time, with the reason: %(n)s", n=number(word.moved)),
        _("Never came: %(n)s", n=number(word.broken)),
        _ahead(word),
    )
    return Panel(_("Did we write by the date?"), _of(word.kept, word.due), lines)


def _of(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s", part=number(part), whole=number(whole))


def _ahead(word: Word) -> str:
    return _("Still ahead: %(n)s", n=number(word.open))


def told_panel(ledger: Ledger) -> Panel:
    if not ledger.responses:
        return Panel(_("Were they told?"), "–", (_("Nobody answered in this period."),))
    lines = (
        _("people were told what came of their answer."),
        _("Heard that something changed, or will: %(n)s", n=number(ledger.changed)),
        _("Still promised a word: %(n)s", n=number(ledger.promised)),
        _("Out of reach: %(n)s", n=number(ledger.out_of_reach)),
    )
    return Panel(_("Were they told?"), _of(ledger.told, ledger.responses), lines)


def satisfaction_panel(satisfaction: Satisfaction) -> Panel:
    csat, question = satisfaction.csat, _("Are they satisfied?")
    if csat is None:
        return Panel(question, "–", (_("No scores were given in this period."),))
    if not csat.enough:
        return Panel(question, _of(csat.hits, csat.n), (_("scores were a 4 or a 5."), too_few(csat.n)))
    given = _("gave a 4 or a 5: %(hits)s of %(n)s", hits=number(csat.hits), n=number(csat.n))
    return Panel(question, percent(csat.value), (f"{given} ({interval(csat)}).", change(satisfaction)))


def change(satisfaction: Satisfaction) -> str:
    """Against the period before; claims nothing that chance explains."""
    difference = satisfaction.change
    if difference is None:
        return _("Too few scores, now or in the period before, to speak of a change.")
    points = number(abs(round(100 * difference.value)))
    if not difference.real:
        return _("The difference from the period before (%(points)s points) may be chance.", points=points)
    if difference.value > 0:
        return _(
            "That is %(points)s points more than in the period before, more than chance easily explains.",
            points=points,
        )
    return _(
        "That is %(points)s points less than in the period before, more than chance easily explains.",
        points=points,
    )


def too_few(n: int) -> str:
    return _("%(n)s is too few for a percentage: that takes %(enough)s.", n=number(n), enough=number(ENOUGH))
