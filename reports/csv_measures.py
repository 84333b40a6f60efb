"""Rates, scales, speed, what followed, feelings and groups as rows of the CSV, the XLSX and the API."""

from collections.abc import Iterator

from flask_babel import gettext as _

from core.spreadsheets.csv_files import Row
from reports.durations import Times
from reports.figures import Figures
from reports.groups import Group
from reports.measures import Aftermath, Rates, Scale, Speed
from reports.moods.feelings import Feelings
from reports.moods.moods import Mood, Moods
from reports.statistics import ENOUGH
from reports.wording import group_name, grouped_by, scale_name
from surveys.emotions import EMOTIONS


def measures_rows(figures: Figures) -> Iterator[Row]:
    """Times in hours; shares as fractions."""
    if figures.rates:
        yield from _rates(figures.rates)
    for scale in figures.scales:
        yield from _scale(scale)
    if figures.speed:
        yield from _speed(figures.speed)
    if figures.aftermath:
        yield from _aftermath(figures.aftermath)
    if figures.feelings:
        yield from _feelings(figures.feelings)
    if figures.moods:
        yield from _moods(figures.moods)
    for group in figures.groups:
        yield from _group(group)


def _rates(rates: Rates) -> Iterator[Row]:
    for name, of in ((_("Response rate"), rates.response), (_("Completion rate"), rates.completion)):
        yield _("Answering"), name, *_estimated(of)
    yield (
        _("Answering"),
        _("Invitations that did not arrive"),
        rates.bounced,
        rates.delivered + rates.bounced,
        "",
        "",
    )


def _estimated(of: object) -> Row:
    return tuple(getattr(of, name) for name in ("value", "n", "low", "high")) if of else ("", 0, "", "")


def _scale(scale: Scale) -> Iterator[Row]:
    yield scale_name(scale.kind), scale.prompt, *_estimated(scale.estimate)
    yield from ((scale.prompt, value, count, scale.n, "", "") for value, count in scale.given)
    if scale.means:
        yield scale.prompt, _("What you expected"), scale.means[0], scale.n, "", ""
        yield scale.prompt, _("What you got"), scale.means[1], scale.n, "", ""


def _speed(speed: Speed) -> Iterator[Row]:
    yield from _times(_("First word, hours"), speed.first_word)
    yield from _times(_("What came of it, hours"), speed.outcome)
    yield _("First word, hours"), _("By the date promised first"), *_estimated(speed.kept)


def _times(subject: str, times: Times) -> Iterator[Row]:
    yield subject, _("Half had it within"), _or_nothing(times.median), times.n, "", ""
    yield subject, _("Nine in ten had it within"), _or_nothing(times.ninety), times.n, "", ""
    yield subject, _("Still waiting"), times.waiting, times.n, "", ""


def _or_nothing(hours: float | None) -> float | str:
    return "" if hours is None else round(hours, 2)


def _aftermath(after: Aftermath) -> Iterator[Row]:
    named = (
        (_("Agreed"), after.agreed), (_("Not solved"), after.not_solved), (_("Not clear"), after.not_clear),
        (_("Closed by silence"), after.silence), (_("Came back"), after.reopened), (_("Heard a correction"), after.corrected),
        (_("Still waiting"), after.waiting), (_("Days they wait together"), after.waiting_days),
    )  # fmt: skip
    yield from ((_("What followed"), name, n, "", "", "") for name, n in named)


def _feelings(found: Feelings) -> Iterator[Row]:
    for subject, felt in ((_("Felt before"), found.before), (_("Felt after"), found.after)):
        n = sum(count for _emotion, count in felt)
        yield from ((subject, str(EMOTIONS[emotion]), count, n, "", "") for emotion, count in felt)
    for name, n in ((_("Better"), found.better), (_("The same"), found.same), (_("Worse"), found.worse)):
        yield _("Feelings"), name, n, found.both, "", ""
    for subject, felt in (
        (_("Felt before, by who said both"), found.then),
        (_("Felt after, by who said both"), found.now),
    ):
        yield from _felt(subject, "", Mood("", found.both, felt if found.both >= ENOUGH else ()))


def _moods(found: Moods) -> Iterator[Row]:
    """What is withheld has its number of people and no value."""
    yield from _felt(_("Emotions"), _("Period"), found.period)
    yield from _felt(_("Emotions"), _("Period before"), found.before)
    for subject, moods in (
        (_("Emotions by month"), found.months),
        (_("Emotions by channel"), found.channels),
    ):
        for mood in moods:
            yield from _felt(subject, mood.key, mood)


def _felt(subject: str, key: str, mood: Mood) -> Iterator[Row]:
    if not mood.felt:
        yield subject, key or _("People"), "", mood.n, "", ""
    for emotion, _n in mood.felt:
        yield (
            subject,
            f"{key}: {EMOTIONS[emotion]}" if key else str(EMOTIONS[emotion]),
            *_estimated(mood.of(emotion)),
        )


def _group(group: Group) -> Iterator[Row]:
    subject, who = grouped_by(group.by), group_name(group.by, group.key)
    half = _or_nothing(group.until.median), group.until.n, "", ""
    lines: list[tuple[str, Row]] = [
        (_("People"), (group.n, group.n, "", "")), ("CSAT", _estimated(group.csat)), (_("Told"), _estimated(group.told_share)),
        (_("Half had it within"), half),
    ]  # fmt: skip
    if group.thankable:
        lines.append((_("Thanked with a code"), _estimated(group.thanked_share)))
    if group.unlike:
        lines.append((_("Unlike the others, beyond chance"), (1, group.n, "", "")))
    yield from ((subject, f"{who}: {name}", *numbers) for name, numbers in lines)
