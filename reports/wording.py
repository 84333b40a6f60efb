"""Figures in the reader's words and numerals."""

from flask_babel import format_decimal, format_percent, ngettext
from flask_babel import gettext as _

from core.application import language_name
from promises.wording import why_not
from reports.statistics import Share


def number(value: float) -> str:
    """1234.5 → "1,234.5" or "1.234,5"; at most one decimal."""
    return format_decimal(round(value, 1))


def percent(fraction: float) -> str:
    return format_percent(fraction)


def interval(share: Share) -> str:
    """The 95 % interval of a share, from … to …"""
    return _("%(low)s to %(high)s", low=percent(share.low), high=percent(share.high))


def spread(low: float, high: float) -> str:
    """An interval of something that is no share."""
    return _("%(low)s to %(high)s", low=number(low), high=number(high))


def duration(hours: float) -> str:
    """In the unit that people would say it in."""
    if hours < 1:
        return ngettext("%(num)d minute", "%(num)d minutes", round(hours * 60))
    if hours < 48:
        return ngettext("%(num)d hour", "%(num)d hours", round(hours))
    return ngettext("%(num)d day", "%(num)d days", round(hours / 24))


def group_name(by: str, key: str) -> str:
    """Whose figures these are."""
    if key == "others":
        return _("Others, put together")
    if by == "who":
        return key
    if by == "language":
        return language_name(key)
    words: dict[str, str] = {
        "channel mail": _("Told by mail"),
        "channel page": _("Told on their own page"),
        "channel phone": _("Told by phone"),
        "channel letter": _("Told by letter"),
        "channel sms": _("Told by text message"),
        "came invitation": _("Invited"),
        "came link": _("By the public link"),
        "came api": _("Sent by a program"),
        "came import": _("From a file"),
        "came phone": _("On the phone"),
        "came kiosk": _("On a tablet at the counter"),
        "score low": _("Low scores"),
        "score middle": _("Scores in the middle"),
        "score high": _("High scores"),
    }
    return words.get(f"{by} {key}", key)


def grouped_by(by: str) -> str:
    words: dict[str, str] = {
        "channel": _("By channel"),
        "came": _("By where they answered"),
        "language": _("By language"),
        "score": _("By score"),
        "who": _("By who handled it then"),
    }
    return words.get(by, by)


def scale_name(kind: str) -> str:
    words: dict[str, str] = {
        "csat": _("CSAT: the share of scores 4 and 5"),
        "nps": _("NPS: promoters (9–10) less detractors (0–6), from −100 to 100"),
        "ces": _("CES: the mean, from 1 (very difficult) to 7 (very easy)"),
        "rating": _("The mean, from 1 to 5"),
        "expectation_gap": _("Gap: what people got less what they expected, from −4 to 4"),
    }
    return words.get(kind, kind)


def told_how(key: str) -> str:
    words: dict[str, str] = {
        "done": _("Done"),
        "planned": _("Planned, with a date"),
        "wont_do": _("We will not do it, with the reason"),
        "already": _("Already so"),
        "thanks": _("Thanked"),
        "digest": _("By “you said, we did”"),
        "own_page": _("On their own page, not mailed"),
        "default": _("By the default closing, without a person"),
        "no_news": _("No news yet, said by the date"),
        "correction": _("A correction of what we told earlier"),
    }
    return words.get(key, key)


def unreachable(reason: str) -> str:
    words: dict[str, str] = {
        "bounced": _("The mail bounced"),
        "failed": _("Sending failed"),
        "suppressed": _("The address is blocked"),
        "unsubscribed": _("Unsubscribed"),
        "declined": _("Asked not to be told"),
        "no_identity": _("Left no address"),
        "erased": _("Erased at their request"),
        "history": _("Imported as history"),
    }
    return words.get(reason) or why_not(reason).capitalize()


def action(kind: str) -> str:
    words: dict[str, str] = {
        "done": _("Done"),
        "planned": _("Planned"),
        "wont_do": _("Will not be done"),
        "already": _("Already so"),
        "thanks": _("Passed on"),
    }
    return words.get(kind, kind)
