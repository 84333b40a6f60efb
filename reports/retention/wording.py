"""Words for how long what is kept: each category by name, what goes of it and what stays."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.keeping import YEAR, Period

NAMES = {
    "answers": _l("Answers with a person"),
    "unnamed": _l("Answers without a person"),
    "messages": _l("Words of messages"),
    "incoming": _l("Mail that came in"),
    "invitations": _l("Invitations that lead to no answer"),
    "unfinished": _l("Unfinished answers"),
    "reports": _l("Reports"),
    "technical": _l("What servers said"),
    "sign_ins": _l("Sign-ins of colleagues"),
}
MEANS = {
    "answers": _l(
        "The name, the words and whatever leads to this person go. The score, the day, the action and that they were told stay, as counts that lead to nobody. It starts when the last promise about it is kept."
    ),
    "unnamed": _l("Their words go; the score, the day and the action stay."),
    "messages": _l(
        "Subject and words go, also those on the respondent’s own page. That it was sent, when, and what became of it stays."
    ),
    "incoming": _l("Words, sender and attachments go. That somebody wrote back stays."),
    "invitations": _l(
        "Whom it was sent to goes, and with it everybody to whom no answer leads. That somebody was asked stays."
    ),
    "unfinished": _l("What somebody began and did not send goes. That somebody began stays, as a count."),
    "reports": _l("The PDF and the quotes go, and to whom it was mailed. Its figures and its number stay."),
    "technical": _l(
        "The words of mail servers and answers to programs go. When it was tried, and the outcome, stay."
    ),
    "sign_ins": _l("Who was signed in when, and on which device, goes."),
}


def period_words(days: Period) -> str:
    if days is None:
        return _("without end")
    if days % YEAR:
        return ngettext("%(num)d day", "%(num)d days", days)
    return ngettext("%(num)d year", "%(num)d years", days // YEAR)


def going_words(category: str, n: int) -> str:
    """What happens to so many, in a sentence."""
    return {
        "answers": ngettext("%(num)d answer loses its name and its words", "%(num)d answers lose their name and their words", n),
        "unnamed": ngettext("%(num)d answer without a name loses its words", "%(num)d answers without a name lose their words", n),
        "messages": ngettext("%(num)d message loses its words", "%(num)d messages lose their words", n),
        "incoming": ngettext("%(num)d mail that came in loses its words", "%(num)d mails that came in lose their words", n),
        "invitations": ngettext("%(num)d invitation or person loses name and address", "%(num)d invitations and people lose name and address", n),
        "unfinished": ngettext("%(num)d unfinished answer goes", "%(num)d unfinished answers go", n),
        "reports": ngettext("%(num)d report loses its PDF", "%(num)d reports lose their PDF", n),
        "technical": ngettext("%(num)d delivery or answer to a program loses what was said", "%(num)d deliveries and answers to programs lose what was said", n),
        "sign_ins": ngettext("%(num)d sign-in goes", "%(num)d sign-ins go", n),
    }[category]  # fmt: skip
