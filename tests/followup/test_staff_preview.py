"""Before anybody is told: exactly what each respondent will read, who will not hear it, and why."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from followup.composing import compose_due
from followup.previewing import Previews, previews
from outbox.models import Message
from outbox.suppressing import suppress
from promises.models import Promise, Update
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, said
from tests.loop import answered, decided, opened_survey, settled
from tests.pages import Page, get
from triage.commenting import comments_of
from triage.models import Action, Comment, Tag

HOLD = timedelta(minutes=15)
NEW = {
    "choice": "new",
    "kind": "done",
    "title": "Stronger boxes",
    "note_nl": "Een stevigere doos.",
    "note_en": "A stronger box since {done_on}.",
    "theme": "",
}


def shown(comments: list[Comment], action: Action, now: datetime) -> Previews:
    return previews(comments, action, now)


def sent(comments: list[Comment], action: Action, now: datetime) -> list[Message]:
    with writing():
        for comment in comments:
            settled(comment.response, action, now)
    compose_due(now)
    return list(db.session.scalars(select(Message).where(Message.kind == "update").order_by(Message.id)))


def unlinked(text: str) -> list[str]:
    """Its lines, but for what differs from message to message: personal links, and the reference that only a message has."""
    said = text.partition("Reference: ")[0].rstrip()
    return [line for line in said.splitlines() if not re.search("/[fu]/|http|status|unsubscribe", line)]


def test_what_is_shown_is_what_is_sent(survey: Survey, action: Action, now: datetime) -> None:
    comment = said(survey, now)
    (preview,) = shown([comment], action, now).mails
    (message,) = sent([comment], action, now)
    assert (preview.subject, preview.to, preview.language) == (
        message.subject,
        message.recipient,
        message.language,
    )
    assert unlinked(preview.text) == unlinked(message.text)
    assert "The box was torn." in preview.text
    assert "We now use a stronger box." in preview.text


def test_what_is_shown_is_what_stands_on_their_page(survey: Survey, action: Action, now: datetime) -> None:
    comment = said(survey, now, wants="page")
    (preview,) = shown([comment], action, now).pages
    sent([comment], action, now)
    ending = db.session.scalars(select(Update).where(Update.kind == "ending")).one()
    assert preview.text == ending.words
    assert (preview.to, preview.subject) == ("", "")


def test_two_answers_of_one_person_are_one_message(
    people: Cast, survey: Survey, action: Action, now: datetime
) -> None:
    with writing():
        other = opened_survey(people, now, "reparatie")
    comments = [said(survey, now, "The box."), said(other, now, "The repair.")]
    (preview,) = shown(comments, action, now).mails
    (message,) = sent(comments, action, now)
    assert preview.comments == 2
    assert unlinked(preview.text) == unlinked(message.text)


def test_what_was_chosen_before_goes_with_it(
    people: Cast, survey: Survey, action: Action, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        earlier = decided(
            people, now, words={"en": "You get your money back.", "nl": "U krijgt uw geld terug."}
        )
        settled(comment.response, earlier, now, HOLD)
    (preview,) = shown([comment], action, now).mails
    assert preview.text.index("You get your money back.") < preview.text.index("We now use a stronger box.")


def test_who_was_told_before_hears_more(survey: Survey, people: Cast, action: Action, now: datetime) -> None:
    comment = said(survey, now)
    sent([comment], action, now)
    with writing():
        more = decided(people, now, words={"en": "And the tape is stronger too."})
    before = len(db.session.scalars(select(Promise)).all())
    (preview,) = shown([comment], more, now).mails
    assert "And the tape is stronger too." in preview.text
    assert "We now use a stronger box." not in preview.text, "that was told already"
    db.session.rollback()
    assert len(db.session.scalars(select(Promise)).all()) == before, "a preview keeps nothing"


def test_who_will_not_hear_it_and_why(people: Cast, survey: Survey, action: Action, now: datetime) -> None:
    silent = said(survey, now, email="silent@example.com", wants="none")
    gone = said(survey, now, email="gone@example.com")
    bounced = said(survey, now, email="bounced@example.com")
    with writing():
        suppress(people.webshop.id, "gone@example.com", "unsubscribed", now)
        suppress(people.webshop.id, "bounced@example.com", "hard_bounce", now)
    found = shown([silent, gone, bounced], action, now)
    assert found.reasons == {"declined": 1, "unsubscribed": 1, "suppressed": 1}
    assert (found.mails, found.pages) == ([], [])


def test_words_in_another_language_than_theirs_are_flagged(
    survey: Survey, people: Cast, now: datetime
) -> None:
    with writing():
        dutch = decided(people, now, words={"nl": "Een stevigere doos."})
    (english,) = shown([said(survey, now)], dutch, now).mails
    (hollander,) = shown([said(survey, now, language="nl", email="nl@example.com")], dutch, now).mails
    assert (english.foreign, hollander.foreign) == (True, False)
    assert "Een stevigere doos." in english.text, "better their words in Dutch than nothing"


def test_other_comments_of_the_same_answer_hold_it_back(
    people: Cast, survey: Survey, action: Action, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        second = Comment(organisation_id=people.webshop.id, response=comment.response, created_at=now)
        db.session.add(second)
    assert shown([comment], action, now).mails[0].waiting == 1
    assert shown(comments_of(comment.response), action, now).mails[0].waiting == 0


def test_one_update_a_person_a_day(people: Cast, survey: Survey, action: Action, now: datetime) -> None:
    sent([said(survey, now)], action, now)
    with writing():
        other = opened_survey(people, now, "reparatie")
        (second,) = comments_of(answered(other, now, "The repair."))
    assert shown([second], action, now).mails[0].tomorrow
    assert not shown([second], action, now + timedelta(days=1)).mails[0].tomorrow
    assert not shown([second], action, now + timedelta(days=7, hours=3)).mails[0].tomorrow, (
        "what falls due today goes today"
    )


def test_the_page_shows_the_letter_and_keeps_nothing(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    page = Page(
        bob.post(
            f"/comments/{comment.id}/settlement", data=NEW | {"owner": str(people.bob.id), "step": "preview"}
        )
    )
    assert page.status == 200
    for words in (
        "By mail 1",
        "Rita Ritsema <rita@example.com>",
        "A stronger box since 23 November 2026.",
        "Say this about 1 comment",
    ):
        assert words in page.words, words
    assert db.session.scalars(select(Action)).all() == []
    assert db.session.scalars(select(Tag)).all() == []


def test_what_is_confirmed_is_what_was_read(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    comment, other = said(survey, now), said(survey, now, email="other@example.com")
    typed = NEW | {"owner": str(people.bob.id), "step": "preview", "comment_ids": str(other.id)}
    page = Page(bob.post(f"/comments/{comment.id}/settlement", data=typed))
    kept = form_to(page, f"/comments/{comment.id}/settlement")
    assert bob.post(f"/comments/{comment.id}/settlement", data=kept | {"step": "settle"}).status_code == 303
    tags = db.session.scalars(select(Tag).order_by(Tag.id)).all()
    assert [t.comment_id for t in tags] == [comment.id, other.id]
    assert {t.action.public_note["en"] for t in tags} == {NEW["note_en"]}


def test_it_can_be_changed_with_all_that_was_typed(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    typed = NEW | {"owner": str(people.bob.id), "step": "edit"}
    page = Page(bob.post(f"/comments/{comment.id}/settlement", data=typed))
    assert page.status == 200
    assert (
        form_to(page, f"/comments/{comment.id}/settlement").items()
        >= (NEW | {"owner": str(people.bob.id)}).items()
    )


def test_the_inbox_previews_what_was_ticked(
    bob: Colleague, survey: Survey, action: Action, now: datetime
) -> None:
    comments = [said(survey, now, email=f"{n}@example.com") for n in range(2)]
    data = {"comment_ids": [c.id for c in comments], "action_id": action.id}
    page = Page(bob.post("/tags/preview?state=open", data=data))
    assert "By mail 2" in page.words
    assert form_to(page, "/tags")["action_id"] == str(action.id)
    assert "Say this about 2 comments" in page.words
    assert db.session.scalars(select(Tag)).all() == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [({}, "Tick at least one comment."), ({"comment_ids": "1"}, "Choose the action that was taken.")],
)
def test_nothing_chosen_is_said(
    bob: Colleague, survey: Survey, now: datetime, data: dict[str, str], sentence: str
) -> None:
    said(survey, now)
    page = Page(bob.post("/tags/preview", data=data))
    assert page.status == 422
    assert sentence in page.words


def test_comments_of_others_are_not_shown(
    charlie: Colleague, vera: Colleague, survey: Survey, action: Action, now: datetime
) -> None:
    comment = said(survey, now)
    data = {"comment_ids": comment.id, "action_id": action.id}
    assert "The box was torn." not in charlie.post("/tags/preview", data=data).text
    assert vera.post("/tags/preview", data=data).status_code == 403


def test_their_words_are_text_in_the_preview(
    bob: Colleague, survey: Survey, action: Action, now: datetime
) -> None:
    comment = said(survey, now, "<img src=x onerror=alert(1)> {{7*7}}")
    page = Page(bob.post("/tags/preview", data={"comment_ids": comment.id, "action_id": action.id}))
    assert "<img src=x onerror=alert(1)> {{7*7}}" in page.words
    assert "<img src=x" not in page.html
    assert get(bob, "/inbox").status == 200


def test_words_that_are_missing_are_added_there_and_then(
    bob: Colleague, survey: Survey, people: Cast, now: datetime
) -> None:
    with writing():
        dutch = decided(people, now, words={"nl": "Een stevigere doos."})
    comment = said(survey, now)
    sent = {"comment_ids": comment.id, "action_id": dutch.id}
    page = Page(bob.post("/tags/preview", data=sent))
    assert "1 person chose English, and nobody wrote words in English." in page.words
    assert form_to(page, "/tags")["add_en"] == ""
    bob.post("/tags", data={**sent, "add_en": "A stronger box.", "add_nl": "Anders.", "add_<x>": "No."})
    assert dutch.public_note == {"nl": "Een stevigere doos.", "en": "A stronger box."}, (
        "what is there stays as it is"
    )
    compose_due(now + HOLD)
    assert "A stronger box." in db.session.scalars(select(Message).where(Message.kind == "update")).one().text


def test_words_are_added_to_what_is_written_down_just_now(
    bob: Colleague, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    sent = {**NEW, "note_en": "", "step": "preview"}
    page = Page(bob.post(f"/comments/{comment.id}/settlement", data=sent))
    assert "add_en" in form_to(page, f"/comments/{comment.id}/settlement")
    bob.post(
        f"/comments/{comment.id}/settlement", data={**sent, "step": "settle", "add_en": "A stronger box."}
    )
    assert db.session.scalars(select(Action)).one().public_note == {
        "nl": "Een stevigere doos.",
        "en": "A stronger box.",
    }


def test_of_many_the_first_letters_are_shown_and_all_are_counted(
    survey: Survey, action: Action, now: datetime
) -> None:
    comments = [said(survey, now, email=f"{n}@example.com") for n in range(4)]
    found = previews(comments, action, now, most=3)
    assert (len(found.mails), found.more, found.reach.mail) == (3, 1, 4)
