"""The form on a respondent's own page: is it clear, does it solve it, and in their own words why not."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import Optional

from core import form_tokens
from core.errors import DomainError
from core.text import COMMENT_LIMIT, as_typed
from followup.judging import Judgement
from surveys.kinds.base import Meta, choices
from surveys.kinds.text import kept_as_typed
from surveys.models import Response

PAGE = "page"
"""The field that makes one page count once."""
QUESTIONS = {"clear": _l("Is it clear what you can expect?"), "solved": _l("Does this solve it?")}
SAYS = {"yes": True, "no": False}


class VerdictForm(BaseForm):
    """The questions that are asked now, a token, and a box for words."""

    def __init__(self, response: Response, asks: Sequence[str]) -> None:
        self.purpose, self.asks = f"verdict:{response.id}", asks
        words = TextAreaField(
            _l("What would you like to say with it?"), validators=[kept_as_typed(COMMENT_LIMIT)]
        )
        super().__init__(
            {PAGE: HiddenField(), **{name: _yes_no(name) for name in asks}, "words": words}, meta=Meta()
        )

    def blank(self, preselected: dict[str, str]) -> "VerdictForm":
        """A link in a mail may preselect an answer; only the button sends it."""
        self.process(data={name: said for name, said in preselected.items() if name in self.asks})
        self[PAGE].data = form_tokens.issue(self.purpose)
        return self

    @property
    def chosen(self) -> bool:
        """Whether an answer stands in it already."""
        return any(self[name].data in SAYS for name in self.asks)

    def judgement(self) -> Judgement | None:
        """What was said; None when something is not right, with a sentence beside it."""
        nonce, sound = self._nonce(), self.validate()
        said = {name: SAYS[self[name].data] for name in self.asks if self[name].data in SAYS}
        if sound and not said:
            self[self.asks[0]].errors = [_("Choose yes or no.")]
        if self.errors:
            return None
        return Judgement(
            said.get("clear"), said.get("solved"), as_typed(self["words"].data or "").strip(), nonce
        )

    def _nonce(self) -> str:
        try:
            return form_tokens.nonce(self.purpose, self[PAGE].data or "")
        except DomainError as error:
            self.form_errors.append(error.sentence)
            self[PAGE].data = form_tokens.issue(self.purpose)
            return ""


def _yes_no(name: str) -> Any:
    answers = choices([("yes", _("Yes")), ("no", _("No"))])
    return RadioField(QUESTIONS[name], validators=[Optional()], choices=answers)
