"""What people felt, in sentences: no share of too few, and no change that chance explains."""

from flask_babel import gettext as _

from reports.measures import is_real
from reports.moods.feelings import Feelings
from reports.moods.moods import Mood, Moods
from reports.panels import too_few
from reports.sentences import changed
from reports.wording import interval, number, percent
from surveys.emotions import EMOTIONS


def moods(found: Moods) -> tuple[str, ...]:
    """What was felt in the period, and whether that is more or less unpleasant than before."""
    whole = found.period
    if not whole.n:
        return (_("Nobody's feeling is known in this period: nobody said it, and no colleague decided it."),)
    known = _("Of %(n)s people it is known what they felt when they wrote.", n=number(whole.n))
    if not (of := whole.unpleasant):
        return known, too_few(whole.n)
    said = _(
        "It was unpleasant for %(share)s (%(interval)s).", share=percent(of.value), interval=interval(of)
    )
    return known, f"{_strongest(whole)} {said}", changed(found.change)


def _strongest(mood: Mood) -> str:
    """The three that most people felt."""
    most = sorted(mood.felt, key=lambda felt: -felt[1])[:3]
    named = ", ".join(f"{EMOTIONS[emotion]} {percent(n / mood.n)}" for emotion, n in most)
    return _("Most felt: %(named)s.", named=named)


def feelings(found: Feelings) -> tuple[str, ...]:
    """Only of who said both: who answers once more is not like who does not."""
    if not found.both:
        return (_("Nobody has said yet how they feel about it now."),)
    said = _(
        "Of %(n)s people whose feeling is known before and after: %(better)s feel better, %(same)s the same, %(worse)s worse.",
        n=number(found.both), better=number(found.better), same=number(found.same), worse=number(found.worse),
    )  # fmt: skip
    return said, _bettered(found)


def _bettered(found: Feelings) -> str:
    of = found.bettered
    if not of or not of.enough:
        return too_few(found.both)
    share = _("Better: %(share)s (%(interval)s).", share=percent(of.value), interval=interval(of))
    return f"{share} {_moved(found)}"


def _moved(found: Feelings) -> str:
    if not is_real(found.chance):
        return _("Whether more feel better than worse may be chance.")
    if found.better > found.worse:
        return _("More feel better than worse, by more than chance easily explains.")
    return _("More feel worse than better, by more than chance easily explains.")
