"""One person's own data: everything as one file, and erasing them."""

import json
from datetime import datetime

from flask import Response, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.access import Role, load, require
from core.db import db, writing
from core.errors import Conflict, DomainError
from customers.erasing import known_as
from customers.models import Customer
from customers.models_erasure import Erasure
from followup.exports.exporting_person import everything
from reports.erasure.erasing import counted, erase, person_of
from reports.erasure.forms import ErasureForm
from reports.views import blueprint
from surveys.erasing import answers_of


@blueprint.get("/customers/<int:customer_id>/export.json")
@require(Role.manager)
def customer_export(customer_id: int) -> Response:
    """Everything that is kept of one person, as they may ask for it."""
    person = known_as(load(Customer, customer_id))
    same = [db.session.get_one(Customer, id) for id in person.customer_ids]
    held = json.dumps(everything(same, answers_of(person.customer_ids)), ensure_ascii=False, indent=2)
    named = {
        "Content-Disposition": f'attachment; filename="customer-{customer_id}.json"',
        "Cache-Control": "no-store",
    }
    return Response(held, mimetype="application/json", headers=named)


@blueprint.get("/customers/<int:customer_id>/erasure")
@require(Role.manager)
def customer_erasure(customer_id: int) -> ResponseReturnValue:
    """What will go and what stays, before anything happens; afterwards what did."""
    customer = load(Customer, customer_id)
    return _page(customer, _form(customer))


@blueprint.post("/customers/<int:customer_id>/erasure")
@require(Role.manager)
def erase_customer(customer_id: int) -> ResponseReturnValue:
    customer = load(Customer, customer_id)
    form = _form(customer)
    if customer.erased_at:
        raise Conflict(_("This person was erased already."))
    if not form.validate() or not _erased(customer_id, form, clock.now()):
        return _page(load(Customer, customer_id), form), 422
    return redirect(url_for("reports.customer_erasure", customer_id=customer_id), 303)


def _erased(customer_id: int, form: ErasureForm, now: datetime) -> bool:
    try:
        with writing():
            erase(load(Customer, customer_id), form.reason.data or "", now)
    except Conflict:
        raise
    except DomainError as error:
        form.reason.errors = [error.sentence]
        return False
    return True


def _form(customer: Customer) -> ErasureForm:
    """A person is called by their name, and by an address where nobody gave one."""
    first = next((i.value for i in customer.identities), "")
    return ErasureForm(customer.name or first)


def _page(customer: Customer, form: ErasureForm) -> str:
    done = (
        db.session.scalar(select(Erasure).where(Erasure.customer_id == customer.id))
        if customer.erased_at
        else None
    )
    going = None if customer.erased_at else counted(person_of(customer))
    return render_template(
        "reports/erasure.html", customer=customer, form=form, going=going, done=done, timezone=g.timezone
    )
