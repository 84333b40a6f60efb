"""What respondents read about what is kept of them: each category in their words, with whom it is shared, and what they can do."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from core.keeping import Period
from core.models import Organisation
from reports.privacy.sharing import Sharing
from reports.retention.wording import period_words


@dataclass(frozen=True, slots=True)
class Kept:
    what: str
    why: str
    how_long: str


def kept_words(periods: Mapping[str, Period]) -> list[Kept]:
    """Of a respondent; what is kept of colleagues is no business of theirs."""
    words = {
        "answers": (
            _("What you answered, with your name and address if you gave them"),
            _("To tell you what was done about it, and to do better."),
        ),
        "unnamed": (_("What you answered without saying who you are"), _("To do better.")),
        "messages": (
            _("What we wrote to you"),
            _("So that you and we can look up what was said and promised."),
        ),
        "incoming": (_("What you mailed to us, with what you attached"), _("To answer you.")),
        "invitations": (
            _("Your name and address, if we asked you something and you did not answer"),
            _("To remind you once, and not to ask you too often."),
        ),
        "unfinished": (_("What you began to fill in and did not send"), _("So that you can go on later.")),
        "reports": (
            _("Reports that quote answers, without a name"),
            _("So that those who decide read what you and others said."),
        ),
        "technical": (
            _("What mail servers said about our messages to you"),
            _("To find out why one did not arrive."),
        ),
    }
    return [Kept(what, why, _period(key, periods[key])) for key, (what, why) in words.items()] + [_stopped()]


def _period(category: str, days: Period) -> str:
    if category == "answers" and days is not None:
        return _(
            "%(period)s, counted from when the last promise about it was kept", period=period_words(days)
        )
    return period_words(days)


def _stopped() -> Kept:
    return Kept(
        _("That you want no more mail: a code made from your address, from which nobody can read it"),
        _("So that we do not write to you again."),
        _("as long as we send mail"),
    )


def shared_words(organisation: Organisation, sharing: Sharing) -> list[str]:
    """Who else gets to see something, as it is set up now."""
    said = {
        "mail": _("Mail to you goes through our mail server to yours."),
        "texts": _(
            "Text messages, and the number they go to, are carried by %(service)s.", service=sharing.gateway
        ),
        "letters": _("Letters go by post: your address stands on the envelope."),
        "readers": _(
            "Reports, which quote answers without a name, also go to people outside %(organisation)s whom we chose.",
            organisation=organisation.name,
        ),
        "programs": _("Programs of ours that hold a key read or add answers."),
    }
    return [words for key, words in said.items() if key in sharing.ways]


def authority_words(organisation: Organisation) -> str:
    if organisation.country == "NL":
        return _(
            "Not content with how we deal with this? Tell us. You may also complain to the Autoriteit Persoonsgegevens."
        )
    return _(
        "Not content with how we deal with this? Tell us. You may also complain to the authority for data protection in your country."
    )
