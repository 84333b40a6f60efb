"""Page one in sentences written from the figures: the deed first, then the word, who was told, and the scores."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from reports.deeds import Deed, Ledger
from reports.figures import Figures
from reports.panels import Panel, satisfaction_panel, told_panel, too_few, word_panel
from reports.sentences import highlights
from reports.statistics import share
from reports.wording import interval, number, percent


@dataclass(frozen=True, slots=True)
class Summary:
    """`alert` is empty unless the ledger does not add up."""

    alert: str
    lead: str
    deed: tuple[str, ...]
    panels: tuple[Panel, ...]
    highlights: tuple[str, ...] = ()


def summary(figures: Figures) -> Summary:
    panels = (word_panel(figures.word), told_panel(figures.ledger), satisfaction_panel(figures.satisfaction))
    found = highlights(figures.speed, figures.aftermath, figures.groups, figures.rates)
    return Summary(alert(figures.ledger), lead(figures.deed), deed_sentences(figures.deed), panels, found)


def alert(ledger: Ledger) -> str:
    """Plain words for a ledger that does not add up; empty where it does."""
    if ledger.adds_up:
        return ""
    sentence = (
        _twice(-ledger.missing)
        if ledger.missing < 0
        else _lost(ledger.missing)
        if ledger.missing
        else _gone(ledger.gone)
    )
    return sentence + " " + _("Until that is found out, no figure here about who was told is certain.")


def _lost(n: int) -> str:
    return ngettext(
        "The record does not add up: %(n)s response is not told, not promised and not unreachable.",
        "The record does not add up: %(n)s responses are not told, not promised and not unreachable.",
        n,
        n=number(n),
    )


def _gone(n: int) -> str:
    return ngettext(
        "The record does not add up: the row of %(n)s message is gone, so nobody can show that it was sent.",
        "The record does not add up: the rows of %(n)s messages are gone, so nobody can show that they were sent.",
        n,
        n=number(n),
    )


def _twice(n: int) -> str:
    return ngettext(
        "The record does not add up: %(n)s response is counted twice.",
        "The record does not add up: %(n)s responses are counted twice.",
        n,
        n=number(n),
    )


def lead(deed: Deed) -> str:
    """Did we do what we said? By the first date that each person was told."""
    if not deed.judged:
        return _("No date we named to anyone has come yet, so there is no deed to judge.")
    return ngettext(
        "Of the %(n)s date we named to people, %(met)s was met.",
        "Of the %(n)s dates we named to people, %(met)s were met.",
        deed.judged,
        n=number(deed.judged),
        met=number(deed.met),
    )


def deed_sentences(deed: Deed) -> tuple[str, ...]:
    sentences = (_rate(deed.met, deed.judged), _days_late(deed))
    return tuple(sentence for sentence in sentences if sentence)


def _days_late(deed: Deed) -> str:
    days = deed.median_days_late
    return _("Half of the late ones were at most %(days)s days late.", days=number(days)) if days else ""


def _rate(met: int, n: int) -> str:
    met_share = share(met, n)
    if met_share is None:
        return ""
    if not met_share.enough:
        return too_few(n)
    return _("Met: %(share)s (%(interval)s).", share=percent(met_share.value), interval=interval(met_share))
