"""What anybody who is asked may expect, in a sentence: for pages and for mails."""

from flask_babel import gettext as _
from flask_babel import ngettext

from surveys.models import Survey


def reply_words(survey: Survey) -> str:
    """What anybody who answers may expect."""
    if survey.reply_hours:
        within = ngettext("within an hour", "within %(num)d hours", survey.reply_hours)
    else:
        within = ngettext(
            "within a working day", "within %(num)d working days", survey.reply_working_days or 1
        )
    said = _("A person reads what you write. You hear what was done with it %(within)s.", within=within)
    return f"{said} {_unknown()}" if survey.anonymous else said


def linked_words(survey: Survey) -> str:
    """The same, by a link of somebody's own: whoever is told that nobody knows them asks what that link is for, then."""
    said = reply_words(survey)
    return f"{said} {_forgotten()}" if survey.anonymous else said


def _forgotten() -> str:
    return _("Of this link we keep on which day it was used, and not what you answered.")


def _unknown() -> str:
    return _("Nobody knows who you are: the answer stands on a page whose address only you get.")
