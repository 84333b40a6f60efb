"""Who may see and do what. Deny by default: a route says `public` or the least role it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from flask import abort, g
from sqlalchemy import Select, select

from core.db import db
from core.ids import LAST

P = ParamSpec("P")
R = TypeVar("R")


class Role(IntEnum):
    viewer = 1
    agent = 2
    manager = 3
    admin = 4


@dataclass(frozen=True, slots=True)
class Access:
    """Who is asking: an organisation, a role in it, and the person where there is one (not for a key)."""

    organisation_id: int
    role: Role
    staff_id: int | None
    actor: str


def asked_by_the_page(view: Callable[P, R]) -> Callable[P, R]:
    """A page asks this again and again by itself: it is no sign that somebody is at the desk, and keeps nobody signed in."""
    view.asked_by_the_page = True  # type: ignore[attr-defined]
    return view


class Sealed(Protocol):
    """A row that belongs to one organisation."""

    id: Any
    organisation_id: Any


S = TypeVar("S", bound=Sealed)


def access() -> Access:
    """The access of this request; 401 when nobody is signed in."""
    held: Access | None = g.get("access")
    return held or abort(401)


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Strangers may come here."""
    view.least_role = None  # type: ignore[attr-defined]
    return view


def require(least: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Staff and API keys of at least this role; 401 for a stranger, 403 for too small a role."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if access().role < least:
                abort(403)
            return view(*args, **kwargs)

        guarded.least_role = least  # type: ignore[attr-defined]
        return guarded

    return guard


def load(model: type[S], id: int) -> S:
    """The row of this organisation; 404 when it is another's or nobody's, and they look alike."""
    found = db.session.scalar(own(model).where(model.id == id)) if id <= LAST else None
    return found or abort(404)


def own(model: type[S]) -> Select[S]:
    """All rows of the organisation that is asking."""
    return select(model).where(model.organisation_id == access().organisation_id)


def allowed(least: Role) -> bool:
    """Whether the one who asks may do this: for what a page offers, never instead of `require`."""
    return access().role >= least
