"""The form behind a personal link: nothing is asked that is known, only how to hear back."""

from flask_babel import gettext as _
from wtforms import RadioField

from customers.recognising import Contact
from surveys.asking import AnswerForm, Asked
from surveys.kinds.base import choices
from surveys.models import Question, Version


class InvitedForm(AnswerForm):
    """Where the survey asks who somebody is, it asks how they want to hear: `address` is where mail goes."""

    def __init__(self, version: Version, language: str, address: str) -> None:
        super().__init__(version, language)
        for question in self._contacts():
            self[question.key] = RadioField(  # type: ignore[assignment]  # bound by being put there
                _("How do you want to hear what we did with your answer?"),
                choices=choices(self._ways(address)),
                default="mail",
            )

    def _contacts(self) -> list[Question]:
        return [q for q in self.version.questions if q.kind == "contact"]

    def _ways(self, address: str) -> list[tuple[str, str]]:
        return [
            ("mail", _("By mail, to %(address)s", address=masked(address))),
            ("page", _("On a page of my own, without my name")),
            ("none", _("You need not report back")),
        ]

    def _asked(self, question: Question) -> Asked:
        asked = super()._asked(question)
        if question.kind != "contact":
            return asked
        return Asked(asked.key, asked.field, "field", asked.help, "", "", asked.only_after)

    def _words(self, question: Question) -> list[str]:
        return [] if question.kind == "contact" else super()._words(question)

    def _contact(self) -> tuple[Contact, str]:
        """Who it is stands in the link."""
        return Contact(), next((self[q.key].data for q in self._contacts()), "mail")


def masked(address: str) -> str:
    """Enough for its owner to know it: whoever was forwarded the mail does not learn it."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
