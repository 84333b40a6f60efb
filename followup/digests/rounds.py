"""A round's digest: "you said, we did", for everyone who gave a score and no words."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, exists, func, or_, select

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from core.text import as_typed
from followup.digests.actions import keep_told
from followup.digests.corrections import below_it, put_right_beforehand
from followup.digests.drafting import drafts
from followup.digests.models import PublishedAction
from followup.digests.round_deeds import done_in
from followup.models import LargeStep
from followup.reaching import Hearers, hearers
from followup.readiness import bare_score
from promises.models import Promise
from surveys.models import Round
from surveys.models_responses import Response
from triage.models import Comment

DIGEST = 5000
"""Characters of a digest in one language."""


def approve(
    round: Round,
    words: Mapping[str, str],
    by_id: int | None,
    now: datetime,
    publish: Collection[int] | None = None,
    tells: Collection[int] | None = None,
) -> None:
    """From now on everyone who gave only a score hears these words, else those that were kept, else the draft.

    `publish` holds the ids of the actions that may stand on the public page; unless said those that answer
    more than one comment: what was written for one person may show who that is. `tells` holds those that the
    words tell; unless said those whose own words stand there, and those that everybody may read.
    Conflict when it was approved before, DomainError when there is nothing to say in the survey's language.
    """
    complete(round, words, now, publish, tells)
    round.approved_at, round.approved_by_id = now, by_id
    put_right_beforehand(round, now)
    audit.record("round.approved", round, now)


def complete(
    round: Round, words: Mapping[str, str], now: datetime, publish: Collection[int] | None = None,
    tells: Collection[int] | None = None,
) -> None:  # fmt: skip
    """Words that can be approved; DomainError when there are none in the survey's language."""
    write(round, words or round.digest or drafts(round), now, publish, tells)
    if not round.digest.get(round.survey.language):
        raise DomainError(_("Write the digest in the language of the survey first."))


def write(
    round: Round, words: Mapping[str, str], now: datetime, publish: Collection[int] | None = None,
    tells: Collection[int] | None = None,
) -> None:  # fmt: skip
    """Keep the words of a digest that nobody has read yet; language → words, empty ones left out.

    What may stand on the public page is chosen with the first words; later only where `publish` says so.
    """
    if round.approved_at:
        raise Conflict(_("This digest was approved already; people have been told."))
    if waiting_step(round):
        raise Conflict(
            _("This digest waits for a manager's second look. Until then its words stay as they are.")
        )
    if publish is not None or not round.digest:
        _publish(round, publish)
    said = {language: as_typed(text, DIGEST).strip() for language, text in words.items() if text.strip()}
    keep_told(round, said, tells)
    round.digest = said
    audit.record("round.written", round, now)


def waiting_step(round: Round) -> LargeStep | None:
    """The step by which it was approved, while that waits for a second look."""
    query = select(LargeStep).where(LargeStep.round_id == round.id, LargeStep.decided_at.is_(None))
    return db.session.scalar(query)


def _publish(round: Round, publish: Collection[int] | None) -> None:
    """Instead of what was chosen before."""
    for old in db.session.scalars(select(PublishedAction).where(PublishedAction.round_id == round.id)):
        db.session.delete(old)
    db.session.flush()
    done = [d for d in done_in(round) if d.action.kind != "thanks"]
    chosen = [d.action.id for d in done if (d.comments > 1 if publish is None else d.action.id in publish)]
    db.session.add_all(PublishedAction(round_id=round.id, action_id=id) for id in chosen)


def words_for(response: Response, words: Mapping[str, str]) -> str:
    """In the respondent's language where somebody wrote it, else in the survey's, else in any there is.

    What was put right since it was first told stands below it.
    """
    own = words.get(response.language) or words.get(response.survey.language)
    said = own or next(iter(words.values()), "")
    return "\n\n".join(part for part in (said, below_it(response)) if part)


def will_hear(round: Round) -> dict[str, int]:
    """channel → how many answers wait for this digest: a score, no words, not heard before."""
    query = select(Promise.channel, func.count(Promise.id)).join(Response, Response.id == Promise.response_id)
    return dict(db.session.execute(query.where(*_waiting(round)).group_by(Promise.channel)).all())


def falls_due(round: Round) -> datetime | None:
    """When the first of those who wait was promised a word; None when nobody waits."""
    query = select(func.min(Promise.due_at)).join(Response, Response.id == Promise.response_id)
    return db.session.scalar(query.where(*_waiting(round)))


def those_who_wait(round: Round, after: datetime | None = None) -> Select[Any]:
    """Ids of their responses; `after`: only of those who were promised a word later than that."""
    query = select(Promise.response_id).join(Response, Response.id == Promise.response_id)
    query = query.where(*_waiting(round))
    return query.where(Promise.due_at > after) if after else query


def _waiting(round: Round) -> tuple[Any, ...]:
    return Response.round_id == round.id, Promise.is_open, bare_score()


def reached(round: Round) -> Hearers:
    """Whom the digest reaches, and who gave only a score and will not hear it, with the reason."""
    apart = or_(
        Response.declined_at.is_not(None), Response.erased_at.is_not(None), Response.history.is_(True)
    )
    silent = select(Response.id).where(
        Response.round_id == round.id,
        Response.is_test.is_(False),
        apart,
        ~exists().where(Comment.response_id == Response.id),
    )
    both = those_who_wait(round).union(silent).subquery()
    return hearers(round.organisation_id, select(both.c[0]))
