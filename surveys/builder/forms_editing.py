"""The form with which staff change a survey: as the one that makes it, filled with what is there."""

from wtforms import HiddenField

from surveys.builder.carrying import Asked, ever_asked, with_unseen
from surveys.builder.editing import Change, as_seen
from surveys.builder.filling import append
from surveys.builder.forms import MOST, SurveyForm
from surveys.models import Question, Survey

AGAIN = "again "
"""What stands before the key of a question that is asked again."""


class EditForm(SurveyForm):
    """Once it was opened its address stays: it stands in mails and on paper."""

    seen = HiddenField()

    def __init__(self, survey: Survey) -> None:
        super().__init__()
        self.survey = survey
        if survey.opened_at:
            del self.slug
        self.know(ever_asked(survey))

    def fill(self) -> "EditForm":
        survey = self.survey
        for language in self.codes:
            self[f"title_{language}"].data = survey.title.get(language, "")
        if self.slug:
            self.slug.data = survey.slug
        self.language.data, self.seen.data = survey.language, as_seen(survey)
        self.signer.data, self.deputy.data = survey.signer_id, survey.deputy_id or 0
        self.reply_number.data = survey.reply_hours or survey.reply_working_days
        self.reply_unit.data = "hours" if survey.reply_hours else "days"
        for question in survey.versions[-1].questions:
            self._append(question)
        return self

    def add(self, kind: str) -> str:
        """A new question, or one that was asked before."""
        if not kind.startswith(AGAIN):
            return super().add(kind)
        asked = self.known.get(kind.removeprefix(AGAIN))
        if asked not in self.retired or len(self.questions) >= MOST:
            return ""
        return self._append(asked.question)

    @property
    def retired(self) -> list[Asked]:
        """What was asked once, and is not in the form."""
        here = {row.form.key.data for row in self.questions}
        return [asked for key, asked in self.known.items() if key not in here]

    def _append(self, question: Question) -> str:
        name = append(self.questions, question)
        self.know(self.known)
        return name

    def change(self) -> Change:
        title = with_unseen(self.titles, self.survey.title)
        return Change(title, self.language.data, self.signer.data, self.deputy.data or None, self.reply,
                      self.drafts(), self.seen.data or "", self.slug.data or "" if self.slug else "")  # fmt: skip
