"""What happened to an action, one line an event: also which words were kept against the aid, by whom and why."""

from datetime import datetime

from flask_babel import gettext as _

from core.access import own
from core.db import db
from core.models import Event
from triage.models import Action
from triage.writing import overruling

MOST = 50


def history(action: Action) -> list[tuple[str, str, datetime]]:
    """(words, who, when), newest first."""
    about = (Event.subject_type == "action") & (Event.subject_id == action.id)
    query = own(Event).where(about).order_by(Event.id.desc()).limit(MOST)
    return [
        (event_words(e), _("by itself") if e.actor == "clock" else e.actor, e.at)
        for e in db.session.scalars(query)
    ]


def event_words(event: Event) -> str:
    return {
        "action.decided": _("It was written down"),
        "action.done": _("It was marked as done"),
        "action.worded": _("Words in another language were added"),
        "action.moved": _("Its date was moved"),
        "action.waits": _("It waits for somebody else"),
        "action.goes_on": _("It waits for nobody any more"),
        "action.corrected": _("It was put right by another action"),
        overruling.VERB: _(
            "Words were kept against the writing aid, because: %(reason)s",
            reason=event.detail.get("reason", ""),
        ),
    }.get(event.verb, event.verb)
