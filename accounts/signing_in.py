"""The session from the browser's side: what its cookie holds, and when that stops being enough."""

from datetime import datetime

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_security.utils import login_user, logout_user

from accounts import sessions
from accounts.models import Staff
from accounts.security import Colleague
from core import clock
from core.headers import vary
from core.settings import Settings

# The first sign that is found counts: each browser also claims to be those below it.
_BROWSERS = (
    ("Firefox", "Firefox"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
REFRESHED_AFTER = 60
"""Seconds; the cookie is sent again at most this often to move its last-seen."""


class Cookies(SecureCookieSessionInterface):
    """For a stranger, who brings no cookie and gets none, nothing is derived, read or signed."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session or session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            vary(response, "Cookie")


def init_cookie(app: Flask, settings: Settings) -> None:
    """`__Host-` binds the cookie to this host over https; without https a browser would refuse that name."""
    app.session_interface = Cookies()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-terugkoppel" if settings.https else "terugkoppel",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=sessions.IDLE,
    )


def enter(staff: Staff, now: datetime, by_link: bool = False) -> None:
    """Begin a session under a new key, inside `writing()`; whatever the cookie held before is dropped.

    Who came `by_link` may choose a password without the old one: that is how a forgotten one is replaced.
    """
    session.clear()
    session["key"] = sessions.start(staff.id, device(), now)
    session["seen"], session["by_link"] = now.timestamp(), by_link
    login_user(Colleague(staff), remember=False)


def leave(staff_id: int, session_id: int, now: datetime) -> None:
    """End this session, inside `writing()`, and empty the cookie."""
    sessions.end(staff_id, now, session_id)
    logout_user()
    session.clear()


def load(uniquifier: str) -> Colleague | None:
    """Who the cookie says it is, while the session lasts; Flask-Login asks this once in a request."""
    now = clock.now()
    if request.endpoint == "static" or "asked" in g or _idle(now):
        return None
    g.asked = True  # the page about a database that fails must not ask it again
    found = sessions.find(session.get("key", ""), now)
    if not found or found[1].fs_uniquifier != uniquifier:
        return None
    _seen(now)
    return Colleague(found[1], found[0].id)


def _idle(now: datetime) -> bool:
    return now.timestamp() - float(session.get("seen", 0)) > sessions.IDLE.total_seconds()


def _seen(now: datetime) -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "asked_by_the_page", False):
        return
    if now.timestamp() - session["seen"] > REFRESHED_AFTER:
        session["seen"] = now.timestamp()


def device() -> str:
    """Enough to recognise one's own telephone in a list: the browser and what it runs on."""
    agent = request.user_agent.string
    found = (next((words for sign, words in names if sign in agent), "") for names in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, found))
