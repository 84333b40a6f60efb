"""What stands on the desk: one comment with its person, its loop, what was done about it, and others like it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from accounts.models import Staff
from accounts.presence import is_present
from core import clock
from core.access import own
from core.db import db
from core.models import Event
from followup.deeds import deed
from followup.loops import Loop, loop
from promises.opening import follower
from surveys.kiosk.kiosks import tablet_of
from surveys.models_responses import Response
from surveys.on_the_phone import TYPED, typed_by
from triage.feeling.reading import threat_words
from triage.history import given_words, lines
from triage.inbox.rows import Row, rows
from triage.joining import members
from triage.models import Action, Comment, Tag
from triage.settling import together
from triage.states import in_state
from triage.themes.models import comment_theme
from triage.wording import emotion
from triage.writing import overruling

SIMILAR = 20


@dataclass(frozen=True, slots=True)
class Given:
    """One tag: `state` is held, large (held for a manager), waiting (released, not told yet) or told; `minutes` of the hold that are left."""

    id: int
    action_id: int
    kind: str
    title: str
    words: str
    """As this respondent reads them."""
    reason: str
    part: str
    """What of the comment it answers; empty: all of it."""
    by: str
    tagged_at: datetime
    release_at: datetime
    minutes: int
    state: str
    together: int
    """How many comments got it in the same moment."""
    before_reopened: bool
    personal: str
    """What stands above those words, for this respondent alone."""
    thanks_to: str
    """The colleague whom their words go to as a compliment."""
    passed_on: bool


@dataclass(frozen=True, slots=True)
class Desk:
    row: Row
    text: str
    language: str
    name: str
    customer_id: int | None
    score: int | None
    survey: dict[str, str]
    typed_by: str
    """The colleague to whom it was said on the phone."""
    tablet: str
    """Where the tablet stands on which it was given."""
    channel: str
    submitted_on: date
    declined: bool
    loop: Loop
    given: list[Given]
    similar: list[Row]
    history: list[tuple[str, str, datetime]]
    follower: str
    """Who follows it up while its colleague is away or gone; empty while they are here, or where it is nobody's."""

    @property
    def untold(self) -> int:
        """Actions that are not told yet: all of them go into one message."""
        return sum(tag.state != "told" for tag in self.given)

    @property
    def told(self) -> int:
        return len(self.given) - self.untold


def desk(comment: Comment, now: datetime, timezone: str, ticked: Sequence[int] = ()) -> Desk:
    """`ticked`: others that were chosen on this page, and stay on it whatever became of them."""
    response = comment.response
    return Desk(
        row=rows([comment.id], now, timezone)[0], text=comment.text, language=response.language,
        name=response.customer.name if response.customer else "", customer_id=response.customer_id, score=response.score,
        survey=response.survey.title, typed_by=typed_by(response), tablet=tablet_of(response), channel=response.channel,
        submitted_on=clock.local_date(response.submitted_at, timezone), declined=response.declined_at is not None,
        loop=loop(response, now, timezone), given=_given(comment, now), similar=rows(_similar(comment, ticked, now), now, timezone),
        history=_history(comment), follower=_follower(comment, now),
    )  # fmt: skip


def _follower(comment: Comment, now: datetime) -> str:
    if not comment.assignee or is_present(comment.organisation_id, comment.assignee.id, now):
        return ""
    return follower(comment.response.survey, now, comment.assignee).name


def _given(comment: Comment, now: datetime) -> list[Given]:
    """Newest first; what was undone stands in the history only."""
    query = (
        select(Tag)
        .where(Tag.comment_id.in_(c.id for c in members(comment)), Tag.withdrawn_at.is_(None))
        .options(joinedload(Tag.action).joinedload(Action.owner))
    )
    tags = _each_once(list(db.session.scalars(query.order_by(Tag.id.desc()))), now)
    names = _names({t.tagged_by_id for t in tags if t.tagged_by_id})
    return [_one(t, names.get(t.tagged_by_id or 0, ""), t in t.comment.live_tags, now) for t in tags]


def _each_once(tags: list[Tag], now: datetime) -> list[Tag]:
    """Of all that stands as one, each action once: the tag by which somebody is still to be told, else the one of the desk."""
    by_action: dict[tuple[int, bool], Tag] = {}
    for tag in sorted(tags, key=lambda t: (_state(t, now) == "told", t.comment.stands_elsewhere, -t.id)):
        by_action.setdefault((tag.action_id, tag in tag.comment.live_tags), tag)
    return (
        sorted(by_action.values(), key=lambda t: -t.id) if any(t.comment.complaint_id for t in tags) else tags
    )


def _one(tag: Tag, by: str, live: bool, now: datetime) -> Given:
    action, left = tag.action, tag.release_at - now
    return Given(
        id=tag.id, action_id=action.id, kind=action.kind, title=action.title, words=_read(tag), reason=action.reason, part=tag.part, by=by,
        tagged_at=tag.tagged_at, release_at=tag.release_at, minutes=max(1, -(-int(left.total_seconds()) // 60)),
        state=_state(tag, now), together=len(together(tag)) if tag.release_at > now else 1,
        before_reopened=not live, personal=tag.personal, thanks_to=tag.thanks_to.name if tag.thanks_to else "",
        passed_on=tag.passed_on_at is not None,
    )  # fmt: skip


def _state(tag: Tag, now: datetime) -> str:
    if tag.told_at or tag.release_at <= now:
        return "told" if tag.told_at else "waiting"
    return "large" if tag.awaits_manager else "held"


def _read(tag: Tag) -> str:
    response = tag.comment.response
    return deed(tag.action, response.language, response.survey.language).words


def _names(ids: set[int]) -> dict[int, str]:
    return {s.id: s.name for s in db.session.scalars(select(Staff).where(Staff.id.in_(ids)))}


def _similar(comment: Comment, ticked: Sequence[int], now: datetime) -> list[int]:
    """Other comments of this survey that share a theme and need a person, oldest first; and those that were ticked."""
    shared = select(comment_theme.c.comment_id).where(
        comment_theme.c.theme_id.in_([t.id for t in comment.themes])
    )
    query = (
        own(Comment)
        .with_only_columns(Comment.id)
        .join(Response, Response.id == Comment.response_id)
        .where(
            Response.survey_id == comment.response.survey_id,
            Comment.id.in_(shared),
            Comment.id != comment.id,
            func.coalesce(Comment.complaint_id, Comment.id) == Comment.id,
            in_state("open", now),
        )
    )
    found = db.session.scalars(query.order_by(Comment.id).limit(SIMILAR))
    chosen = (
        own(Comment).with_only_columns(Comment.id).where(Comment.id.in_(ticked), Comment.id != comment.id)
    )
    return list(dict.fromkeys([*(db.session.scalars(chosen.order_by(Comment.id)) if ticked else ()), *found]))


def _history(comment: Comment) -> list[tuple[str, str, datetime]]:
    """(words, who, when), newest first."""
    about = or_(
        (Event.subject_type == "comment") & (Event.subject_id == comment.id),
        (Event.subject_type == "response") & (Event.subject_id == comment.response_id),
    )
    return lines(own(Event).where(about), event_words)


def event_words(event: Event) -> str:
    """One line of the history, in the reader's language."""
    return (_of_the_comment(event) | _of_the_response()).get(event.verb, event.verb)


def _of_the_comment(event: Event) -> dict[str, str]:
    return {
        "comment.tagged": _("An action was chosen"),
        "comment.untagged": _("An action was undone"),
        "comment.labelled": _("Labels were changed"),
        "comment.refused": _(
            "A manager did not let it be told: %(reason)s", reason=event.detail.get("reason", "")
        ),
        "comment.noted": _("A note was written"),
        "comment.note_taken_away": _("A note was taken away"),
        "comment.passed_on": _("The compliment was passed on to %(name)s", name=event.detail.get("name", "")),
        overruling.VERB: _(
            "Words were kept against the writing aid, because: %(reason)s",
            reason=event.detail.get("reason", ""),
        ),
        "comment.reopened": _("It came back"),
        "comment.joined": _("It stands as one with another comment, which says the same"),
        "comment.parted": _("It stands apart from a comment with which it stood as one"),
        "comment.assigned": given_words(event),
        "comment.threat_found": _(
            "Found by the rules: %(kind)s", kind=threat_words(event.detail.get("kind", ""))
        ),
        "comment.no_threat": _("A manager said that nobody is in danger"),
        "comment.felt": _(
            "How it sounds was decided: %(emotion)s", emotion=emotion(event.detail.get("emotion"))
        ),
        "comment.escalated": _("Not solved a second time: it went to a manager"),
    }


def _of_the_response() -> dict[str, str]:
    return {
        TYPED: _("It was typed, as it was said on the phone"),
        "response.hears_mail": _("They chose to hear by mail"),
        "response.hears_page": _("They chose to hear on their page"),
        "response.hears_none": _("They asked not to be told"),
        "response.changed": _("They changed their answer"),
        "response.replied": _("They wrote back by mail"),
        "response.mail_laid": _("A mail that said the same was laid with it"),
        "response.mail_taken_off": _("A mail that was laid with it stands by itself again"),
        "response.genuine": _("It was kept as a person's answer"),
        "response.machine": _("It was kept as a machine's answer"),
        "sweep.promise": _("A missing promise was put back"),
    }
