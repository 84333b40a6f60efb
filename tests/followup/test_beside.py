"""With an action, for one respondent alone: a sentence of their own, and word that their compliment reached a colleague."""

from datetime import datetime, timedelta

import html5lib
import pytest
from sqlalchemy import select
from time_machine import Traveller

from accounts.models import Membership
from core.db import db, writing
from core.models import Event
from followup.beside import Wish, put_beside
from followup.composing import compose_due
from followup.digests.drafting import draft
from followup.digests.rounds import approve
from followup.gratitude import compliment, pass_on_compliments
from outbox.models import Message
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, labelled, said
from tests.hostile import WORDS as HOSTILE
from tests.hostile import as_shown, foreign
from tests.loop import decided, promises_of
from tests.pages import Page, get
from triage.acting import add_words
from triage.commenting import comments_of
from triage.models import Action, Comment, Tag
from triage.tagging import tag, undo

HOLD, LATER = timedelta(minutes=15), timedelta(hours=1)
SENTENCE = "You stood in the rain with it, and you should not have."
PUBLIC = "We now use a stronger box."


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    return said(survey, now, "Bob was so kind, thank you.")


@pytest.fixture
def action(people: Cast, now: datetime) -> Action:
    with writing():
        return decided(people, now)


def tagged(comment: Comment, action: Action, wish: Wish, now: datetime) -> Tag:
    with writing():
        (made,) = tag([comment], action, None, HOLD, now)
        put_beside([made], comment, wish)
    return made


def told(now: datetime) -> Message:
    compose_due(now + HOLD)
    found = select(Message).where(Message.kind == "update").order_by(Message.id.desc())
    return db.session.scalars(found).first() or pytest.fail("nobody was told")


def alerts() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "alert").order_by(Message.id)))


def test_the_sentence_stands_above_the_words_of_the_action(
    comment: Comment, action: Action, now: datetime
) -> None:
    tagged(comment, action, Wish(SENTENCE), now)
    mail = told(now)
    assert f"{SENTENCE}\n\nDone on 23 November 2026\n{PUBLIC}" in mail.text
    assert mail.html.index(SENTENCE) < mail.html.index(PUBLIC)
    assert promises_of(comment.response)[0].updates[-1].words.startswith(f"{SENTENCE}\n\nDone on"), (
        "and on their page"
    )


def test_nobody_else_reads_it(
    comment: Comment,
    action: Action,
    survey: Survey,
    people: Cast,
    now: datetime,
    bob: Colleague,
    monday: Traveller,
) -> None:
    other = said(survey, now, "Mine too.", email="other@example.com")
    tagged(comment, action, Wish(SENTENCE), now)
    with writing():
        tag([other], action, None, HOLD, now)
    compose_due(now + HOLD)
    mails = db.session.scalars(select(Message).where(Message.kind == "update"))
    assert {m.recipient: SENTENCE in m.text for m in mails} == {
        "rita@example.com": True,
        "other@example.com": False,
    }
    survey_round = comment.response.round
    assert SENTENCE not in draft(survey_round, "en")
    with writing():
        approve(survey_round, {"nl": "Dit deden wij.", "en": "This we did."}, people.alice.id, now + LATER)
    monday.move_to(now + LATER)
    assert PUBLIC in bob.get(f"/s/{survey.slug}/you-said?lang=en").text
    assert SENTENCE not in bob.get(f"/s/{survey.slug}/you-said?lang=en").text


def test_two_comments_with_one_action_say_each_sentence_once(
    comment: Comment, action: Action, now: datetime
) -> None:
    with writing():
        second = Comment(organisation_id=comment.organisation_id, response=comment.response, created_at=now)
        db.session.add(second)
    tagged(comment, action, Wish(SENTENCE), now)
    tagged(second, action, Wish("And your lamp is on its way by Friday 27 November."), now)
    body = told(now).text
    assert f"{SENTENCE}\nAnd your lamp is on its way by Friday 27 November.\n\nDone" in body
    assert body.count(PUBLIC) == 1


def test_it_goes_with_the_tag_that_is_undone(comment: Comment, action: Action, now: datetime) -> None:
    held = tagged(comment, action, Wish(SENTENCE), now)
    with writing():
        undo(held, now)
        tag([comment], action, None, HOLD, now)
    assert SENTENCE not in told(now).text


def test_words_that_come_later_leave_it_where_it_was(comment: Comment, action: Action, now: datetime) -> None:
    tagged(comment, action, Wish(SENTENCE), now)
    with writing():
        add_words(action, {"de": "Wir nehmen eine stärkere Schachtel."}, now)
    assert SENTENCE in told(now).text


def settlement(action: Action, **values: str) -> dict[str, str]:
    return {"choice": str(action.id), **values}


def test_it_is_previewed_and_sent_from_the_page_of_the_comment(
    bob: Colleague, people: Cast, comment: Comment, action: Action, survey: Survey, now: datetime
) -> None:
    address, chosen = (
        f"/comments/{comment.id}/settlement",
        settlement(action, personal=SENTENCE, thanks_to=str(people.bob.id)),
    )
    other = said(survey, now, "Mine too.", email="other@example.com")
    shown = Page(bob.post(address, data={**chosen, "step": "preview", "comment_ids": str(other.id)}))
    assert shown.words.count(SENTENCE) == 1
    assert shown.words.count("Your compliment reached Bob Bakker.") == 1
    assert db.session.scalars(select(Tag)).all() == []
    back = Page(bob.post(address, data={**form_to(shown, address), "step": "edit"}))
    assert form_to(back, address)["personal"] == SENTENCE
    bob.post(address, data={**form_to(shown, address), "step": "settle"})
    assert {t.comment_id: (t.personal, t.thanks_to_id) for t in db.session.scalars(select(Tag))} == {
        comment.id: (SENTENCE, people.bob.id), other.id: ("", None),
    }  # fmt: skip
    words = get(bob, f"/comments/{comment.id}").words
    assert SENTENCE in words
    assert "Goes to Bob Bakker as a compliment, when they are told." in words


@pytest.mark.parametrize("step", ["preview", "settle"])
def test_the_writing_aid_reads_it_too(bob: Colleague, comment: Comment, action: Action, step: str) -> None:
    address, vague = (
        f"/comments/{comment.id}/settlement",
        settlement(action, personal="We come back to you soon."),
    )
    page = Page(bob.post(address, data={**vague, "step": step}))
    assert (page.status, set(page.errors())) == (422, {"personal"})
    assert form_to(page, address)["personal"] == "We come back to you soon."
    kept = {**vague, "step": step, "overrule": "She knows when."}
    assert bob.post(address, data=kept).status_code == (200 if step == "preview" else 303)


def test_why_it_was_kept_stands_in_the_history(bob: Colleague, comment: Comment, action: Action) -> None:
    kept = settlement(action, personal="We come back to you soon.", overrule="She knows when.")
    bob.post(f"/comments/{comment.id}/settlement", data=kept)
    assert "because: She knows when." in get(bob, f"/comments/{comment.id}").words


def test_a_comment_that_has_the_action_already_loses_nothing_that_was_typed(
    bob: Colleague, comment: Comment, action: Action, now: datetime
) -> None:
    tagged(comment, action, Wish(), now)
    address = f"/comments/{comment.id}/settlement"
    page = Page(bob.post(address, data=settlement(action, personal=SENTENCE)))
    assert page.status == 422
    assert "This comment has this action already" in page.words
    assert form_to(page, address)["personal"] == SENTENCE


def test_a_second_click_is_no_mistake(bob: Colleague, people: Cast, comment: Comment, action: Action) -> None:
    sent = settlement(action, personal=SENTENCE, thanks_to=str(people.bob.id))
    clicks = [bob.post(f"/comments/{comment.id}/settlement", data=sent).status_code for _ in range(2)]
    assert clicks == [303, 303]
    assert len(db.session.scalars(select(Tag)).all()) == 1


@pytest.mark.parametrize("values", [{"personal": "x" * 1001}, {"thanks_to": "99999"}, {"personal": "a\x00b"}])
def test_what_cannot_be_kept_is_refused_beside_its_field(
    bob: Colleague, comment: Comment, action: Action, values: dict[str, str]
) -> None:
    answer = bob.post(f"/comments/{comment.id}/settlement", data=settlement(action, **values))
    assert answer.status_code == 422
    assert db.session.scalars(select(Tag)).all() == []


def test_a_colleague_of_another_organisation_cannot_be_chosen(
    bob: Colleague, people: Cast, comment: Comment, action: Action
) -> None:
    chosen = settlement(action, thanks_to=str(people.charlie.id))
    assert bob.post(f"/comments/{comment.id}/settlement", data=chosen).status_code == 422


@pytest.mark.both_databases
def test_a_compliment_reaches_the_colleague_once_when_the_respondent_is_told_so(
    comment: Comment, action: Action, people: Cast, now: datetime
) -> None:
    held = tagged(comment, action, Wish("", people.bob), now)
    assert pass_on_compliments(now + LATER) == 0, "they were not told yet, and it can be undone"
    assert "Your compliment reached Bob Bakker." in told(now).text
    assert [pass_on_compliments(now + LATER) for _ in range(3)] == [1, 0, 0]
    (mail,) = alerts()
    assert mail.recipient == "bob@webshop.example"
    for body in (mail.text, mail.html):
        assert "Rita Ritsema wrote this on 23 November 2026" in body
        assert "Bob was so kind, thank you." in body
    assert held.passed_on_at == now + LATER
    events = db.session.scalars(select(Event).where(Event.verb == "comment.passed_on")).all()
    assert [(e.subject_id, e.detail) for e in events] == [(comment.id, {"name": "Bob Bakker"})]


def test_undone_in_time_it_reaches_nobody(
    comment: Comment, action: Action, people: Cast, now: datetime
) -> None:
    held = tagged(comment, action, Wish("", people.bob), now)
    with writing():
        undo(held, now)
    compose_due(now + LATER)
    assert pass_on_compliments(now + LATER) == 0


def test_the_same_words_reach_the_same_colleague_once_however_often_they_are_tagged(
    comment: Comment, action: Action, people: Cast, now: datetime
) -> None:
    tagged(comment, action, Wish("", people.bob), now)
    told(now)
    pass_on_compliments(now + HOLD)
    with writing():
        more = decided(people, now, "thanks", words={"en": "Thank you for the flowers."})
    tagged(comment, more, Wish("", people.bob), now + LATER)
    assert "Your compliment reached Bob Bakker." in told(now + LATER + timedelta(days=2)).text
    assert pass_on_compliments(now + timedelta(days=3)) == 0
    assert len(alerts()) == 1


def test_who_asked_not_to_be_told_is_not_and_the_compliment_arrives_all_the_same(
    survey: Survey, action: Action, people: Cast, now: datetime
) -> None:
    comment = said(survey, now, "Bob was so kind.", wants="none")
    tagged(comment, action, Wish("", people.bob), now)
    assert pass_on_compliments(now) == 0, "held"
    assert pass_on_compliments(now + LATER) == 1
    assert db.session.scalars(select(Message).where(Message.kind == "update")).all() == []


def test_who_left_meanwhile_is_not_named_and_not_written_to(
    comment: Comment, action: Action, people: Cast, now: datetime
) -> None:
    tagged(comment, action, Wish("", people.bob), now)
    with writing():
        db.session.scalars(select(Membership).where(Membership.staff_id == people.bob.id)).one().left_at = now
    assert "Your compliment reached" not in told(now).text
    assert pass_on_compliments(now + LATER) == 0


def test_a_name_stands_in_it_only_where_the_customer_left_one(
    comment: Comment, action: Action, people: Cast, now: datetime
) -> None:
    with writing():
        comment.response.customer = None
    held = tagged(comment, action, Wish("", people.bob), now)
    with writing():
        mail = compliment(held, people.bob, now)
    assert "A customer wrote this on 23 November 2026" in mail.text
    assert "Rita" not in mail.text + mail.html


def test_a_bare_score_that_came_back_has_no_words_to_pass_on(
    bob: Colleague, comment: Comment, action: Action, people: Cast
) -> None:
    with writing():
        comment.answer_id = None
    page = Page(
        bob.post(f"/comments/{comment.id}/settlement", data=settlement(action, thanks_to=str(people.bob.id)))
    )
    assert page.status == 422
    assert "no words here that could be passed on" in page.words


@pytest.mark.both_databases
def test_two_that_were_told_together_reach_the_colleague_once(
    comment: Comment, action: Action, people: Cast, now: datetime
) -> None:
    with writing():
        more = decided(people, now, "thanks", words={"en": "Thank you for the flowers."})
    tagged(comment, action, Wish("", people.bob), now)
    tagged(comment, more, Wish("", people.bob), now)
    told(now)
    assert pass_on_compliments(now + LATER) == 1
    assert pass_on_compliments(now + LATER) == 0


@pytest.mark.security("words in staff mail")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_compliment_quotes_hostile_words_as_words(
    survey: Survey, people: Cast, action: Action, now: datetime, name: str
) -> None:
    comment = said(survey, now, HOSTILE[name])
    held = tagged(comment, action, Wish(), now)
    with writing():
        mail = compliment(held, people.bob, now)
    tree = html5lib.parse(mail.html, namespaceHTMLElements=False)
    assert foreign(tree) == []
    assert as_shown(HOSTILE[name].strip())[: 5 if name == "newlines" else 200] in as_shown(
        "".join(tree.itertext())
    )
    assert "\n" not in mail.subject


@pytest.mark.security("stored xss")
@pytest.mark.security("template injection")
@pytest.mark.parametrize("name", ["script", "jinja", "out of an attribute", "python format", "right to left"])
def test_a_hostile_sentence_is_words(
    comment: Comment, action: Action, now: datetime, bob: Colleague, name: str
) -> None:
    tagged(comment, action, Wish(HOSTILE[name]), now)
    mail = told(now)
    tree = html5lib.parse(mail.html, namespaceHTMLElements=False)
    assert foreign(tree) == []
    assert as_shown(HOSTILE[name]) in as_shown("".join(tree.itertext()))
    assert HOSTILE[name] in mail.text
    page = get(bob, f"/comments/{comment.id}")
    assert as_shown(" ".join(HOSTILE[name].split())) in as_shown(page.words)


def test_it_is_said_in_the_language_of_the_respondent(
    survey: Survey, people: Cast, action: Action, now: datetime
) -> None:
    comment = said(survey, now, "Bob was zo aardig.", language="nl")
    tagged(comment, action, Wish("Dank dat u dit schreef.", people.bob), now)
    assert "Uw compliment heeft Bob Bakker bereikt." in told(now).text


def test_a_grateful_comment_is_labelled_and_passed_on_with_thanks(
    bob: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    labelled(comment, emotion="grateful")
    with writing():
        thanks = decided(people, now, "thanks", words={"en": "We are glad you told us."})
    bob.post(f"/comments/{comment.id}/settlement", data=settlement(thanks, thanks_to=str(people.bob.id)))
    mail = told(now)
    assert "Thank you\nWe are glad you told us.\nYour compliment reached Bob Bakker." in mail.text
    pass_on_compliments(now + LATER)
    assert "Passed on to Bob Bakker as a compliment." in get(bob, f"/comments/{comment.id}").words
    assert comments_of(comment.response) == [comment]
