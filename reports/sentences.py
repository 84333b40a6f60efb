"""What the measures say, in sentences: no change is claimed that chance explains, and no percentage of too few."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from reports.durations import Times
from reports.groups import FAIR, OTHERS, Group
from reports.measures import Aftermath, Rates, Scale, Speed, is_real
from reports.panels import too_few
from reports.statistics import ENOUGH, Difference, Promoters, Share
from reports.wording import duration, group_name, interval, number, percent, spread


def rates(found: Rates) -> tuple[str, ...]:
    return tuple(sentence for sentence in (_response(found), _completion(found)) if sentence)


def _response(found: Rates) -> str:
    of = found.response
    if not of:
        return ""
    said = _(
        "Of %(n)s invitations that arrived, %(hits)s were answered", n=number(of.n), hits=number(of.hits)
    )
    if not of.enough:
        return f"{said}. {too_few(of.n)}"
    return f"{said}: {percent(of.value)} ({interval(of)}). {changed(found.change)}"


def _completion(found: Rates) -> str:
    of = found.completion
    if not of:
        return ""
    said = _("Of %(n)s people who began to answer, %(hits)s sent it", n=number(of.n), hits=number(of.hits))
    return f"{said}: {percent(of.value)} ({interval(of)})." if of.enough else f"{said}. {too_few(of.n)}"


def changed(difference: Difference | None, points: float = 100) -> str:
    """Against the period before. `points`: how many of its own units make one that is printed."""
    if difference is None:
        return _("Too few, now or in the period before, to speak of a change.")
    size = number(abs(round(points * difference.value, 1)))
    if not difference.real:
        return _("The difference from the period before (%(size)s) may be chance.", size=size)
    if difference.value > 0:
        return _(
            "That is %(size)s more than in the period before, more than chance easily explains.", size=size
        )
    return _("That is %(size)s less than in the period before, more than chance easily explains.", size=size)


def scale(found: Scale) -> str:
    """What the answers to one question say."""
    of = found.estimate
    if of is None:
        return _("Nobody answered this question in the period.")
    if not of.enough:
        return too_few(of.n)
    if isinstance(of, Share):
        return f"{percent(of.value)} ({interval(of)}). {changed(found.change)}"
    said = f"{number(of.value)} ({spread(of.low, of.high)}). {changed(found.change, 1)}"
    return f"{said} {_means(found)}".strip() if not isinstance(of, Promoters) else said


def _means(found: Scale) -> str:
    if not found.means:
        return ""
    expected, got = (number(round(mean, 1)) for mean in found.means)
    return _("Expected %(expected)s, got %(got)s, from 1 to 5.", expected=expected, got=got)


def speed(found: Speed) -> tuple[str, ...]:
    if not found.first_word.n:
        return (_("Nobody who answered in this period is owed a word."),)
    if not found.first_word.enough:
        return (_first_word(found.first_word), _kept(found.kept))
    both = found.longer_chance is None and found.outcome_chance is None
    later = "" if both else _longer(found.outcome_longer, found.outcome_chance)
    return (
        f"{_first_word(found.first_word)} {_longer(found.longer, found.longer_chance)}",
        f"{_outcome(found.outcome)} {later}".strip(),
        _kept(found.kept),
    )


def _first_word(found: Times) -> str:
    if not found.enough:
        return _("How soon people hear: %(n)s is too few to say; that takes %(enough)s.", n=number(found.n), enough=number(ENOUGH))  # fmt: skip
    if found.median is None:
        return _("More than half of them wait for a first word that a person caused.")
    return _("Half had a first word that a person caused within %(median)s; nine in ten %(ninety)s.", median=duration(found.median), ninety=_within(found.ninety))  # fmt: skip


def _outcome(found: Times) -> str:
    if found.median is None:
        return _("More than half of them have not heard yet what came of it.")
    return _("Half heard what came of it within %(median)s; nine in ten %(ninety)s.", median=duration(found.median), ninety=_within(found.ninety))  # fmt: skip


def _within(hours: float | None) -> str:
    return _("within %(time)s", time=duration(hours)) if hours is not None else _("not yet")


def _longer(longer: float, chance: float | None) -> str:
    if chance is None:
        return _("Too few, now or in the period before, to speak of a change.")
    if not is_real(chance):
        return _("Whether that is faster or slower than in the period before may be chance.")
    if longer > 0:
        return _("That is slower than in the period before, by more than chance easily explains.")
    return _("That is faster than in the period before, by more than chance easily explains.")


def _kept(found: Share | None) -> str:
    if not found:
        return _("No first word fell due yet.")
    said = _(
        "%(hits)s of %(n)s had it by the date they were promised first.",
        hits=number(found.hits),
        n=number(found.n),
    )
    return said if not found.enough else f"{said[:-1]}: {percent(found.value)} ({interval(found)})."


def waiting(found: Aftermath) -> str:
    if not found.waiting:
        return _("Nobody waits for a word any more.")
    return ngettext(
        "%(n)s person still waits for a word, for %(days)s days now.",
        "%(n)s people still wait for a word, together for %(days)s days; one of them for %(longest)s days.",
        found.waiting, n=number(found.waiting), days=number(found.waiting_days), longest=number(found.longest),
    )  # fmt: skip


def fairness(found: Sequence[Group]) -> tuple[str, ...]:
    """What stands out, or that nothing does, of how much; and how many were thanked, where codes were given."""
    unlike = [sentence for group in found for sentence in _unlike(group)]
    return (*(unlike or [_alike(found)]), *_thanked(found))


def _alike(found: Sequence[Group]) -> str:
    if not any(_compared(group, found) for group in found):
        return _(
            "There are too few people to compare channels, languages or scores: that takes 30 on either side."
        )
    if any(group.thankable for group in found):
        return _(
            "By channel, language and score people were told as soon and as often, and thanked as often, as far as chance lets us see."
        )
    return _(
        "By channel, language and score people were told as soon and as often, as far as chance lets us see."
    )


def _thanked(found: Sequence[Group]) -> Iterable[str]:
    """Everybody has one channel, so its groups together are all."""
    everybody = [group for group in found if group.by == "channel"]
    heard = sum(group.thankable for group in everybody)
    if heard:
        yield _(
            "Of %(n)s people who heard what came of it while codes were given, %(share)s were thanked with one.",
            n=number(heard), share=percent(sum(group.thanked for group in everybody) / heard),
        )  # fmt: skip


def _compared(group: Group, found: Iterable[Group]) -> bool:
    """There are enough of them, and enough of all others."""
    rest = sum(other.until.n for other in found if other.by == group.by and other.key != group.key)
    return group.by in FAIR and group.key != OTHERS and min(group.until.n, rest) >= ENOUGH


def _unlike(group: Group) -> Iterable[str]:
    who = group_name(group.by, group.key)
    if group.later > 0:
        yield _(
            "%(who)s: they wait longer than the others to hear what came of it. Chance does not explain it.",
            who=who,
        )
    if group.later < 0:
        yield _(
            "%(who)s: they hear sooner than the others what came of it. Chance does not explain it.", who=who
        )
    if group.less > 0:
        yield _("%(who)s: fewer of them were told than of the others. Chance does not explain it.", who=who)
    if group.less < 0:
        yield _("%(who)s: more of them were told than of the others. Chance does not explain it.", who=who)
    if group.rarer > 0:
        yield _(
            "%(who)s: fewer of them were thanked with a code than of the others. Chance does not explain it.",
            who=who,
        )
    if group.rarer < 0:
        yield _(
            "%(who)s: more of them were thanked with a code than of the others. Chance does not explain it.",
            who=who,
        )


def highlights(
    found: Speed | None, after: Aftermath | None, unlike: Sequence[Group], asked: Rates | None
) -> tuple[str, ...]:
    """Three or four sentences for page one: how soon, who waits, whether it was fair, how many answered."""
    lines: list[str] = []
    if found and found.first_word.n:
        lines.append(_first_word(found.first_word))
    if after and after.waiting:
        lines.append(waiting(after))
    lines += [sentence for group in unlike for sentence in _unlike(group)][:2]
    if asked and (answered := _response(asked)):
        lines.append(answered)
    return tuple(lines)
