"""A message to one respondent is an outcome like any other, in a colleague's own words, for nobody else."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import DomainError
from followup.beside import Wish
from followup.composing import compose_due
from followup.corrections.retelling import compose_corrections
from followup.digests.drafting import draft
from followup.digests.round_deeds import done_in
from followup.history import history
from followup.person.writing_to_one import write_to
from followup.steps.stepping import take_correction, take_done, take_tags
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.standing import of as standing
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, labelled, said
from tests.each import each
from tests.loop import decided, promises_of
from tests.pages import Page, get, send
from triage.acting import Decision
from triage.models import Action, Comment, Tag
from triage.tagging import undo

HOLD = timedelta(minutes=15)
WORDS = "The courier apologised to us for leaving your box in the rain, and now rings the bell first."
LATER = timedelta(hours=1)


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    return said(survey, now)


def written(
    people: Cast, comment: Comment, now: datetime, kind: str = "done", words: str = WORDS, wish: Wish | None = None, **values: Any
) -> Tag | None:  # fmt: skip
    """By Bob, to the person of this comment."""
    values.setdefault("due_on", now.date() + timedelta(days=7) if kind == "planned" else None)
    decision = Decision(
        kind, "Message to one person", people.bob.id, {comment.response.language: words}, **values
    )
    with writing():
        taken = write_to(comment, decision, people.bob.id, wish or Wish(), HOLD, now.date(), now)
    return taken.tags[0] if taken.tags else None


def mails() -> list[Message]:
    found = select(Message).where(Message.kind.in_(("update", "correction"))).order_by(Message.id)
    return list(db.session.scalars(found))


@pytest.mark.both_databases
def test_it_is_held_told_once_quoted_and_signed_by_who_wrote_it(
    people: Cast, comment: Comment, now: datetime
) -> None:
    written(people, comment, now)
    assert compose_due(now) == 0, "held"
    assert compose_due(now + HOLD) == 1
    assert compose_due(now + LATER) == 0
    (mail,) = mails()
    assert (mail.sender_name, mail.recipient) == ("Bob Bakker · Webshop", "rita@example.com"), (
        "not Alice, who signs the survey"
    )
    for body in (mail.text, mail.html):
        assert WORDS in body
        assert "The box was torn." in body, "their own words"
    assert "Bob Bakker\nWebshop" in mail.text


def test_it_ends_the_promise_and_is_counted_by_its_kind(
    people: Cast, comment: Comment, now: datetime
) -> None:
    tag = written(people, comment, now, "wont_do", reason="It costs more than it saves.")
    compose_due(now + HOLD)
    (promise,) = promises_of(comment.response)
    assert (promise.ended_as, promise.updates[-1].how) == ("told", "wont_do")
    assert tag is not None and tag.told_at == now + HOLD  # noqa: PT018
    assert "The reason: It costs more than it saves." in mails()[0].text


def test_told_by_hand_it_keeps_the_ledger_whole(people: Cast, comment: Comment, now: datetime) -> None:
    written(people, comment, now, "thanks")
    compose_due(now + HOLD)
    assert standing(comment.response).state == "promised", "until the mail is sent"
    assert ledger(Scope(people.webshop.id)).adds_up


def test_a_plan_says_what_who_and_when_and_owes_its_outcome(
    people: Cast, comment: Comment, now: datetime
) -> None:
    written(people, comment, now, "planned", "Alice rings you about a new box.")
    compose_due(now + HOLD)
    day = now.date() + timedelta(days=7)
    assert f"Planned for {day.day} {day:%B %Y}, by Bob Bakker" in mails()[0].text
    owed = promises_of(comment.response)[-1]
    assert (owed.kind, owed.due_on, owed.who_id) == ("outcome", day, people.bob.id)


def test_a_plan_that_is_done_is_told_as_done(people: Cast, comment: Comment, now: datetime) -> None:
    tag = written(people, comment, now, "planned", "Alice rings you about a new box.")
    compose_due(now + HOLD)
    assert tag
    with writing():
        take_done(tag.action, now.date(), people.bob.id, now + LATER)
    compose_due(now + LATER)
    assert "Done on" in mails()[-1].text
    assert mails()[-1].sender_name == "Bob Bakker · Webshop"


def test_it_can_be_undone_while_it_is_held(people: Cast, comment: Comment, now: datetime) -> None:
    tag = written(people, comment, now)
    assert tag
    with writing():
        undo(tag, now)
    assert compose_due(now + LATER) == 0
    assert promises_of(comment.response)[0].is_open, "a word is owed still"


def test_put_right_it_stays_between_the_two_of_them(people: Cast, comment: Comment, now: datetime) -> None:
    tag = written(people, comment, now)
    compose_due(now + HOLD)
    assert tag
    with writing():
        right = decided(people, now, "wont_do", words={"en": "The courier did not apologise."})
        right.corrects_id = tag.action_id
        take_correction(tag.action, right, people.alice.id, now + LATER)
    assert (right.comment_id, right.signed_by_id) == (comment.id, people.alice.id)
    compose_corrections(now + LATER)
    assert mails()[-1].kind == "correction"
    assert mails()[-1].sender_name == "Alice Adams · Webshop"


def test_it_is_offered_to_nobody_else(
    bob: Colleague, people: Cast, comment: Comment, survey: Survey, now: datetime
) -> None:
    tag = written(people, comment, now)
    assert tag
    other = said(survey, now, "Mine too.", email="other@example.com")
    assert "Message to one person" not in get(bob, "/actions").words
    assert "Message to one person" not in get(bob, "/inbox").words
    assert "Message to one person" not in get(bob, f"/comments/{other.id}").words
    forged = {"choice": str(tag.action_id), "step": "preview"}
    assert bob.post(f"/comments/{other.id}/settlement", data=forged).status_code == 422
    both = {"comment_ids": [other.id], "action_id": tag.action_id}
    assert bob.post("/tags", data=both).status_code == 422
    with pytest.raises(DomainError, match="written to one person"), writing():
        take_tags([comment, other], tag.action, people.bob.id, HOLD, now.date(), now)


def test_it_is_in_no_digest(people: Cast, comment: Comment, now: datetime) -> None:
    written(people, comment, now)
    assert done_in(comment.response.round) == []
    assert WORDS not in draft(comment.response.round, "en")


def test_its_words_in_a_digest_by_chance_are_not_put_right_there(
    people: Cast, comment: Comment, now: datetime
) -> None:
    from followup.digests.corrections import said_in_digests

    tag = written(people, comment, now, words="Thank you.")
    assert tag
    with writing():
        round = comment.response.round
        round.digest, round.approved_at = {"en": "Thank you. We read it all."}, now
    assert said_in_digests(tag.action) == set()


@pytest.mark.both_databases
def test_a_second_click_says_nothing_twice(people: Cast, comment: Comment, now: datetime) -> None:
    assert written(people, comment, now)
    assert written(people, comment, now) is None
    compose_due(now + HOLD)
    assert written(people, comment, now + LATER) is None, "nor after it was told"
    assert db.session.scalars(select(Action)).all()[1:] == []


def test_what_was_undone_may_be_written_again(people: Cast, comment: Comment, now: datetime) -> None:
    tag = written(people, comment, now)
    assert tag
    with writing():
        undo(tag, now)
    assert written(people, comment, now)


def test_where_the_writer_left_somebody_else_signs_and_their_name_stands_below_their_words(
    people: Cast, comment: Comment, now: datetime
) -> None:
    from accounts.models import Membership

    written(people, comment, now)
    with writing():
        held = db.session.scalars(select(Membership).where(Membership.staff_id == people.bob.id)).one()
        held.left_at = now
    compose_due(now + HOLD)
    assert mails()[0].sender_name == "Alice Adams · Webshop"
    assert f"{WORDS}\n– Bob Bakker" in mails()[0].text
    assert "– Bob Bakker" in mails()[0].html


def test_it_is_in_the_history_of_both(people: Cast, comment: Comment, now: datetime) -> None:
    written(people, comment, now)
    compose_due(now + HOLD)
    told = [words for words, _who, _at in history(comment.response, promises_of(comment.response))]
    assert any("Done: what we changed after your answer" in words for words in told)


def test_who_reads_on_their_own_page_reads_who_wrote(people: Cast, survey: Survey, now: datetime) -> None:
    comment = said(survey, now, wants="page")
    written(people, comment, now)
    compose_due(now + HOLD)
    (promise,) = promises_of(comment.response)
    assert promise.updates[-1].words.endswith(f"{WORDS}\n– Bob Bakker")


FORM = {"kind": "done", "note_en": WORDS}


def filled(people: Cast, **values: str) -> dict[str, str]:
    return {**FORM, "owner": str(people.bob.id), **values}


def test_it_is_written_on_a_page_of_its_own_and_read_first(
    bob: Colleague, people: Cast, comment: Comment
) -> None:
    labelled(comment, emotion="frustrated")
    page = get(bob, get(bob, f"/comments/{comment.id}").links()["Write to this person only"])
    assert page.heading == "Write to Rita Ritsema"
    assert "The box was torn." in page.words
    assert {"note_en", "kind"} & set(form_to(page, f"/comments/{comment.id}/message")) == {"note_en"}, (
        "only her language"
    )
    address = f"/comments/{comment.id}/message"
    shown = Page(bob.post(address, data=filled(people) | {"step": "preview"}))
    assert WORDS in shown.words
    assert "Bob Bakker" in shown.words
    assert db.session.scalars(select(Tag)).all() == [], "nothing is kept"
    edited = Page(bob.post(address, data={**form_to(shown, address), "step": "edit"}))
    assert form_to(edited, address)["note_en"] == WORDS
    answer = bob.post(address, data={**form_to(shown, address), "step": "settle"})
    assert answer.location == f"/comments/{comment.id}"
    (tag,) = db.session.scalars(select(Tag))
    assert (tag.action.comment_id, tag.action.signed_by_id, tag.action.title) == (
        comment.id,
        people.bob.id,
        "Message to one person",
    )
    assert WORDS in get(bob, f"/comments/{comment.id}").words


@each(
    ("values", "field"),
    [
        ({"kind": ""}, "kind"), ({"note_en": " "}, "note_en"), ({"kind": "planned"}, "due_on"), ({"kind": "wont_do"}, "reason"),
        ({"note_en": "We come back to you soon."}, "note_en"), ({"owner": "99999"}, "owner"), ({"thanks_to": "99999"}, "thanks_to"),
        ({"kind": "planned", "due_on": "2026-12-05"}, "due_on"),
    ],
)  # fmt: skip
def test_each_mistake_stands_beside_its_field_and_nothing_is_lost(
    bob: Colleague, people: Cast, comment: Comment, values: dict[str, str], field: str
) -> None:
    page = Page(bob.post(f"/comments/{comment.id}/message", data=filled(people) | values))
    assert page.status == 422
    assert field in page.errors()
    assert form_to(page, f"/comments/{comment.id}/message")["note_en"] == (filled(people) | values)["note_en"]
    assert db.session.scalars(select(Tag)).all() == []


def test_words_that_are_kept_against_the_aid_are_recorded(
    bob: Colleague, people: Cast, comment: Comment
) -> None:
    vague = {"note_en": "We come back to you soon.", "overrule": "She asked for it in these words."}
    assert bob.post(f"/comments/{comment.id}/message", data=filled(people) | vague).status_code == 303
    (action,) = db.session.scalars(select(Action))
    assert action.overrule == "She asked for it in these words."


def test_somebody_who_reads_another_language_is_written_to_in_it(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now, language="nl")
    page = get(bob, f"/comments/{comment.id}/message")
    assert "What they read, in Dutch" in page.words
    sent = send(bob, page, kind="thanks", note_nl="Dank voor uw bericht over de doos.", step="settle")
    assert sent.status_code == 303, Page(sent).words
    compose_due(now + HOLD)
    assert "Dank voor uw bericht over de doos." in mails()[0].text


def test_strangers_and_viewers_do_not_write(
    charlie: Colleague, vera: Colleague, people: Cast, comment: Comment
) -> None:
    for address in (f"/comments/{comment.id}/message",):
        assert (charlie.get(address).status_code, vera.get(address).status_code) == (404, 403)
        assert charlie.post(address, data=filled(people)).status_code == 404
        assert vera.post(address, data=filled(people)).status_code == 403
    assert "Write to this person only" not in get(vera, f"/comments/{comment.id}").words


def test_who_asked_not_to_be_told_is_not_written_to(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now, wants="none")
    assert "They asked not to be told." in get(bob, f"/comments/{comment.id}/message").words
    written(people, comment, now)
    assert compose_due(now + HOLD) == 0


def test_it_stands_nowhere_in_a_report_or_on_the_public_page(
    people: Cast, comment: Comment, survey: Survey, bob: Colleague, now: datetime
) -> None:
    from followup.digests.rounds import approve
    from reports.period import period
    from reports.queries import _done
    from tests.desk import theme

    labelled(comment, theme(people, "boxes", "Boxes"))
    tag = written(people, comment, now)
    compose_due(now + HOLD)
    assert tag
    assert list(_done(period(survey, date(2026, 11, 1), date(2026, 11, 30), now + LATER))) == []
    with writing():
        approve(
            comment.response.round,
            {"nl": "Dit deden wij."},
            people.alice.id,
            now + LATER,
            publish=[tag.action_id],
        )
    assert WORDS not in bob.get(f"/s/{survey.slug}/you-said").text
