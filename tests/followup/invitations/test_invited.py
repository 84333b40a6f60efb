"""A survey by a personal link: nothing is asked that is known, and it is one answer."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock, links
from core.db import db, writing
from customers.models import Identity
from followup.composing import compose_due
from promises.models import Promise
from surveys.builder.building import Draft, close_survey, create_survey, open_survey
from surveys.invitations.invited import ends_at, last_day, over_since
from surveys.invitations.letters import asking
from surveys.invitations.models import Invitation
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.hostile import WORDS
from tests.inviting import invitations, invited, link
from tests.loop import answered, decided, settled
from tests.outbox.post import send as deliver
from tests.pages import Page, get, send


@pytest.fixture
def invitation(survey: Survey) -> Invitation:
    with writing():
        return invited(survey, clock.now() - timedelta(days=2))


def responses() -> list[Response]:
    db.session.rollback()
    return list(db.session.scalars(select(Response).order_by(Response.id)))


def test_it_asks_no_name_no_address_and_no_language(client: FlaskClient, invitation: Invitation) -> None:
    page = get(client, link(invitation))
    assert page.status == 200
    assert set(page.form()) == {"terugkoppel-token", "terugkoppel-website", "comment", "contact"}
    assert "By mail, to r…\N{WORD JOINER}@example.com" in page.words
    assert "rita@example.com" not in page.html, "whoever was forwarded the mail does not learn it"
    assert "Set-Cookie" not in page.headers


def test_the_page_speaks_the_language_of_the_invitation_and_can_be_read_in_another(
    client: FlaskClient, survey: Survey
) -> None:
    with writing():
        path = link(invited(survey, clock.now(), language="nl"))
    assert get(client, path).heading == "Uw bestelling"
    assert get(client, f"{path}?lang=en").heading == "Your order"


def test_the_answer_is_the_persons_own_and_their_address_is_proved(
    client: FlaskClient, people: Cast, invitation: Invitation
) -> None:
    with writing():
        db.session.get_one(Identity, invitation.identity_id).proved_at = None
    answer = send(client, get(client, link(invitation)), csat="2", comment="Torn.")
    (response,) = responses()
    assert answer.location == links.path("status", response.id, 1)
    assert (response.customer_id, response.channel, response.score) == (people.rita.id, "mail", 2)
    assert response.identity
    assert response.identity.proved_at
    assert not response.suspect_at
    (used,) = invitations()
    assert used.response_id == response.id
    assert used.answered_on


def test_the_answer_goes_to_the_address_that_was_asked_also_when_another_one_is_older(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        db.session.add(Identity(organisation_id=people.webshop.id, customer_id=people.rita.id, kind="mail",
                                value="second@example.com", key="second@example.com", created_at=now))  # fmt: skip
        path = link(invited(survey, clock.now(), "second@example.com"))
    send(client, get(client, path), csat="4")
    assert responses()[0].identity.value == "second@example.com"  # type: ignore[union-attr]


@pytest.mark.security("one answer")
def test_a_second_answer_by_the_same_link_leads_to_the_first_one(
    client: FlaskClient, invitation: Invitation
) -> None:
    one, other = get(client, link(invitation)), get(client, link(invitation))
    first = send(client, one, csat="2")
    assert send(client, other, csat="5", comment="From another window.").location == first.location
    assert client.get(link(invitation)).location == first.location
    assert [r.score for r in responses()] == [2]
    assert db.session.scalar(select(func.count(Promise.id))) == 1


@pytest.mark.security("scanner")
def test_opening_the_link_with_an_answer_in_it_sends_nothing(
    client: FlaskClient, invitation: Invitation
) -> None:
    for method in ("HEAD", "GET", "GET"):
        assert client.open(f"{link(invitation)}?csat=1", method=method).status_code == 200
    assert responses() == []
    assert not invitations()[0].answered_on
    page = get(client, f"{link(invitation)}?csat=1")
    assert page.form()["csat"] == "1", "it is chosen, and a person presses the button"


def test_a_machine_that_posts_without_having_opened_the_page_answers_nothing(
    client: FlaskClient, invitation: Invitation
) -> None:
    assert client.post(link(invitation), data={"csat": "1"}).status_code == 422
    assert responses() == []


def test_a_page_of_another_invitation_does_not_count_here(client: FlaskClient, survey: Survey) -> None:
    with writing():
        mine, yours = invited(survey, clock.now()), invited(survey, clock.now(), "other@example.com")
        paths = link(mine), link(yours)
    form = get(client, paths[0]).form()
    assert client.post(paths[1], data={**form, "csat": "1"}).status_code == 422


def test_what_is_missing_comes_back_with_all_that_was_typed(
    client: FlaskClient, invitation: Invitation
) -> None:
    page = Page(send(client, get(client, link(invitation)), comment="Torn again."))
    assert page.status == 422
    assert "Torn again." in page.html
    assert responses() == []
    assert Page(send(client, page, csat="1")).status == 303


@pytest.mark.parametrize("name", sorted(WORDS))
def test_hostile_words_are_kept_as_words(client: FlaskClient, invitation: Invitation, name: str) -> None:
    answer = send(client, get(client, link(invitation)), csat="2", comment=WORDS[name])
    assert answer.status_code in {303, 422}
    if answer.status_code == 303:
        assert client.get(answer.location or "").status_code == 200


# Without a name


def test_an_anonymous_answer_leaves_only_the_day(client: FlaskClient, invitation: Invitation) -> None:
    answer = send(client, get(client, link(invitation)), csat="2", contact="page")
    (response,) = responses()
    assert answer.location == links.path("status", response.id, 1)
    assert (response.customer_id, response.identity_id) == (None, None)
    (used,) = invitations()
    assert used.response_id is None
    assert used.answered_on


def test_the_link_of_an_anonymous_answer_is_used_and_says_why_it_leads_nowhere(
    client: FlaskClient, invitation: Invitation
) -> None:
    opened = get(client, link(invitation))
    first = send(client, opened, csat="2", contact="page")
    page = get(client, link(invitation))
    assert page.status == 410
    assert "This link was used on" in page.heading
    assert "Only you have its address" in page.words
    assert send(client, opened, csat="3", contact="page").location == first.location, (
        "the button pressed twice"
    )
    assert len(responses()) == 1


def test_an_address_is_not_proved_by_an_anonymous_answer(client: FlaskClient, survey: Survey) -> None:
    """Its moment would say which answer it is."""
    with writing():
        path = link(invited(survey, clock.now(), "new@example.com"))
    send(client, get(client, path), csat="2", contact="page")
    assert (
        db.session.scalars(select(Identity).where(Identity.key == "new@example.com")).one().proved_at is None
    )


def test_a_survey_that_knows_nobody_offers_no_mail_and_keeps_the_day_alone(
    client: FlaskClient, survey: Survey, invitation: Invitation
) -> None:
    with writing():
        db.session.get_one(Survey, survey.id).anonymous = True
    page = get(client, link(invitation))
    assert "By mail, to" not in page.words
    assert "Nobody knows who you are" in page.words
    send(client, page, csat="2", comment="Torn.")
    (response,), (used,) = responses(), invitations()
    assert (response.customer_id, response.identity_id, response.channel) == (None, None, "page")
    assert (used.response_id, used.answered_on is not None) == (None, True)


def test_you_need_not_report_back(client: FlaskClient, invitation: Invitation) -> None:
    send(client, get(client, link(invitation)), csat="2", contact="none")
    assert responses()[0].declined_at
    assert db.session.scalar(select(func.count(Promise.id))) == 0


def test_a_survey_that_asks_nobody_who_they_are_leaves_the_choice_to_be_nobody(
    client: FlaskClient, people: Cast
) -> None:
    with writing():
        drafts = [Draft("csat", "csat", {"en": "How?"})]
        survey = create_survey(
            people.webshop.id, "kort", {"en": "Short"}, "en", people.alice.id, drafts, clock.now()
        )
        open_survey(survey, clock.now())
        path = link(invited(survey, clock.now()))
    page = get(client, path)
    assert page.form()["terugkoppel-hearing"] == "mail"
    send(client, page, csat="2", **{"terugkoppel-hearing": "page"})
    assert responses()[0].identity_id is None


@pytest.mark.parametrize("forged", ["", "nonsense", "phone"])
def test_a_forged_way_to_hear_is_refused_with_a_sentence(
    client: FlaskClient, invitation: Invitation, forged: str
) -> None:
    answer = send(client, get(client, link(invitation)), csat="2", contact=forged)
    assert answer.status_code == 422
    assert responses() == []


# When it is over


def test_after_twenty_eight_days_it_says_so_and_how_to_say_it_still(
    client: FlaskClient, survey: Survey
) -> None:
    with writing():
        path = link(invited(survey, clock.now() - timedelta(days=28, minutes=1)))
    page = get(client, path)
    assert page.status == 410
    assert "This link worked until" in page.heading
    assert page.links()["Answer on the public page"] == "/s/bestelling"
    assert "below is how to reach us" in page.words


def test_the_page_names_the_same_last_day_as_the_mail(survey: Survey, now: datetime) -> None:
    with writing():
        made = invited(survey, now)
    ended = ends_at(made)
    mailed = asking("reminder", survey, "en", "", {}, now, link="", unsubscribe="", ends_at=ended).last_day
    assert last_day(made) == mailed
    assert over_since(made, ended) == f"This link worked until {mailed:%-d %B %Y}."


def test_an_anonymous_survey_says_what_is_kept_of_the_link(
    client: FlaskClient, survey: Survey, invitation: Invitation
) -> None:
    kept = "Of this link we keep on which day it was used, and not what you answered."
    assert kept not in get(client, link(invitation)).words
    with writing():
        db.session.get_one(Survey, survey.id).anonymous = True
    assert kept in get(client, link(invitation)).words
    assert kept not in get(client, "/s/bestelling").words, "that address is nobody's"


def test_until_the_last_minute_it_works(client: FlaskClient, survey: Survey) -> None:
    with writing():
        path = link(invited(survey, clock.now() - timedelta(days=27, hours=23)))
    assert get(client, path).status == 200


def test_a_survey_that_closed_meanwhile_gives_back_what_was_typed(
    client: FlaskClient, invitation: Invitation, survey: Survey
) -> None:
    page = get(client, link(invitation))
    with writing():
        close_survey(survey, clock.now())
    late = Page(send(client, page, csat="1", comment="My long story."))
    assert late.status == 410
    assert "This survey closed on" in late.heading
    assert "My long story." in late.words
    assert get(client, link(invitation)).status == 410
    assert responses() == []


def test_after_an_answer_a_closed_survey_still_leads_to_its_page(
    client: FlaskClient, invitation: Invitation, survey: Survey
) -> None:
    first = send(client, get(client, link(invitation)), csat="2")
    with writing():
        close_survey(survey, clock.now())
    assert client.get(link(invitation)).location == first.location


def test_wrong_old_and_foreign_links_are_alike(client: FlaskClient, invitation: Invitation) -> None:
    id = invitation.id
    wrong = [
        links.path("invitation", id + 1),
        links.path("invitation", id, 2),
        link(invitation)[:-1] + "a",
        "/i/" + links.token("status", id),
        "/i/nonsense",
    ]
    assert {client.get(path).status_code for path in wrong} == {404}
    with writing():
        db.session.get_one(Invitation, id).identity_id = None
    assert client.get(link(invitation)).status_code == 404, "who was erased"


# What came of the last answer


def said(client: FlaskClient, invitation: Invitation) -> str:
    return get(client, link(invitation)).words


def test_who_never_answered_reads_nothing_about_it(client: FlaskClient, invitation: Invitation) -> None:
    assert "you answered" not in said(client, invitation)


def test_the_first_page_says_that_the_last_answer_is_still_owed_a_word(
    client: FlaskClient, survey: Survey, invitation: Invitation, now: datetime
) -> None:
    with writing():
        answered(survey, now)
    words = said(client, invitation)
    assert "On 23 November 2026 you answered “Your order”." in words
    assert "You still hear from Alice Adams, by 30 November 2026." in words or "we are late" in words


def test_a_date_that_passed_is_owned_up_to(
    client: FlaskClient, survey: Survey, invitation: Invitation
) -> None:
    with writing():
        answered(survey, clock.now() - timedelta(days=40))
    assert "That day has passed: we are late." in said(client, invitation)


def test_what_was_asked_before_is_named_in_the_language_of_the_page(
    client: FlaskClient, survey: Survey, invitation: Invitation
) -> None:
    with writing():
        answered(survey, clock.now(), language="en")
    assert "Uw bestelling" in get(client, f"{link(invitation)}?lang=nl").words
    assert "Your order" not in get(client, f"{link(invitation)}?lang=nl").words


def test_the_first_page_says_that_something_was_done(
    client: FlaskClient, people: Cast, survey: Survey, invitation: Invitation, now: datetime
) -> None:
    with writing():
        response = answered(survey, now)
        settled(response, decided(people, now), now)
    compose_due(now + timedelta(minutes=1))
    assert "You still hear from" in said(client, invitation) or "on its way" in said(client, invitation)
    deliver(now + timedelta(minutes=1))
    page = get(client, link(invitation))
    assert "you answered “Your order”. Something was done about it." in page.words
    assert page.links()["Your page about it"] == links.path("status", response.id)
    assert "torn" not in page.words, "it quotes nothing"


def test_an_answer_from_another_address_is_not_spoken_of(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime
) -> None:
    """The link was sent to this address: it opens nothing of another one."""
    with writing():
        answered(survey, now)
        db.session.add(Identity(organisation_id=people.webshop.id, customer_id=people.rita.id, kind="mail",
                                value="work@example.com", key="work@example.com", created_at=now))  # fmt: skip
        path = link(invited(survey, clock.now(), "work@example.com"))
    assert "you answered" not in get(client, path).words
