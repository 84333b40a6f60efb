"""The form of a survey on a tablet of ours: the same questions, and what differs where the next person sees the same screen."""

from dataclasses import replace

from surveys.answering import Submission
from surveys.asking import AnswerForm
from surveys.kiosk.kiosks import SOURCE
from surveys.models import Survey, Version
from surveys.offering import offer_of
from surveys.versions import asked_in, part_of


class KioskForm(AnswerForm):
    """Nobody is anybody until they say so: how they hear begins with a page without their name."""

    def first_shown(self) -> "KioskForm":
        self.process(data={q.key: {"wants": "page"} for q in self.version.questions if q.kind == "contact"})
        return self

    def submission(self, nonce: str) -> Submission | None:
        said = super().submission(nonce)
        return replace(said, source=SOURCE, seen=self.version.number) if said else None


def on_a_tablet(survey: Survey, seen: int | None = None) -> Version | None:
    """The published questions; no hidden one, since an address says nothing of who stands there, and nothing that a browser fills in."""
    version = asked_in(survey, seen)
    if not version:
        return None
    said = part_of(version, [q for q in version.questions if q.kind != "hidden"])
    said.offer = offer_of(survey.organisation)._replace(own_browser=False)
    return said
