"""The word and the deed: the rule in words, and the same rule in SQL over many made-up lives of a date."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from core import clock
from core.db import db, writing
from followup.models import Told
from outbox.models import Message
from promises.models import Promise, Update
from reports.word_and_deed import NOT_AN_ANSWER, Dated, Owed, days_late, deed, word
from reports.word_and_deed_sql import deeds, words
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast, added
from tests.loop import answered, opened_survey
from triage.commenting import comments_of
from triage.models import Action, Tag

TODAY = date(2026, 11, 23)
ZONE = "Europe/Amsterdam"


def on(day: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days=day)


@pytest.mark.parametrize(("due", "done", "warned", "said", "late"), [
    (5, None, False, "open", 0), (0, None, False, "open", 0), (5, None, True, "open", 0),
    (5, -1, False, "early", 0), (-2, -3, True, "early", 0), (-2, -2, False, "kept", 0), (0, 0, False, "kept", 0),
    (-2, -1, False, "broken", 1), (-2, None, False, "broken", 2), (-2, 3, False, "broken", 2),
    (-2, -1, True, "warned", 1), (-9, None, True, "warned", 9), (5, 3, False, "open", 0),
])  # fmt: skip
def test_the_deed(due: int, done: int | None, warned: bool, said: str, late: int) -> None:
    """Days from today; a day of doing that is still to come has not been."""
    dated = Dated(on(due), None if done is None else on(done), warned)
    assert (deed(dated, TODAY), days_late(dated, TODAY)) == (said, late)


def test_a_moved_date_is_never_kept_also_when_the_new_one_was_met() -> None:
    assert deed(Dated(on(-9), on(-3), warned=True), TODAY) == "warned"


def test_what_was_called_off_in_time_gets_no_later() -> None:
    assert days_late(Dated(on(-9), None, warned=True, withdrawn=True), TODAY) == 0
    assert days_late(Dated(on(-9), None, warned=False, withdrawn=True), TODAY) == 9


@pytest.mark.parametrize("how", NOT_AN_ANSWER)
def test_an_automatic_word_keeps_an_update_and_breaks_an_outcome(how: str, now: datetime) -> None:
    def said(kind: str) -> str:
        return word(Owed(kind, now, "told", how, now - timedelta(hours=1), "sent", "mail"), now)

    assert (said("update"), said("outcome")) == ("kept", "broken")


@pytest.mark.parametrize(("hours", "ended", "state", "expected"), [
    (-1, "told", "sent", "kept"), (0, "told", "sent", "kept"), (1, "told", "sent", "late"), (-1, "told", "queued", "broken"),
    (-1, "told", "bounced", "broken"), (-1, "moved", "sent", "moved"), (-1, "cancelled", None, "cancelled"), (0, None, None, "broken"),
])  # fmt: skip
def test_the_word(hours: int, ended: str | None, state: str | None, expected: str, now: datetime) -> None:
    """Hours after it was due; two hours later somebody looks."""
    said = now + timedelta(hours=hours) if ended == "told" else None
    owed = Owed("update", now, ended, "done" if ended else None, said, state, "mail" if ended else None)
    assert word(owed, now + timedelta(hours=2)) == expected


@dataclass(frozen=True, slots=True)
class Life:
    """Of one plan as one person heard of it; days from today."""

    due: int
    told: int
    later: tuple[tuple[str, int, int], ...]
    """(what was said, on which day, the date in it)"""
    done: int | None
    withdrawn: bool

    @property
    def dated(self) -> Dated:
        taken_back = any(
            day <= self.due and (kind != "moved" or new > self.due) for kind, day, new in self.later
        )
        return Dated(on(self.due), None if self.done is None else on(self.done), taken_back, self.withdrawn)


def life(chance: random.Random) -> Life:
    due = chance.randint(-12, 6)
    told = chance.randint(-20, min(due, 0))
    kinds = chance.choices(("moved", "dateless", "corrected"), k=chance.choice((0, 0, 1, 1, 2)))
    later = tuple((kind, chance.randint(told, 0), due + chance.randint(-1, 5)) for kind in kinds)
    done = chance.choice((None, None, chance.randint(told, 4), due))
    return Life(due, told, later, done, any(kind == "corrected" for kind, *_ in later))


@pytest.mark.both_databases
def test_the_deed_in_sql_says_the_same(people: Cast, now: datetime) -> None:
    chance = random.Random(20261123)
    lives = [life(chance) for _ in range(250)]
    with writing():
        response = answered(opened_survey(people, now - timedelta(days=40)), now - timedelta(days=40))
        (comment,) = comments_of(response)
        ids = {lived(one, response, comment.id, people, n): one for n, one in enumerate(lives)}
    found = {row.action_id: row for row in db.session.execute(deeds(TODAY, now))}
    for action_id, one in ids.items():
        row, expected = found[action_id], one.dated
        assert (row.due, row.deed, row.days) == (
            expected.due,
            deed(expected, TODAY),
            days_late(expected, TODAY),
        ), one
        assert bool(row.warned) == expected.warned, one
    assert len({row.deed for row in found.values()}) == 5, "each of them happens"


def lived(one: Life, response: Response, comment_id: int, people: Cast, n: int) -> int:
    """The rows of one life; the id of its action."""
    action = plan(one, people, n)
    heard(response, comment_id, action, "planned", one.told, on(one.due))
    for kind, day, new in one.later:
        if kind == "corrected":
            right = plan(one, people, n, corrects_id=action.id)
            right.kind, right.reason = "wont_do", "It cannot be done."
            heard(response, comment_id, right, "wont_do", day, None)
        else:
            heard(response, comment_id, action, "planned", day, on(new) if kind == "moved" else None)
    return action.id


def plan(one: Life, people: Cast, n: int, **values: int) -> Action:
    moment = clock.at(on(one.told), datetime.min.time(), ZONE)
    return added(
        Action(
            organisation_id=people.webshop.id, kind="planned", title=f"Plan {n}", public_note={"en": "We do it."}, owner_id=people.bob.id,
            due_on=on(one.due), done_on=None if one.done is None else on(one.done), created_at=moment,
            withdrawn_at=moment if one.withdrawn else None, **values,
        )
    )  # fmt: skip


def heard(
    response: Response, comment_id: int, action: Action, kind: str, day: int, due_on: date | None
) -> None:
    """They were told it on that day, on their page."""
    at = clock.end_of_day(on(day), ZONE) - timedelta(hours=14)
    tag = added(
        Tag(organisation_id=response.organisation_id, comment_id=comment_id, action_id=action.id, tagged_at=at, release_at=at, told_at=at)
    )  # fmt: skip
    update = said(promise(response, at, at, "told"), kind, at)
    added(Told(update=update, tag=tag, action=action, kind=kind, due_on=due_on, told_on=on(day)))


def promise(
    response: Response,
    due_at: datetime,
    ended_at: datetime | None,
    ended_as: str | None,
    kind: str = "update",
) -> Promise:
    return added(
        Promise(
            organisation_id=response.organisation_id, response=response, kind=kind, because="more", who_id=response.survey.signer_id,
            channel="mail", due_at=due_at, opened_at=due_at - timedelta(days=30), ended_at=ended_at, ended_as=ended_as,
        )
    )  # fmt: skip


def said(owed: Promise, how: str, at: datetime, message: Message | None = None) -> Update:
    return added(
        Update(
            organisation_id=owed.organisation_id, promise=owed, kind="ending", how=how, channel="mail" if message else "page",
            message=message, message_key=message.key if message else None, composed_at=at,
        )
    )  # fmt: skip


@pytest.mark.both_databases
def test_the_word_in_sql_says_the_same(people: Cast, now: datetime) -> None:
    chance, expected = random.Random(7), {}
    with writing():
        response = answered(survey := opened_survey(people, now), now)
        db.session.query(Promise).delete()
        for n in range(250):
            owed = spoken(chance, survey, response, now, n)
            row = promised(owed, response, now, n)
            expected[row.id] = word(owed, now)
    found = {row.promise_id: row.word for row in db.session.execute(words(now))}
    assert found == expected
    assert set(found.values()) == {"kept", "late", "moved", "broken", "open", "cancelled"}


def spoken(chance: random.Random, survey: Survey, response: Response, now: datetime, n: int) -> Owed:
    """One promise as it may have ended; only the last may be open, since one is open at a time."""
    due_at = now + timedelta(hours=chance.randint(-30, 20))
    ended = chance.choice(("told", "told", "told", "moved", "cancelled")) if n < 249 else None
    if ended != "told":
        return Owed("update", due_at, ended, None, None, None, None)
    channel = chance.choice(("mail", "mail", "page"))
    state = chance.choice(("sent", "sent", "queued", "bounced", "unknown")) if channel == "mail" else None
    at = now + timedelta(hours=chance.randint(-40, 5))
    return Owed(
        chance.choice(("update", "outcome")),
        due_at,
        ended,
        chance.choice(("done", *NOT_AN_ANSWER[:2])),
        at,
        state,
        channel,
    )


def promised(owed: Owed, response: Response, now: datetime, n: int) -> Promise:
    row = promise(response, owed.due_at, now if owed.ended_as else None, owed.ended_as, owed.kind)
    if owed.how and owed.said_at:
        said(row, owed.how, owed.said_at, _mail(owed, response, n) if owed.channel == "mail" else None)
    return row


def _mail(owed: Owed, response: Response, n: int) -> Message:
    assert owed.said_at
    return added(
        Message(
            organisation_id=response.organisation_id, key=f"{n:032d}", kind="update", recipient="rita@example.com", recipient_key="r", sender_name="A",
            language="en", subject="s", slot="x", created_at=owed.said_at, expires_at=owed.said_at, next_attempt_at=owed.said_at,
            state=owed.state, sent_at=owed.said_at if owed.state in {"sent", "bounced"} else None,
        )
    )  # fmt: skip
