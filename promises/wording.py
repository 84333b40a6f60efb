"""The words for what is owed and for how somebody was told, on every staff page."""

from flask_babel import gettext as _
from flask_babel import ngettext


def what(kind: str, because: str) -> str:
    """What is owed, as staff read it."""
    if kind == "outcome":
        return _("what came of it")
    if because in {"moved", "no_news"}:
        return _("how it stands, also when there is no news yet")
    return _("what was done, or decided, with the answer")


def why_owed(because: str) -> str:
    """What gave rise to a promise."""
    return {
        "answer": _("they answered"),
        "no_news": _("there was no news on the day"),
        "moved": _("the date was moved"),
        "not_clear": _("it was not clear to them"),
        "not_solved": _("it was not solved for them"),
        "reply": _("they wrote back"),
        "correction": _("what they were told is put right"),
        "more": _("there is more to tell"),
    }.get(because, because)


def how_told(how: str) -> str:
    """What somebody heard."""
    return {
        "done": _("it was done"),
        "planned": _("it is planned"),
        "wont_do": _("it will not be done, and why"),
        "already": _("it is so already"),
        "thanks": _("thanks"),
        "digest": _("“you said, we did”"),
        "no_news": _("no news yet, and the next date"),
        "default": _("closed by default"),
        "correction": _("a correction"),
        "moved": _("a new date, and why"),
        "receipt": _("the receipt"),
    }.get(how, how)


def why_not(reason: str) -> str:
    """Why somebody could not be told."""
    return {
        "erased": _("erased at their request"),
        "history": _("imported as history"),
        "declined": _("they asked not to be told"),
        "unsubscribed": _("they unsubscribed"),
        "bounced": _("the mail came back"),
        "failed": _("the mail was refused"),
        "suppressed": _("the address is blocked"),
    }.get(reason, reason)


def row_lost(reason: str, n: int) -> str:
    """Which rows are gone that must be there."""
    return {
        "message": ngettext("%(num)d message row is missing", "%(num)d message rows are missing", n),
        "promise": ngettext("%(num)d promise row is missing", "%(num)d promise rows are missing", n),
        "ending": ngettext("%(num)d update row is missing", "%(num)d update rows are missing", n),
    }.get(reason, reason)
