"""The form behind a personal link: nothing is asked that is known, only how to hear back."""

from flask_babel import gettext as _
from wtforms import RadioField

from customers.recognising import Contact
from surveys.asking import AnswerForm, Asked
from surveys.kinds.base import choices
from surveys.models import Question, Version

HEARING = "terugkoppel-hearing"
"""The name of that choice in a survey that asks nobody who they are: by this link it is known, so whoever answers must have it."""


class InvitedForm(AnswerForm):
    """How they want to hear stands where the survey asks who somebody is, or else at the end; `address` is where mail goes.

    No address: a survey that knows nobody can write to nobody.
    """

    def __init__(self, version: Version, language: str, address: str) -> None:
        super().__init__(version, language)
        self._choice = next((q.key for q in version.questions if q.kind == "contact"), HEARING)
        self[self._choice] = RadioField(  # type: ignore[assignment]  # bound by being put there
            _("How do you want to hear what we did with your answer?"),
            choices=choices(_ways(address)),
            default=_ways(address)[0][0],
        )

    @property
    def asked(self) -> list[Asked]:
        return [*super().asked, *([self._as_asked()] if self._choice == HEARING else [])]

    def _asked(self, question: Question) -> Asked:
        return self._as_asked() if question.key == self._choice else super()._asked(question)

    def _as_asked(self) -> Asked:
        return Asked(self._choice, self[self._choice], "field", "", "", "", "")

    def _words(self, question: Question) -> list[str]:
        return [] if question.key == self._choice else super()._words(question)

    def _contact(self) -> tuple[Contact, str]:
        """Who it is stands in the link."""
        return Contact(), self[self._choice].data


def _ways(address: str) -> list[tuple[str, str]]:
    mail = [("mail", _("By mail, to %(address)s", address=masked(address)))] if address else []
    return [
        *mail,
        ("page", _("On a page of my own, without my name")),
        ("none", _("You need not report back")),
    ]


def masked(address: str) -> str:
    """Enough for its owner to know it: whoever was forwarded the mail does not learn it."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…\N{WORD JOINER}@{domain}"
