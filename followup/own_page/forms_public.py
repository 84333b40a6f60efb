"""The forms on a respondent's own page: what they say to it, in their own words, and how they want to hear."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import Optional, ValidationError

from core import form_tokens
from core.text import COMMENT_LIMIT, as_typed, one_line
from followup.judging import Judgement
from surveys.emotions import EMOTIONS
from surveys.kinds.base import Meta, choices
from surveys.kinds.text import kept_as_typed
from surveys.models_responses import Response

PAGE = "page"
"""The field that makes one page count once."""
QUESTIONS = {"clear": _l("Is it clear what you can expect?"), "solved": _l("Does this solve it?")}
SAYS = {"yes": True, "no": False}
PHONE, DIGITS = 40, 6
"""Characters of a phone number at most, and digits at least."""


class OwnForm(BaseForm):
    """A form of one respondent's page, with a token that is good for that form of that page only."""

    def __init__(self, purpose: str, fields: dict[str, Any]) -> None:
        self.purpose = purpose
        super().__init__({PAGE: HiddenField(), **fields}, meta=Meta())

    def fill(self, **data: Any) -> None:
        """As it stands on a page that is opened: the token is fresh."""
        self.process(data=data)
        self[PAGE].data = form_tokens.issue(self.purpose)

    def nonce(self) -> str:
        """Empty, with a sentence on top, for a token that is not ours."""
        nonce = form_tokens.nonce_or_say(self.purpose, self[PAGE].data or "", self.form_errors)
        if not nonce:
            self[PAGE].data = form_tokens.issue(self.purpose)
        return nonce


class VerdictForm(OwnForm):
    """The questions that are asked now, a box for words and, before a second no, where they may be called."""

    def __init__(self, response: Response, asks: Sequence[str], *, offers_call: bool = False) -> None:
        self.asks = asks
        words = TextAreaField(
            _l("What would you like to say with it?"), validators=[kept_as_typed(COMMENT_LIMIT)]
        )
        emotion = {"emotion": _emotion()} if "solved" in asks else {}
        phone = {"phone": _phone()} if offers_call else {}
        super().__init__(
            f"verdict:{response.id}",
            {**{name: _yes_no(name) for name in asks}, **emotion, "words": words, **phone},
        )

    def blank(self, preselected: dict[str, str]) -> "VerdictForm":
        """A link in a mail may preselect an answer; only the button sends it."""
        self.fill(**{name: said for name, said in preselected.items() if name in self.asks})
        return self

    @property
    def chosen(self) -> bool:
        """Whether an answer stands in it already."""
        return any(self[name].data in SAYS for name in self.asks)

    def judgement(self) -> Judgement | None:
        """What was said; None when something is not right, with a sentence beside it."""
        nonce, sound = self.nonce(), self.validate()
        said = {name: SAYS[self[name].data] for name in self.asks if self[name].data in SAYS}
        if sound and not said:
            self[self.asks[0]].errors = [_("Choose yes or no.")]
        if self.errors:
            return None
        return Judgement(
            said.get("clear"), said.get("solved"), as_typed(self["words"].data or "").strip(), nonce,
            emotion=self._typed("emotion") or None, phone=self._typed("phone"),
        )  # fmt: skip

    def _typed(self, name: str) -> str:
        return (self[name].data or "").strip() if name in self else ""


def _yes_no(name: str) -> Any:
    answers = choices([("yes", _("Yes")), ("no", _("No"))])
    return RadioField(QUESTIONS[name], validators=[Optional()], choices=answers)


def _emotion() -> Any:
    nothing = ("", _("I would rather not say"))
    felt = choices([nothing, *EMOTIONS.items()])
    return SelectField(_l("How do you feel about it now?"), validators=[Optional()], choices=felt)


def _phone() -> Any:
    return StringField(_l("If not: may we call you?"), filters=[_on_one_line], validators=[_can_be_called])


def _on_one_line(text: str | None) -> str:
    return one_line(text or "", 200)


def _can_be_called(_form: Any, field: Field) -> None:
    number = field.data or ""
    if number and (len(number) > PHONE or sum(c.isdigit() for c in number) < DIGITS):
        raise ValidationError(_("This is not a phone number. An example is 043 123 45 67."))
