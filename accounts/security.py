"""Flask-Security as the engine of sign-in: it finds our staff, judges their passwords, and serves no page of its own."""

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_security.core import RoleMixin, Security, UserMixin
from flask_security.datastore import UserDatastore
from flask_security.password_util import PasswordUtil
from flask_security.utils import hash_password, logout_user
from flask_wtf import CSRFProtect
from sqlalchemy import select

from accounts import passwords
from accounts.models import Staff
from core.db import db
from core.text import search_key

__all__ = ["Colleague", "csrf", "hash_password", "init_security", "logout_user"]

csrf = CSRFProtect()

# OWASP's first choice; what the library takes by itself costs 64 MB for each sign-in at the same moment.
_ARGON2 = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}
_WORDS = {
    "EMAIL_NOT_PROVIDED": _("Give your mail address."),
    "INVALID_EMAIL_ADDRESS": _("This is not a mail address."),
    "PASSWORD_NOT_PROVIDED": _("Give a password."),
    "INVALID_PASSWORD": _("This is not your present password."),
    "PASSWORD_IS_THE_SAME": _("The new password is the same as the present one."),
    "RETYPE_PASSWORD_MISMATCH": _("The two are not the same."),
}
_CONFIG = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": _ARGON2,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {
        "check_deliverability": False,
        "test_environment": True,
        "globally_deliverable": False,
    },
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SESSION_PROTECTION": None,  # an address may change on the train; the session has a row of its own
    "REMEMBER_COOKIE_REFRESH_EACH_REQUEST": False,
    "WTF_CSRF_CHECK_DEFAULT": False,  # the gate asks for it, once it knows that someone is signed in
    "WTF_CSRF_TIME_LIMIT": None,  # a form lasts as long as the session
    "WTF_CSRF_SSL_STRICT": False,  # no page of ours sends a referrer; core.origins looks instead
    **{f"SECURITY_MSG_{name}": (words, "error") for name, words in _WORDS.items()},
}


class Colleague(UserMixin):
    """A member of staff as Flask-Security wants to see one: the models themselves import no sign-in."""

    fs_uniquifier: str = ""

    def __init__(self, staff: Staff, session_id: int = 0) -> None:
        self.id, self.name, self.email, self.password = staff.id, staff.name, staff.email, staff.password
        self.active, self.fs_uniquifier, self.roles = staff.active, staff.fs_uniquifier, []
        self.language, self.session_id, self.show_swearing = staff.language, session_id, staff.show_swearing


class StaffStore(UserDatastore):
    """Finds staff. It changes nothing: verbs do that, inside `writing()`."""

    def __init__(self) -> None:
        super().__init__(Colleague, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Colleague | None:  # noqa: ARG002
        """By one of `email` or `fs_uniquifier`; addresses are kept casefolded."""
        ((name, value),) = kwargs.items()
        wanted = search_key(value) if name == "email" else value
        staff = db.session.scalar(select(Staff).where(getattr(Staff, name) == wanted))
        return Colleague(staff) if staff else None

    def put(self, model: Any) -> Any:
        return model

    def commit(self) -> None:
        """Nothing was changed."""


class HouseRules(PasswordUtil):
    """Our own rules about passwords, in our own words."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:  # noqa: ARG002
        plain, owner = self.normalize(password), kwargs.get("user")
        own_words = [owner.name, owner.email] if owner else []
        return passwords.faults(plain, own_words) or None, plain


def init_security(app: Flask) -> Security:
    """No blueprint: its views would write in a GET and know no organisations."""
    app.config.update(_CONFIG)
    csrf.init_app(app)
    made = Security(app, StaffStore(), register_blueprint=False, password_util_cls=HouseRules)
    app.before_request_funcs[None].remove(made.principal._on_before_request)  # noqa: SLF001 - it asks who it is for rights that we judge ourselves
    return made
