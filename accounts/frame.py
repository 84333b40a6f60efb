"""What stands around every staff page: the rooms, the organisation, the person, and what is wrong with this installation."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from sqlalchemy import exists, select

from core import clock, jobs
from core.access import Role
from core.db import db
from core.settings import settings
from outbox.models import MailHold

UNDER = {
    "/comments": "/inbox", "/large-steps": "/inbox", "/bulk": "/inbox", "/calls": "/promises", "/letters": "/promises",
    "/responses": "/ledger", "/rounds": "/surveys", "/imports": "/surveys", "/invitation-lists": "/surveys", "/themes": "/actions",
}  # fmt: skip
"""The room that a page lies in, where its address does not say so."""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str


def init_frame(app: Flask) -> None:
    app.context_processor(frame)


def frame() -> dict[str, Any]:
    """The names that templates/base_staff.html asks for; nothing for a stranger."""
    access, place = g.get("access"), g.get("workplace")
    if not access or not place:
        return {}
    if "banners" not in g:
        g.banners = _banners(clock.now())
    return {
        "organisation": place,
        "organisations": [(w.id, w.name) for w in g.workplaces],
        "person": Person(access.actor, role_words(access.role)),
        "language": g.language,
        "nav": _rooms(),
        "banners": g.banners,
    }


def role_words(role: Role) -> str:
    return {
        Role.viewer: _("viewer"),
        Role.agent: _("agent"),
        Role.manager: _("manager"),
        Role.admin: _("admin"),
    }[role]


def all_roles() -> dict[str, str]:
    """The word of each role, by its name in the database."""
    return {role.name: role_words(role) for role in Role}


def _rooms() -> list[tuple[str, str, bool]]:
    """(label, address, whether this page lies in it) of the rooms that this installation has."""
    rooms = [
        ("/inbox", _("Inbox")), ("/actions", _("Actions")), ("/promises", _("Promises")), ("/ledger", _("Who was told")),
        ("/customers", _("Customers")), ("/surveys", _("Surveys")), ("/reports", _("Reports")),
        ("/mailbox", _("Mailbox")), ("/settings", _("Settings")),
    ]  # fmt: skip
    known = {rule.rule for rule in current_app.url_map.iter_rules()}
    here = f"/{request.path.split('/')[1]}"
    return [(label, path, path == UNDER.get(here, here)) for path, label in rooms if path in known]


def _banners(now: datetime) -> list[tuple[str, str]]:
    """(kind, the page where it can be mended)"""
    held = db.session.scalar(select(exists().where(MailHold.released_at.is_(None))))
    wrong = {
        "not_https": not settings().https and not _is_this_machine(),
        "no_smtp": not settings().smtp_url,
        "mail_hold": held,
        "clock_stopped": bool(jobs.stopped(current_app.extensions["ticks"], now)),
        "demo": g.workplace.demo,
    }
    pages = {"no_smtp": "/mailbox", "mail_hold": "/mailbox"}
    return [(kind, pages.get(kind, "")) for kind, so in wrong.items() if so]


def _is_this_machine() -> bool:
    """Nobody else is on the network between a browser and its own machine."""
    host = urlsplit(settings().address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
