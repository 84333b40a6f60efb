"""Every route × method × who asks: generated from the map of routes, so that a new route is judged by itself.

What is expected follows from the least role that a route declares. A stranger gets 401, too small a role
403, a row of another organisation 404, and everybody else comes in.
"""

from typing import Any

import pytest

from core import routes
from core.access import Role
from core.origins import API
from tests.rules.matrix_rows import BODIES, BODY_IS_SEALED, Row
from tests.rules.world import FOREIGN, PROGRAMS, STAFF, World, all_routes


@pytest.mark.security("another tenant")
@pytest.mark.parametrize(("endpoint", "method", "rule"), all_routes(), ids=str)
def test_everybody_gets_what_their_role_allows(world: World, endpoint: str, method: str, rule: str) -> None:
    with world.app.app_context():
        least = routes.least_role(endpoint, method)
    address, rows = world.filled(rule)
    rows += [Row("named in the body")] if endpoint in BODY_IS_SEALED else []
    askers = PROGRAMS if rule.startswith(API) else STAFF
    expected = {
        who: outcome(least, role, any(hidden(row, who) for row in rows)) for who, role in askers.items()
    }
    assert {who: asked(world, who, endpoint, method, address) for who in askers} == expected


def hidden(row: Row, who: str) -> bool:
    return row.personal or (row.sealed and FOREIGN in who)


def outcome(least: Role | None, role: Role | None, is_hidden: bool) -> str:
    if least is None:
        return "comes in"
    if role is None:
        return "401"
    return "403" if role < least else "404" if is_hidden else "comes in"


def asked(world: World, who: str, endpoint: str, method: str, address: str) -> str:
    body: dict[str, Any] = (
        {"json": BODIES.get(endpoint, {})} if address.startswith(API) and method != "GET" else {}
    )
    status = world.ask(who, method, address, **body).status_code
    return str(status) if status in {401, 403, 404, 405} or status >= 500 else "comes in"
