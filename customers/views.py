"""The list of customers; the page of one of them lies higher, where it is known how each answer stands."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from core.access import Role, require
from core.ids import row_id
from customers import queries

blueprint = Blueprint("customers", __name__)


@blueprint.get("/customers")
@require(Role.viewer)
def customers_page() -> ResponseReturnValue:
    """Newest first; `?q=` looks in names and addresses."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:200]
    before = request.args.get("before", type=row_id)
    return render_template(
        "customers/customers.html", listed=queries.page(words, before, g.timezone), words=words
    )
