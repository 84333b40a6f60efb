"""Figures in the reader's words and numerals."""

from flask_babel import format_decimal, format_percent
from flask_babel import gettext as _

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
