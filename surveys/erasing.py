"""What somebody answered is forgotten: the words go, the marks they gave stay as counts that lead to nobody."""

from datetime import datetime

from sqlalchemy import String, cast, delete, literal, select, update

from core.db import db
from core.rows import among
from customers.erasing import Person
from surveys.imports.files import forget_whoever_is_in
from surveys.invitations.forgetting_asked import forget_asked
from surveys.models_responses import Answer, Response
from surveys.partial.models import Unfinished


def answers_of(customer_ids: tuple[int, ...]) -> tuple[int, ...]:
    mine = Response.customer_id.in_(customer_ids)
    return tuple(db.session.scalars(select(Response.id).where(mine).order_by(Response.id)))


def _forget_unfinished(person: Person) -> None:
    """What they began and did not send, under their address; and what leads to what they sent."""
    keys = [key for kind, _value, key in person.addresses if kind == "mail"]
    theirs = Unfinished.address_key.in_(keys) | among(Unfinished.response_id, person.response_ids)
    gone = delete(Unfinished).where(Unfinished.organisation_id == person.organisation_id, theirs)
    db.session.execute(gone.execution_options(synchronize_session=False))


def forget(person: Person, now: datetime) -> None:
    """Links in mails that were sent open nothing any more; the number that another system gave an answer goes too."""
    _forget_unfinished(person)
    words = [value for _kind, value, _key in person.addresses]
    forget_whoever_is_in(person.organisation_id, words, now)
    said = update(Answer).where(among(Answer.response_id, person.response_ids)).values(text=None)
    db.session.execute(said.execution_options(synchronize_session=False))
    gone = {
        "erased_at": now, "customer_id": None, "identity_id": None, "link_version": Response.link_version + 1,
        "nonce": literal("erased ").concat(cast(Response.id, String)),
    }  # fmt: skip
    forget_asked(person, now)
    answers = update(Response).where(among(Response.id, person.response_ids)).values(gone)
    db.session.execute(answers.execution_options(synchronize_session=False))
