"""The digest of a round, a plan that is done, and an action that was told wrongly."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import Conflict, DomainError
from followup.composing import compose_due
from followup.digests import rounds as digests
from followup.digests.drafting import draft
from followup.digests.models import PublishedAction
from outbox.models import Message
from surveys.models import Round, Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, labelled, said, scored, theme
from tests.loop import decided, settled
from tests.pages import Page, get
from triage.models import Action, Comment

DIGEST = {"words_nl": "U zei dozen, wij kochten dozen.", "words_en": "You said boxes, we bought boxes."}


@pytest.fixture
def round(survey: Survey, people: Cast, now: datetime) -> Round:
    """November: one comment with its action, two bare scores, by mail and by page."""
    comment = said(survey, now)
    with writing():
        settled(comment.response, decided(people, now), now)
    scored(survey, now, email="mail@example.com")
    scored(survey, now, email="page@example.com", wants="page")
    return db.session.scalars(select(Round)).one()


def test_the_draft_is_put_together_from_what_was_done(round: Round) -> None:
    assert draft(round, "en") == "We now use a stronger box. 1 person wrote about this."
    assert draft(round, "nl").startswith("Wij gebruiken nu een stevigere doos.")


def test_the_most_wanted_stands_first_and_thanks_are_left_out(
    people: Cast, survey: Survey, round: Round, now: datetime
) -> None:
    for number in range(2):
        comment = said(survey, now, email=f"{number}@example.com")
        with writing():
            if number == 0:
                no = decided(
                    people,
                    now,
                    "wont_do",
                    words={"en": "No delivery on Sundays."},
                    reason="It costs too much.",
                )
                thanks = decided(people, now, "thanks", words={"en": "Thank you."})
            settled(comment.response, no, now)
            settled(comment.response, thanks, now)
    first, second = draft(round, "en").split("\n\n")
    assert first == "No delivery on Sundays. It costs too much. 2 people wrote about this."
    assert second.startswith("We now use a stronger box.")


def test_who_will_hear_it(round: Round) -> None:
    assert digests.will_hear(round) == {"mail": 1, "page": 1}, "a score, no words"


def test_the_page_shows_the_draft_and_who_will_hear_it(alice: Colleague, round: Round) -> None:
    page = get(alice, f"/rounds/{round.id}")
    assert page.heading == "“You said, we did” of November 2026"
    assert "By mail 1 On their own page 1 Will not hear it 0" in page.words
    assert "They were promised a word by Monday 7 December 2026." in page.words
    assert (
        form_to(page, f"/rounds/{round.id}/digest")["words_en"]
        == "We now use a stronger box. 1 person wrote about this."
    )
    assert "This round runs until Monday 30 November 2026." in page.words


def test_approved_words_are_told_to_whoever_gave_only_a_score(
    alice: Colleague, people: Cast, round: Round, now: datetime
) -> None:
    assert alice.post(f"/rounds/{round.id}/approval", data=DIGEST).status_code == 303
    assert (round.approved_at, round.approved_by_id) == (now, people.alice.id)
    assert round.digest == {"nl": DIGEST["words_nl"], "en": DIGEST["words_en"]}
    compose_due(now)
    told = db.session.scalars(select(Message).where(Message.kind == "digest")).one()
    assert told.recipient == "mail@example.com"
    assert DIGEST["words_en"] in told.text
    assert digests.will_hear(round) == {}


def test_an_approved_digest_is_shown_and_no_longer_changed(alice: Colleague, round: Round) -> None:
    alice.post(f"/rounds/{round.id}/approval", data=DIGEST)
    page = get(alice, f"/rounds/{round.id}")
    assert DIGEST["words_en"] in page.words
    assert "textarea" not in page.html
    again = Page(alice.post(f"/rounds/{round.id}/approval", data=DIGEST | {"words_en": "Other words."}))
    assert again.status == 409
    assert "This digest was approved already; people have been told." in again.words
    assert round.digest["en"] == DIGEST["words_en"]


def test_words_are_kept_for_later_and_told_to_nobody(bob: Colleague, round: Round, now: datetime) -> None:
    assert bob.post(f"/rounds/{round.id}/digest", data=DIGEST).status_code == 303
    assert round.digest["en"] == DIGEST["words_en"]
    assert round.approved_at is None
    compose_due(now)
    assert db.session.scalars(select(Message).where(Message.kind == "digest")).all() == []
    assert (
        form_to(get(bob, f"/rounds/{round.id}"), f"/rounds/{round.id}/digest")["words_nl"]
        == DIGEST["words_nl"]
    )


def test_the_language_of_the_survey_cannot_be_left_out(alice: Colleague, round: Round) -> None:
    page = Page(alice.post(f"/rounds/{round.id}/approval", data=DIGEST | {"words_nl": " "}))
    assert page.status == 422
    assert "Write the digest in the language of the survey first." in page.words
    assert form_to(page, f"/rounds/{round.id}/digest")["words_en"] == DIGEST["words_en"], (
        "nothing that was typed is lost"
    )
    assert round.approved_at is None


def test_too_many_words_are_refused_beside_the_field(alice: Colleague, round: Round) -> None:
    page = Page(alice.post(f"/rounds/{round.id}/approval", data=DIGEST | {"words_en": "x" * 5001}))
    assert page.status == 422
    assert "5001 characters long" in page.errors()["words_en"]


def test_without_words_the_draft_is_what_is_approved(round: Round, now: datetime) -> None:
    with writing():
        digests.approve(round, {}, None, now)
    assert round.digest["en"].startswith("We now use a stronger box.")


def test_a_round_without_actions_says_so_honestly(survey: Survey, now: datetime) -> None:
    scored(survey, now)
    found = db.session.scalars(select(Round)).one()
    with writing():
        digests.approve(found, {}, None, now)
    assert found.digest["en"] == (
        "In this round nothing was changed yet. 1 person answered, 0 of them in words; whoever wrote hears from us personally."
    )
    with pytest.raises(Conflict), writing():
        digests.write(found, {"nl": "Anders."}, now)


def test_words_in_another_language_alone_cannot_be_approved(survey: Survey, now: datetime) -> None:
    scored(survey, now)
    found = db.session.scalars(select(Round)).one()
    with pytest.raises(DomainError), writing():
        digests.approve(found, {"en": "Nothing."}, None, now)


def test_the_rounds_of_a_survey(vera: Colleague, survey: Survey, round: Round, now: datetime) -> None:
    scored(survey, now - timedelta(days=40), email="october@example.com")
    words = get(vera, f"/surveys/{survey.id}/rounds").words
    assert (
        "November 2026 Monday 30 November 2026 2 not written October 2026 Saturday 31 October 2026 1 not approved; promised by Friday 6 November 2026"
        in words
    )


def test_roles_and_strangers_at_the_digest(
    bob: Colleague, vera: Colleague, charlie: Colleague, survey: Survey, round: Round
) -> None:
    assert bob.post(f"/rounds/{round.id}/approval", data=DIGEST).status_code == 403, (
        "approving is for a manager"
    )
    assert vera.post(f"/rounds/{round.id}/digest", data=DIGEST).status_code == 403
    assert "textarea" not in get(vera, f"/rounds/{round.id}").html
    for path in (f"/rounds/{round.id}", f"/surveys/{survey.id}/rounds"):
        assert charlie.get(path).status_code == 404
    assert charlie.post(f"/rounds/{round.id}/approval", data=DIGEST).status_code == 404
    assert round.approved_at is None


@pytest.fixture
def planned(survey: Survey, people: Cast, now: datetime) -> Action:
    """A plan that one person was told."""
    comment = said(survey, now)
    with writing():
        action = decided(people, now, "planned", words={"en": "From {due_on} we use a stronger box."})
        settled(comment.response, action, now)
    compose_due(now)
    return action


def updates() -> list[str]:
    kinds = ("update", "correction")
    return [
        m.text
        for m in db.session.scalars(select(Message).where(Message.kind.in_(kinds)).order_by(Message.id))
    ]


def test_a_plan_that_is_done_is_told_to_who_heard_of_it(
    bob: Colleague, planned: Action, now: datetime
) -> None:
    assert "Is it done?" in get(bob, f"/actions/{planned.id}").words
    answer = bob.post(f"/actions/{planned.id}/completion", data={"done_on": "2026-11-22"})
    assert (answer.status_code, answer.location) == (303, f"/actions/{planned.id}")
    assert (planned.kind, str(planned.done_on)) == ("done", "2026-11-22")
    compose_due(now)
    assert len(updates()) == 2
    assert "Is it done?" not in get(bob, f"/actions/{planned.id}").words


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-11-24", "What is done was not done in the future."),
        ("yesterday", "“yesterday” is not a date. An example is 2026-12-04."),
    ],
)
def test_a_bad_day_is_refused_beside_its_field(
    bob: Colleague, planned: Action, day: str, sentence: str
) -> None:
    page = Page(bob.post(f"/actions/{planned.id}/completion", data={"done_on": day}))
    assert page.status == 422
    assert page.errors() == {"done_on": sentence}
    assert planned.kind == "planned"


def test_only_a_plan_can_be_done(bob: Colleague, planned: Action) -> None:
    bob.post(f"/actions/{planned.id}/completion", data={"done_on": ""})
    answer = bob.post(f"/actions/{planned.id}/completion", data={"done_on": ""})
    assert answer.status_code == 422
    assert "Only a planned action can be marked as done." in answer.text


RIGHT = {
    "kind": "already",
    "title": "Put right",
    "note_nl": "De doos was al sterker.",
    "note_en": "The box was stronger already.",
    "theme": "",
}


def test_what_was_told_wrongly_is_put_right_for_who_heard_it(
    alice: Colleague, people: Cast, planned: Action, now: datetime
) -> None:
    assert (
        "Everybody who heard it hears today what you write here, and why."
        in get(alice, f"/actions/new?corrects={planned.id}").words
    )
    answer = alice.post(f"/actions/{planned.id}/correction", data=RIGHT | {"owner": str(people.alice.id)})
    assert answer.status_code == 303
    assert planned.withdrawn_at == now
    compose_due(now)
    assert "The box was stronger already." in updates()[-1]
    assert "withdrawn" in get(alice, f"/actions/{planned.id}").words


def test_a_correction_is_complete_or_not_made(alice: Colleague, people: Cast, planned: Action) -> None:
    page = Page(
        alice.post(
            f"/actions/{planned.id}/correction", data=RIGHT | {"owner": str(people.alice.id), "title": ""}
        )
    )
    assert page.status == 422
    assert "title" in page.errors()
    assert planned.withdrawn_at is None


def test_it_is_put_right_once(alice: Colleague, people: Cast, planned: Action) -> None:
    for status in (303, 409):
        answer = alice.post(f"/actions/{planned.id}/correction", data=RIGHT | {"owner": str(people.alice.id)})
        assert answer.status_code == status
    assert len(db.session.scalars(select(Action)).all()) == 2


def test_roles_and_strangers_at_what_was_told(
    bob: Colleague, vera: Colleague, charlie: Colleague, planned: Action
) -> None:
    assert bob.post(f"/actions/{planned.id}/correction", data=RIGHT).status_code == 403
    assert vera.post(f"/actions/{planned.id}/completion").status_code == 403
    assert charlie.post(f"/actions/{planned.id}/completion").status_code == 404
    assert charlie.get(f"/actions/new?corrects={planned.id}").status_code == 404
    assert len(db.session.scalars(select(Comment)).all()) == 1
    assert planned.kind == "planned"


# Languages that nobody wrote words in, and what everybody may read


def test_a_language_that_nobody_wrote_words_in_has_a_field_to_add_them(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    response = scored(survey, now)
    with writing():
        response.language = "de"
    found = db.session.scalars(select(Round)).one()
    page = get(alice, f"/rounds/{found.id}")
    assert "1 person chose German, and nobody wrote words in German." in page.words
    assert "Without them they read the words in the language of the survey." in page.words
    assert "words_de" in form_to(page, f"/rounds/{found.id}/digest")
    alice.post(f"/rounds/{found.id}/approval", data=DIGEST | {"words_de": "Sie sagten, wir taten."})
    assert found.digest["de"] == "Sie sagten, wir taten."
    compose_due(now)
    message = db.session.scalars(select(Message).where(Message.kind == "digest")).one()
    assert "Sie sagten, wir taten." in message.text


def test_without_them_the_words_of_the_survey_are_sent(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    response = scored(survey, now)
    with writing():
        response.language = "de"
    found = db.session.scalars(select(Round)).one()
    alice.post(f"/rounds/{found.id}/approval", data=DIGEST)
    compose_due(now)
    assert (
        DIGEST["words_nl"] in db.session.scalars(select(Message).where(Message.kind == "digest")).one().text
    )


def test_who_will_not_hear_the_digest_and_why(alice: Colleague, survey: Survey, now: datetime) -> None:
    scored(survey, now, email="silent@example.com", wants="none")
    found = db.session.scalars(select(Round)).one()
    words = get(alice, f"/rounds/{found.id}").words
    assert "Will not hear it 1" in words
    assert "1 person will not hear it: they asked not to be told." in words


def test_what_everybody_may_read_is_chosen_with_the_words(
    alice: Colleague, round: Round, people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now, email="more@example.com")
    with writing():
        other = decided(people, now, words={"en": "Only for her.", "nl": "Alleen voor haar."})
        settled(comment.response, other, now)
    page = get(alice, f"/rounds/{round.id}")
    assert page.html.count('name="publish"') == 2
    assert "one person's: read whether it shows who" in page.words
    chosen = db.session.scalars(select(Action.id).order_by(Action.id)).first()
    alice.post(f"/rounds/{round.id}/digest", data=DIGEST | {"publishing": "yes", "publish": chosen})
    alice.post(f"/rounds/{round.id}/approval", data=DIGEST)
    assert db.session.scalars(select(PublishedAction.action_id)).all() == [chosen], (
        "what was chosen stays chosen"
    )
    assert "everybody may read it" in get(alice, f"/rounds/{round.id}").words


def test_the_draft_names_themes_and_what_nobody_decided_yet(
    people: Cast, survey: Survey, round: Round, now: datetime
) -> None:
    boxes, parking = theme(people, "boxes", "Boxes"), theme(people, "parking", "Parking")
    (first,) = db.session.scalars(select(Comment))
    labelled(first, boxes)
    for number in range(2):
        labelled(said(survey, now, "No room.", email=f"{number}@example.com"), parking)
    assert draft(round, "en").split("\n\n") == [
        "Most was written about Parking (2), Boxes (1).",
        "We now use a stronger box. 1 person wrote about this.",
        "Nothing was decided yet about Parking (2).",
    ]
