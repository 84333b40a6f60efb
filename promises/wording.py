"""The words for what is owed and for how somebody was told: on staff pages, and for the respondent."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.voice import gettext as _

WHY_OWED = {
    "answer": _l("they answered"),
    "no_news": _l("there was no news on the day"),
    "moved": _l("the date was moved"),
    "not_clear": _l("it was not clear to them"),
    "not_solved": _l("it was not solved for them"),
    "reply": _l("they wrote back"),
    "correction": _l("what they were told is put right"),
    "more": _l("there is more to tell"),
    "planned": _l("they were told what is planned"),
    "progress": _l("they were told how it stands"),
}
STANDS = ("moved", "no_news", "planned", "progress")
"""After these nobody knows the date of an outcome: the next update is what is owed."""
HOW_TOLD = {
    "done": _l("it was done"),
    "planned": _l("it is planned"),
    "wont_do": _l("it will not be done, and why"),
    "already": _l("it is so already"),
    "thanks": _l("thanks"),
    "digest": _l("“you said, we did”"),
    "no_news": _l("no news yet, and the next date"),
    "default": _l("closed by default"),
    "correction": _l("a correction"),
    "moved": _l("a new date, and why"),
    "receipt": _l("the receipt"),
    "progress": _l("how it stands, and the next date"),
}
WHY_NOT = {
    "erased": _l("erased at their request"),
    "history": _l("imported as history"),
    "declined": _l("they asked not to be told"),
    "unsubscribed": _l("they unsubscribed"),
    "bounced": _l("the mail came back"),
    "failed": _l("the mail was refused"),
    "suppressed": _l("the address is blocked"),
    "phone_failed": _l("not reached by phone"),
    "phone_suppressed": _l("asked not to be called"),
    "letter_failed": _l("the letter did not reach them"),
    "letter_bounced": _l("the letter came back"),
    "letter_suppressed": _l("the postal address is blocked"),
    "sms_failed": _l("the text message was refused"),
    "sms_bounced": _l("the text message did not arrive"),
    "sms_suppressed": _l("the number is blocked"),
}


def what(kind: str, because: str) -> str:
    """What is owed, as staff read it."""
    if kind == "outcome":
        return _("what came of it")
    if because in STANDS:
        return _("how it stands, also when there is no news yet")
    return _("what was done, or decided, with the answer")


def pledged(kind: str, because: str) -> str:
    """What is owed, as the respondent reads it."""
    if kind == "outcome":
        return _("what came of it")
    if because in STANDS:
        return _("how it stands, also when there is no news yet")
    return _("what we did, or decided, with your answer")


def why_owed(because: str) -> str:
    """What gave rise to a promise."""
    return str(WHY_OWED.get(because, because))


def how_told(how: str) -> str:
    """What somebody heard."""
    return str(HOW_TOLD.get(how, how))


def why_not(reason: str) -> str:
    """Why somebody could not be told."""
    return str(WHY_NOT.get(reason, reason))


def row_lost(reason: str, n: int) -> str:
    """Which rows are gone that must be there."""
    if reason == "message":
        return ngettext("%(num)d message row is missing", "%(num)d message rows are missing", n)
    if reason == "promise":
        return ngettext("%(num)d promise row is missing", "%(num)d promise rows are missing", n)
    return ngettext("%(num)d update row is missing", "%(num)d update rows are missing", n)
