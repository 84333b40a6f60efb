"""The words for emotions and kinds of action, on every page and in every form."""

from flask_babel import gettext as _


def emotion(key: str | None) -> str:
    """How a comment sounds, in the reader's language."""
    return emotions().get(key or "", key or "")


def emotions() -> dict[str, str]:
    """In the order in which people are helped."""
    return {
        "impatient": _("impatient"),
        "frustrated": _("frustrated"),
        "angry": _("angry"),
        "disappointed": _("disappointed"),
        "worried": _("worried"),
        "neutral": _("neutral"),
        "happy": _("happy"),
        "grateful": _("grateful"),
    }


def kinds() -> dict[str, str]:
    """What was decided, as staff choose it."""
    return {
        "done": _("Done: it has changed"),
        "planned": _("Planned: it will change by a date"),
        "wont_do": _("We will not do this, and say why"),
        "already": _("It is so already, and this is how"),
        "thanks": _("Thanks: nothing needs to change"),
    }
