"""What came of a delivery of Zammad's, in words for the page and for the answer to it."""

from flask_babel import lazy_gettext as _l

SAID = {
    "asked": _l("The customer is asked after the delay."),
    "waits": _l("An invitation about this ticket waits already."),
    "lately": _l("Could not be asked: they were asked something lately, or are about to be."),
    "blocked": _l("Could not be asked: their address is blocked, or they asked for no more invitations."),
    "no_mail": _l("Could not be asked: the ticket has no mail address."),
    "bad_mail": _l("Could not be asked: what the ticket has is no mail address."),
    "survey_closed": _l("Could not be asked: the survey is not open."),
    "taken_back": _l("The ticket is open again: the invitation was taken back."),
    "too_late": _l("The ticket is open again, and its customer was asked already."),
    "nothing": _l("This concerns no invitation."),
}
