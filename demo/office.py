"""What staff do on a walk, each on the page where anybody would."""

from datetime import date

from sqlalchemy import select

from core.db import db
from demo import guests
from demo.browser import Browser
from demo.guests import Guest
from demo.pages import Page
from reports.models import Report
from surveys.models import Round, Survey
from surveys.models_responses import Response
from triage.models import Comment


class Office:
    """Anna's browser, in an organisation whose slug is also its survey's."""

    def __init__(self, slug: str) -> None:
        self.slug, self.browser = slug, Browser()

    def sign_in(self, link: str) -> None:
        self.browser.send(self.browser.open(link), "/sign-in/" + link.rpartition("/")[2])

    def open_survey(self) -> None:
        """Made from the form as it stands, with a title in both languages."""
        form = self.browser.open("/surveys/new")
        made = self.browser.send(
            form, "/surveys/new", **guests.TITLES, language="nl", slug=self.slug, save="yes"
        )
        self.browser.send(made, "/opening")

    def inbox(self) -> Page:
        return self.browser.open("/inbox")

    def label(self, guest: Guest, emotion: str, theme: str) -> None:
        self.browser.send(self._desk(guest), "/labels", emotion=emotion, new_theme=theme)

    def preview(self, guest: Guest, words: dict[str, str], also: tuple[Guest, ...] = ()) -> Page:
        """What they will read of an action that is written down at this comment, for others too."""
        others = [self.comment(other).id for other in also]
        filled = {**words, "choice": "new", "kind": "done", "step": "preview", "comment_ids": others}
        return self.browser.send(self._desk(guest), "/settlement", **filled)

    def confirm(self, preview: Page) -> None:
        self.browser.send(preview, "/settlement", step="settle")

    def release(self, *who: Guest) -> None:
        """Send now."""
        for guest in who:
            for tag in self.comment(guest).live_tags:
                self.browser.send(self._desk(guest), f"/tags/{tag.id}/release")

    def approve(self, words: dict[str, str]) -> None:
        """The digest of the survey's only round."""
        round = db.session.scalars(select(Round).where(Round.survey_id == self.survey().id)).one()
        self.browser.send(self.browser.open(f"/rounds/{round.id}"), "/approval", **words)

    def ask_report(self, day: date) -> None:
        asked = {"survey": self.survey().id, "first": day, "last": day, "language": "en"}
        self.browser.send(self.browser.open("/reports"), "/reports", **asked)

    def report(self) -> Report:
        return db.session.scalars(select(Report).where(Report.survey_id == self.survey().id)).one()

    def report_file(self) -> bytes:
        return self.browser.open(f"/reports/{self.report().id}.pdf").body

    def comment(self, guest: Guest) -> Comment:
        query = select(Comment).join(Response, Response.id == Comment.response_id)
        found = db.session.scalars(query.where(Response.survey_id == self.survey().id))
        return next(c for c in found if c.text == guest.comment)

    def survey(self) -> Survey:
        return db.session.scalars(select(Survey).where(Survey.slug == self.slug)).one()

    def _desk(self, guest: Guest) -> Page:
        return self.browser.open(f"/comments/{self.comment(guest).id}")
