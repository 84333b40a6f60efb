"""What staff and respondents read about mail that came in: how it was taken, and what of it could not be."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from core.voice import gettext as _

KINDS = {
    "reply": _l("reply"),
    "bounce": _l("did not arrive"),
    "complaint": _l("marked as spam"),
    "auto_reply": _l("automatic answer"),
    "other": _l("other mail"),
}
OUTCOMES = {
    "": _l("waits for the clock"),
    "attached": _l("lies with its comment"),
    "stopped": _l("stopped: it looks like a machine that answers"),
    "nowhere": _l("answers a message that has no comment: read it here"),
    "acted": _l("noted with the message"),
    "noted": _l("nothing had to be done"),
    "unmatched": _l("about none of our messages"),
    "erased": _l("its writer was erased: nothing is kept"),
}


def remark(found: Sequence[str]) -> str:
    """One thing that could not be read as it was, in a sentence."""
    what, detail = (*found, "")[:2]
    return {
        "charset": _(
            "It says its letters are in “%(charset)s”, which nobody here knows: some may be wrong.",
            charset=detail,
        ),
        "cut": _("It was larger than we take in: its end is missing."),
        "nested": _("It holds messages within messages, deeper than can be read."),
        "loop": _("It went round between mail servers, or is a mail of ours that came back."),
    }.get(what, what)


def not_kept(refused: str) -> str:
    """Why an attachment was not kept, in a few words."""
    return {
        "size": _("too large: up to 5 MB each, 10 MB together"),
        "number": _("more than ten"),
        "broken": _("it cannot be read"),
    }.get(refused, _("a kind of file that we do not open"))
