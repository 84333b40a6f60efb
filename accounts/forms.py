"""Forms of sign-in and of one's own account. Labels and sentences are ours, judging passwords is Flask-Security's."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security.forms import (
    ChangePasswordForm,
    EmailValidation,
    EqualToLocalize,
    LoginForm,
    email_required,
    password_required,
)
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from accounts import alerts
from core import form_tokens
from core.application import LANGUAGES
from core.errors import DomainError
from core.fields import not_blank

PURPOSE = "sign-in"
LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English"}


class StrangersForm(FlaskForm):  # type: ignore[misc]
    """A form before sign-in: its token needs no cookie; `next` and `kept` lead back to where they were."""

    class Meta:
        csrf = False

    form_token = HiddenField()
    next = HiddenField()
    kept = HiddenField()

    def fresh(self) -> "StrangersForm":
        """With a new token, to be shown."""
        self.form_token.data = form_tokens.issue(PURPOSE)
        return self

    def validate(self, **kwargs: Any) -> bool:
        try:
            form_tokens.nonce(PURPOSE, self.form_token.data or "")
        except DomainError as error:
            self.form_errors = [error.sentence]
            return False
        return bool(super().validate(**kwargs))


class SignInForm(StrangersForm, LoginForm):
    """By address and password. Whatever was wrong, the sentence is the same."""

    email = EmailField(
        _l("Mail address"),
        validators=[email_required, EmailValidation()],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"), validators=[password_required], render_kw={"autocomplete": "current-password"}
    )
    remember = submit = None  # type: ignore[assignment]
    validate_next = None  # type: ignore[assignment]  # `same_site` judges it

    def validate(self, **kwargs: Any) -> bool:
        if super().validate(**kwargs):
            return True
        if self.ifield:  # somebody was looked for
            self.email.errors = self.password.errors = ()
            self.form_errors = [_("This address and this password do not belong together.")]
        return False


class LinkForm(StrangersForm):
    """By mail: a link to somebody who cannot or will not remember a password."""

    email = EmailField(
        _l("Mail address"),
        validators=[email_required, EmailValidation()],
        id="link-email",  # it stands on the page beside the other form
        render_kw={"autocomplete": "username"},
    )


class ConsumeForm(StrangersForm):
    """The button behind a link that was mailed: scanners open links, people press buttons."""


class PasswordForm(ChangePasswordForm):
    """Choose a password, or change the one there is."""

    password = PasswordField(_l("Present password"), render_kw={"autocomplete": "current-password"})
    new_password = PasswordField(
        _l("New password"), validators=[password_required], render_kw={"autocomplete": "new-password"}
    )
    new_password_confirm = PasswordField(
        _l("The new password once more"),
        validators=[password_required, EqualToLocalize("new_password", message="RETYPE_PASSWORD_MISMATCH")],
        render_kw={"autocomplete": "new-password"},
    )
    submit = None  # type: ignore[assignment]


NAME_MISSING = _l("Give the name that customers will read.")


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """How others see you, and which language the pages speak to you."""

    name = StringField(
        _l("Name"),
        description=_l("Customers read it under every message that you sign."),
        validators=[InputRequired(NAME_MISSING), not_blank(NAME_MISSING), Length(max=200)],
        render_kw={"autocomplete": "name"},
    )
    language = SelectField(
        _l("Language"), choices=[SelectChoice(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
    )
    show_swearing = BooleanField(
        _l("Show swearing"),
        description=_l(
            "Else you read its first letter and stars, until you ask for one comment as it was typed."
        ),
    )


class AlertsForm(FlaskForm):  # type: ignore[misc]
    """What one hears by mail, kind by kind; made for each kind below."""


for _kind, _words in alerts.KINDS.items():
    setattr(
        AlertsForm,
        _kind,
        RadioField(_words, choices=[SelectChoice(*how) for how in alerts.hows(_kind).items()]),
    )


def said(field: Field) -> str:
    """What was typed in a field of text."""
    return field.data or ""


def show_on(form: Form, error: DomainError) -> int:
    """Put a sentence of the house on the form that was sent; returns the status to answer with."""
    form.form_errors = [*form.form_errors, error.sentence]
    return error.status
