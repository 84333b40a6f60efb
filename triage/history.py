"""What happened to an action or a theme, one line an event: also which words were kept against the aid, by whom and why."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.models import Staff
from core import audit
from core.access import own
from core.application import words
from core.db import Rows, db
from core.models import Event
from triage.models import Action
from triage.writing import overruling

MOST = 50
Line = tuple[str, str, datetime]
BY_THE_CUSTOMER = ("response.changed", "response.hears_")


def history(action: Action) -> list[Line]:
    """(words, who, when), newest first."""
    return lines(own(Event).where(Event.subject_type == "action", Event.subject_id == action.id))


def lines(events: Rows, in_words: Callable[[Event], str] | None = None) -> list[Line]:
    """Newest first; `in_words` says what each was, where it is not about an action or a theme."""
    said = in_words or event_words
    newest = events.order_by(Event.id.desc()).limit(MOST)
    return [(said(e), _who(e), e.at) for e in db.session.scalars(newest)]


def _who(event: Event) -> str:
    """Nobody is signed in where customers answer: what they did themselves is not the clock's."""
    if event.actor != audit.CLOCK:
        return event.actor
    return _("the customer") if event.verb.startswith(BY_THE_CUSTOMER) else _("by itself")


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
        "action.merged": _("It was merged into “%(name)s”, whose words hold", name=event.detail.get("other", "")),
        "action.took_in": ngettext(
            "“%(name)s” was merged into this one, with %(num)d comment",
            "“%(name)s” was merged into this one, with %(num)d comments",
            event.detail.get("comments", 0), name=event.detail.get("title", ""),
        ),
        "theme.renamed": _(
            "It was renamed: “%(name)s” became “%(other)s”", name=_named(event, "before"), other=_named(event, "after")
        ),
        "theme.merged": ngettext(
            "“%(name)s” was merged into “%(other)s”, with %(num)d comment",
            "“%(name)s” was merged into “%(other)s”, with %(num)d comments",
            event.detail.get("comments", 0), name=_named(event, "name"), other=_named(event, "into"),
        ),
        "theme.removed": _("It was taken away: nothing was about it"),
        "theme.restored": _("It is there again"),
    }.get(event.verb, event.verb)  # fmt: skip


def _named(event: Event, which: str) -> str:
    name: dict[str, str] = event.detail.get(which) or {}
    return words(name)


def given_words(event: Event) -> str:
    """To whom a comment was given, and why to them."""
    told = event.detail
    name, other = _name(told.get("staff_id")), _name(told.get("instead_of"))
    if other:
        return _(
            "Given to %(name)s by rule %(n)d, since %(other)s is away or has left",
            name=name,
            n=told["rule"],
            other=other,
        )
    if told.get("turn"):
        return _("Given to %(name)s in turn", name=name)
    if told.get("rule"):
        return _("Given to %(name)s by rule %(n)d", name=name, n=told["rule"])
    return _("It lies on somebody's desk")


def _name(staff_id: int | None) -> str:
    found = db.session.get(Staff, staff_id) if staff_id else None
    return found.name if found else ""
