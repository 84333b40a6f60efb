"""Who and what is on stage: the rows behind the script's keys, and who is acting."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import g

from accounts.models import Staff
from accounts.presence import membership
from core.access import Access, Role
from core.db import db
from core.models import Organisation
from demo.days import Days
from demo.reading import Script
from demo.texts import Deed, Remark, Sheet
from surveys.models import Survey
from surveys.models_responses import Response
from triage.commenting import comments_of
from triage.models import Action, Comment
from triage.themes.models import Theme


@dataclass(frozen=True, slots=True)
class Stage:
    """Ids by the script's keys, filled in as the play goes on."""

    script: Script
    days: Days
    organisations: dict[str, int] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)
    themes: dict[tuple[str, str], int] = field(default_factory=dict)
    surveys: dict[str, int] = field(default_factory=dict)
    actions: dict[str, int] = field(default_factory=dict)
    responses: dict[str, int] = field(default_factory=dict)

    def organisation(self, slug: str) -> Organisation:
        return db.session.get_one(Organisation, self.organisations[slug])

    def survey(self, slug: str) -> Survey:
        return db.session.get_one(Survey, self.surveys[slug])

    def action(self, key: str) -> Action:
        return db.session.get_one(Action, self.actions[key])

    def response(self, key: str) -> Response:
        return db.session.get_one(Response, self.responses[key])

    def comments(self, keys: list[str]) -> list[Comment]:
        return [comment for key in keys for comment in comments_of(self.response(key))]

    def labels(self, remark: Remark) -> list[Theme]:
        slug = self.sheet(remark.survey).organisation
        return [db.session.get_one(Theme, self.themes[slug, key]) for key in remark.themes]

    def name(self, key: str) -> str:
        return next(c.name for c in self.script.staff if c.key == key)

    def sheet(self, slug: str) -> Sheet:
        return next(s for s in self.script.survey if s.slug == slug)

    def deed(self, key: str) -> Deed:
        return next(d for d in self.script.deeds if d.key == key)

    def remark(self, key: str) -> Remark:
        return next(r for r in self.script.remarks if r.key == key)

    @contextmanager
    def as_staff(self, key: str) -> Iterator[None]:
        """What is done inside is written to this colleague's name, as their pages would."""
        colleague = next(c for c in self.script.staff if c.key == key)
        here = self.organisations[colleague.organisation]
        held = membership(here, self.staff[key])
        person = db.session.get_one(Staff, self.staff[key])
        g.access = Access(here, Role[held.role] if held else Role.agent, person.id, person.name)
        try:
            yield
        finally:
            del g.access
