"""What the addresses of the matrix are filled with: one row for each name that stands between < and >.

A new route with a known name is covered by itself. A new name needs a line in ROWS, and a program's
route that asks for a body may need one in BODIES.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from accounts import keys, links, sessions
from accounts.models import ApiKey, Membership, StaffSession
from core import clock
from core import links as links_of
from core.access import Role
from core.db import db
from core.links import token
from core.models import Beat, Organisation
from customers import merging
from customers.models import Customer, Identity
from customers.models_merging import Merge
from followup.imports import importing
from followup.many import bulk
from followup.many.models import BulkWork
from followup.models import LargeStep
from followup.models_replies import Reply
from followup.notes import noting
from followup.steps import large_steps
from outbox.channels import letter
from outbox.freezing import freeze
from outbox.incoming.models import Attachment, IncomingMessage
from outbox.models import Message
from outbox.models_letters import Batch, Sheet
from outbox.models_outlets import Outlet
from outbox.outlets import keeping
from outbox.outlets.errands import Outcome
from promises.models import Promise
from reports.figures import frozen
from reports.models import Report
from reports.schedules import report_mail, scheduling
from reports.schedules.models import Delivery, Part, Run, Schedule
from scheduler import TICKS
from surveys.helpdesks import zammad
from surveys.imports.models import Import
from surveys.invitations.models import Invitation, InvitationList
from surveys.kiosk import kiosks
from surveys.kiosk.models import Kiosk
from surveys.models import Round, Survey
from surveys.models_responses import Response
from surveys.partial import unfinished
from surveys.partial.models import Unfinished
from tests.cast import Cast, added, make_customer
from tests.inviting import invited
from tests.loop import answered, decided, opened_survey, settled
from tests.reports.samples import figures
from triage import joining
from triage.commenting import comments_of
from triage.inbox.models import SavedView
from triage.models import Action, Comment, Tag
from triage.models_joining import Joining
from triage.models_notes import Note
from triage.themes.models import Theme

BODY_IS_SEALED = {"steps_api.tag_comments"}
"""Routes whose body names rows of the webshop, so that another organisation's key gets 404."""
FILE = b"csat\n4\n"
LINK = "a one-time link of the matrix"


@dataclass(frozen=True, slots=True)
class Row:
    """`value` stands in the address; `sealed`: another organisation gets 404; `personal`: everybody but its owner."""

    value: object
    sealed: bool = True
    personal: bool = False


def first(model: Any) -> Callable[[], Row]:
    return lambda: Row(db.session.scalars(select(model.id).order_by(model.id)).first())


def link(purpose: str, model: Any) -> Callable[[], Row]:
    return lambda: Row(token(purpose, db.session.scalars(select(model.id)).first() or 0), sealed=False)


ROWS: MappingProxyType[str, Callable[[], Row]] = MappingProxyType(
    {
        "action_id": first(Action),
        "attachment_id": first(Attachment),
        "incoming_id": first(IncomingMessage),
        "comment_id": first(Comment),
        "customer_id": first(Customer),
        "batch_id": first(Batch),
        "sheet_id": first(Sheet),
        "key_id": first(ApiKey),
        "membership_id": first(Membership),
        "message_id": first(Message),
        "note_id": first(Note),
        "outlet_id": first(Outlet),
        "organisation": lambda: Row(db.session.scalars(select(Organisation.slug)).first(), sealed=False),
        "organisation_id": lambda: Row(db.session.scalars(select(Membership.organisation_id)).first()),
        "promise_id": first(Promise),
        "report_id": first(Report),
        "schedule_id": first(Schedule),
        "run_id": first(Run),
        "/reports/read/<token>": link("report", Delivery),
        "reading": link("report", Delivery),
        "part": lambda: Row(db.session.scalars(select(Part.report_id)).first(), sealed=False),
        "response_id": first(Response),
        "round_id": first(Round),
        "session_id": lambda: Row(db.session.scalars(select(StaffSession.id)).first(), personal=True),
        "slug": lambda: Row(db.session.scalars(select(Survey.slug)).first()),
        "survey_id": first(Survey),
        "tag_id": first(Tag),
        "theme_id": first(Theme),
        "view_id": first(SavedView),
        "work_id": first(BulkWork),
        "import_id": first(Import),
        "merge_id": first(Merge),
        "joining_id": first(Joining),
        "step_id": first(LargeStep),
        "/sign-in/<token>": lambda: Row(LINK, sealed=False),
        "/t/<token>": link("trial", Survey),
        "/k/<token>": link("kiosk", Kiosk),
        "/k/<token>/thanks": link("kiosk", Kiosk),
        "kiosk_id": first(Kiosk),
        "/f/<token>": link("status", Response),
        "/f/<token>/hearing": link("status", Response),
        "/i/<token>": link("invitation", Invitation),
        "invitation_id": first(Invitation),
        "list_id": first(InvitationList),
        "/f/<token>/answer": link("status", Response),
        "/f/<token>/copy.txt": link("status", Response),
        "/f/<token>/copy.json": link("status", Response),
        "/r/<token>": lambda: Row(
            links_of.token(
                "unfinished", *db.session.execute(select(Unfinished.id, Unfinished.link_version)).one()
            ),
            sealed=False,
        ),
        "/u/<token>": link("unsubscribe", Identity),
    }
)
BODIES: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {
        "followup_api.moves": {
            "due_at": f"{clock.now() + timedelta(days=30):%Y-%m-%d}",
            "reason": "The supplier is late.",
        },
        "followup_api.answer": {"answers": {"csat": 4}},
        "followup_api.done": {"kind": "done"},
        "followup_api.plan_moves": {
            "due_on": f"{clock.now() + timedelta(days=30):%Y-%m-%d}",
            "reason": {"en": "The supplier is late."},
        },
        "followup_api.progress": {
            "words": "We are on it.",
            "due_at": f"{clock.now() + timedelta(days=30):%Y-%m-%d}",
        },
        "followup_api.correction": {"kind": "thanks", "title": "Right", "public_note": {"en": "This holds."}},
        "steps_api.refuse": {"reason": "Not now."},
        "notes_api.note": {"text": "@alice knows more."},
        "inviting_api.invite": {"customers": [{"email": "new@example.com"}]},
        "surveys_api.create": {
            "title": "A survey",
            "slug": "another",
            "language": "en",
            "reply_within_days": 3,
            "questions": [],
        },
        "triage_api.rename_theme": {"name": {"en": "Packing"}},
        "triage_api.merge_theme": {"into": 2},
        "steps_api.tag_comments": {"comment_ids": [1], "action_id": 1},
    }
)


def wrote_back(response: Response, now: datetime) -> None:
    """A mail with a file, as it lies with the answer."""
    here = {"organisation_id": response.organisation_id}
    mail = {
        "kind": "reply",
        "sender": "rita@example.com",
        "subject": "Re: What we did",
        "outcome": "attached",
    }
    came = added(
        IncomingMessage(
            **here,
            **mail,
            digest="of the matrix",
            received_at=now,
            handled_at=now,
            text="It came.",
            raw=b"\nIt came.",
        )
    )
    file = {"name": "box.txt", "kind": "text/plain", "size": 4, "content": b"torn"}
    added(Attachment(**here, **file, incoming_id=came.id))
    added(Reply(**here, incoming=came, response=response, came_at=now, words_key="", stopped=False))


def make_rows(cast: Cast) -> None:
    """At least one row of everything, all of the webshop. Inside `writing()`."""
    now, shop, soon = clock.now(), cast.webshop.id, clock.now() + timedelta(hours=1)
    survey = opened_survey(cast, now)
    response, action = answered(survey, now), decided(cast, now)
    kiosks.make(survey, "The counter", now)
    unfinished.begin(survey, "a page of the matrix", "en", [("csat", "4")], now)
    settled(response, action, now, hold=timedelta(minutes=15))
    invited(survey, now)
    zammad.connect(survey, 24, ["closed"], now)
    keeping.add(
        shop,
        "The shop's chat",
        Outcome("", "", "Slack", "slack://…3f2a", "sealed by nobody"),
        ["threat"],
        now,
    )
    freeze(shop, "update", "Street 1\nTown", "Done", "Done.", "", "Alice", "en", now, channel="letter")
    letter.put_together(shop, now)
    large_steps.hold("tags", action, 700, 20, cast.bob.id, now)
    merging.merge(
        make_customer(cast.webshop, "R. Ritsema", "r@example.org", now), cast.rita, "One address", now
    )
    once, twice = (comments_of(answered(survey, now))[0] for _said in range(2))
    joining.join(once, twice, 80, now)
    importing.begin(survey, importing.read(survey, FILE, now), "answers.csv", FILE, cast.bob.id, now)
    bulk.begin([], action, cast.bob.id, timedelta(minutes=15), (0, None), now)
    added(
        SavedView(
            organisation_id=shop,
            staff_id=cast.bob.id,
            name="Boxes",
            key="boxes",
            filters={"q": "box"},
            shared=True,
            created_at=now,
        )
    )
    added(Theme(organisation_id=shop, key="boxes", name={"en": "Boxes", "nl": "Dozen"}))
    added(Theme(organisation_id=shop, key="days", name={"en": "Days"}))
    noting.note(comments_of(response)[0], "@alice knows more.", cast.bob, [cast.alice], now)
    keys.create(shop, "helpdesk", Role.viewer, now)
    links.issue(cast.bob.id, LINK, now)
    sessions.start(cast.bob.id, "a telephone", now)
    wrote_back(response, now)
    freeze(
        shop,
        "receipt",
        "rita@example.com",
        "Thank you",
        "Thank you.",
        "<p>Thank you.</p>",
        "Alice",
        "en",
        now,
    )
    days = {"first_day": now.date(), "last_day": now.date(), "requested_by": "Alice", "requested_at": now}
    done = {"state": "ready", "rendered_at": now, "sha256": "0" * 64, "pdf": b"%PDF-1.7", "figures": {}}
    for tick in TICKS:
        added(Beat(name=tick.name, started_at=soon, finished_at=soon))
    report = added(Report(organisation_id=shop, survey_id=survey.id, language="en", **days, **done))
    schedule = scheduling.make(cast.webshop, survey, "month", "en", ["board@example.com"], cast.alice.id, now)
    run = Run(organisation_id=shop, schedule_id=schedule.id, first_day=now.date(), last_day=now.date())
    run.asked_at, run.parts = now, [Part(report_id=report.id)]
    report.figures = frozen(figures())
    report_mail.tell(added(run), now)
