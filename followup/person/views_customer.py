"""One customer on one page: every address, how they want to hear, all that was said and done; and being the same person as another."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from core import clock
from core.access import Role, allowed, load, own, require
from core.db import db
from core.fields import not_blank
from core.ids import row_id
from core.saying import written
from customers import merging, queries
from customers.models import Customer
from customers.models_merging import Merge
from customers.queries import Line, line
from followup.joined.joining import part_strangers
from followup.joined.views import stand_apart
from followup.person.persons import KINDS, Cursor, Entry, timeline, titled, wishes
from followup.views import blueprint
from promises.models import Promise
from promises.standing import standing_sql
from surveys.models_responses import Response
from triage.forms import choices

LIKELY = 10
WHY = _l("Say why: whoever looks at it later must be able to judge.")


class MergeForm(FlaskForm):  # type: ignore[misc]
    """Who they are, and why somebody thinks so."""

    into = RadioField(_l("This is the same person as"), validate_choice=False)
    reason = TextAreaField(
        _l("Why"), validators=[InputRequired(WHY), not_blank(WHY), Length(max=merging.REASON)], render_kw={"rows": 2}
    )  # fmt: skip

    def validate_into(self, field: Field) -> None:
        try:
            row_id(str(field.data))
        except ValueError:
            raise ValidationError(_("Choose somebody, or look for them first.")) from None


class UnmergeForm(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(
        _l("Why"), validators=[InputRequired(WHY), not_blank(WHY), Length(max=merging.REASON)], render_kw={"rows": 2}
    )  # fmt: skip


@blueprint.get("/customers/<int:customer_id>")
@require(Role.viewer)
def customer_page(customer_id: int) -> ResponseReturnValue:
    """`?before=` goes on where a page of the list ended."""
    customer = load(Customer, customer_id)
    if customer.merged_into_id:
        return redirect(url_for("followup.customer_page", customer_id=customer.merged_into_id))
    return _page(customer, UnmergeForm(formdata=None))


def _page(customer: Customer, form: UnmergeForm) -> str:
    ids = merging.ids_of(customer)
    listed = timeline(ids, _cursor(request.args.get("before", "")))
    return render_template(
        "followup/customer.html", line=line(customer, g.timezone), listed=listed, stands=_stands(listed.entries), titled=titled, due=_due,
        wishes=wishes(ids, customer.language), merges=merging.merges_of(customer), form=form, before=_written(listed.next),
        may_manage=allowed(Role.manager),
    )  # fmt: skip


def _cursor(said: str) -> Cursor | None:
    """None for what is none: the list begins anew."""
    try:
        at, kind, number = said.split("_")
        return datetime.fromisoformat(at).astimezone(), KINDS.index(kind), row_id(number)
    except (ValueError, OverflowError):
        return None


def _written(cursor: Cursor | None) -> str:
    if not cursor:
        return ""
    at, kind, number = cursor
    return f"{at.isoformat().replace('+00:00', 'Z')}_{KINDS[kind]}_{number}"


@dataclass(frozen=True, slots=True)
class Stand:
    """`state` and `why` as in the ledger, `due_on` when a word is owed."""

    state: str
    why: str
    due_on: date | None


def _stands(entries: list[Entry]) -> dict[int, Stand]:
    """response → where it stands; a test has no standing."""
    ids = [e.response_id for e in entries if e.kind == "answer"]
    rows = db.session.execute(standing_sql().where(Response.id.in_(ids)))
    return {row.response_id: Stand(row.state, row.why, _day(row.due_at)) for row in rows}


def _due(promise: Promise) -> date | None:
    return promise.due_on or _day(promise.due_at)


def _day(moment: datetime | None) -> date | None:
    return clock.local_date(moment, g.timezone) if moment else None


@blueprint.get("/customers/<int:customer_id>/merge")
@require(Role.manager)
def customer_merge(customer_id: int) -> str:
    """`?q=` looks for somebody by name, address or number; else whoever has the same name is offered."""
    return _merge_page(load(Customer, customer_id), MergeForm(formdata=None))


def _merge_page(customer: Customer, form: MergeForm) -> str:
    words = request.args.get("q", "").replace("\x00", "").strip()[:200]
    found = [one for one in _offered(customer, words) if one.id not in merging.ids_of(customer)]
    form.into.choices = choices([(str(one.id), _described(one)) for one in found])
    return render_template(
        "followup/customer_merge.html", line=line(customer, g.timezone), form=form, words=words, found=found
    )


def _offered(customer: Customer, words: str) -> list[Line]:
    """Whoever is looked for, or has the same name."""
    if words:
        return queries.page(words, None, g.timezone).lines[: 2 * LIKELY]
    if not customer.name:
        return []
    twins = own(Customer).where(
        Customer.merged_into_id.is_(None), Customer.erased_at.is_(None), Customer.name == customer.name
    )
    return [line(c, g.timezone) for c in db.session.scalars(twins.order_by(Customer.id).limit(LIKELY))]


def _described(one: Line) -> str:
    return " · ".join([one.name or _("Somebody without a name"), *(a.value for a in one.addresses)])


@blueprint.post("/customers/<int:customer_id>/merge")
@require(Role.manager)
def merge_customer(customer_id: int) -> ResponseReturnValue:
    """Both are one person from then on."""
    customer, form = load(Customer, customer_id), MergeForm()
    if not form.validate():
        return _merge_page(customer, form), 422
    into = load(Customer, row_id(form.into.data))
    with written(_("They are one person now. Nothing was moved: it can be taken back.")):
        merging.merge(
            load(Customer, customer_id), load(Customer, into.id), form.reason.data or "", clock.now()
        )
    return redirect(url_for("followup.customer_page", customer_id=customer_id), 303)


@blueprint.post("/merges/<int:merge_id>/undoing")
@require(Role.manager)
def unmerge_customer(merge_id: int) -> ResponseReturnValue:
    """They are two again."""
    made, form = load(Merge, merge_id), UnmergeForm()
    if not form.validate():
        return _page(load(Customer, made.customer.merged_into_id or made.customer_id), form), 422
    customer_id = made.customer_id
    with written(_("They are two people again.")) as said:
        made, now = load(Merge, merge_id), clock.now()
        both = merging.ids_of(made.into)
        merging.unmerge(made, form.reason.data or "", now)
        if parted := part_strangers(both, now):
            said.append(stand_apart(parted))
    return redirect(url_for("followup.customer_page", customer_id=customer_id), 303)
