""" "You said, we did", for everybody: approved rounds, newest first, in the reader's language."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db, writing
from followup.composing import compose_due
from followup.corrections.correcting import correct
from followup.corrections.retelling import compose_corrections
from followup.digests.models import PublishedAction
from followup.digests.rounds import approve
from surveys.builder.building import close_survey
from surveys.models import Round, Survey
from tests.cast import Cast, added
from tests.desk import form_to
from tests.loop import answered, decided, settled
from tests.pages import Page, get
from triage.models import Action


def a_round(survey: Survey, month: int, words: dict[str, str], approved_at: datetime | None) -> None:
    with writing():
        first, last = date(2026, month, 1), date(2026, month, 28)
        added(
            Round(
                organisation_id=survey.organisation_id,
                survey=survey,
                starts_on=first,
                ends_on=last,
                digest=words,
                approved_at=approved_at,
            )
        )


def page(client: FlaskClient, language: str = "en") -> Page:
    return get(client, "/s/bestelling/you-said", headers={"Accept-Language": language})


def test_before_the_first_month_it_says_what_comes_here(client: FlaskClient, survey: Survey) -> None:
    found = page(client)
    assert found.status == 200
    assert "Nothing stands here yet" in found.words
    assert "After each month this page says what was done" in found.words


def test_approved_months_newest_first(client: FlaskClient, survey: Survey, now: datetime) -> None:
    a_round(survey, 9, {"en": "You said: torn.\nWe did: double boxes."}, now)
    a_round(survey, 10, {"en": "You said: late."}, now)
    words = page(client).words
    assert words.index("October 2026 You said: late.") < words.index(
        "September 2026 You said: torn. We did: double boxes."
    )


def test_what_nobody_approved_is_not_shown(client: FlaskClient, survey: Survey) -> None:
    a_round(survey, 10, {"en": "A draft."}, None)
    assert "A draft." not in page(client).words


@pytest.mark.parametrize(("language", "words"), [("en", "In English."), ("nl", "In het Nederlands.")])
def test_in_the_readers_language(
    client: FlaskClient, survey: Survey, now: datetime, language: str, words: str
) -> None:
    a_round(survey, 10, {"en": "In English.", "nl": "In het Nederlands."}, now)
    assert words in page(client, language).words


def test_in_the_surveys_language_where_nobody_wrote_the_readers(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    a_round(survey, 10, {"nl": "Alleen Nederlands."}, now)
    assert "Alleen Nederlands." in page(client, "en").words


@pytest.fixture
def october(people: Cast, survey: Survey, now: datetime) -> Round:
    """Approved, with four actions: done for two people, a plan, a no, and a thank-you."""
    then, words = now - timedelta(days=40), {"done": "STRASSENÉÉN: new boxes.", "planned": "Vans in the evening.", "wont_do": "No drones.", "thanks": "Thank you, Rita."}  # fmt: skip
    with writing():
        actions = {
            kind: decided(people, now, kind, words={"en": text, "nl": text}) for kind, text in words.items()
        }
        for number, kind in enumerate(("done", "done", "planned", "wont_do", "thanks")):
            settled(
                answered(survey, then, "Said by R. Ritsema.", email=f"{number}@example.com"),
                actions[kind],
                now,
            )
    compose_due(now)
    found = db.session.scalars(select(Round)).one()
    with writing():
        said = {"en": "You said, we did it.", "nl": "U zei, wij deden het."}
        approve(found, said, None, now, publish=[a.id for a in actions.values()])
    return found


def test_what_was_written_for_one_person_stands_there_only_if_somebody_chose_it(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        one, two = (decided(people, now, words={"en": f"Done {n}.", "nl": f"Gedaan {n}."}) for n in (1, 2))
        for number, action in enumerate((one, two, two)):
            settled(answered(survey, now, email=f"{number}@example.com"), action, now)
    compose_due(now)
    with writing():
        approve(db.session.scalars(select(Round)).one(), {"nl": "U zei, wij deden het."}, None, now)
    words = page(client).words
    assert "Done 2." in words
    assert "Done 1." not in words


def test_what_was_done_planned_and_decided_against_and_how_many_said_it(
    client: FlaskClient, october: Round
) -> None:
    words = page(client).words
    for part in (
        "Done on 23 November 2026 · 2 people wrote about this. STRASSENÉÉN: new boxes.",
        "Planned for 30 November 2026 · 1 person wrote about this. Vans in the evening.",
        "We decided not to do this · 1 person wrote about this. No drones. The reason: It costs more than it saves.",
    ):
        assert part in words
    assert words.index("new boxes") < words.index("Vans") < words.index("No drones")


def test_nothing_on_it_says_who_somebody_is(client: FlaskClient, october: Round) -> None:
    html = page(client).html
    for personal in ("Ritsema", "Rita", "example.com", "Bob Bakker", "/f/"):
        assert personal not in html


def test_only_what_was_chosen_for_it_and_told_and_still_holds(
    client: FlaskClient, people: Cast, survey: Survey, october: Round, now: datetime
) -> None:
    done, planned, no, _thanks = db.session.scalars(select(Action).order_by(Action.id))
    with writing():
        untold = decided(people, now, words={"en": "Too early.", "nl": "Te vroeg."})
        settled(
            answered(survey, now - timedelta(days=40), email="x@example.com"), untold, now, timedelta(hours=1)
        )
        db.session.add(PublishedAction(round_id=october.id, action_id=untold.id))
        db.session.delete(db.session.get_one(PublishedAction, (october.id, planned.id)))
        no.withdrawn_at = now
    words = page(client).words
    assert "new boxes" in words
    assert not [gone for gone in ("Too early.", "Vans", "No drones") if gone in words]
    assert done.id


def test_what_was_put_right_stands_in_place_of_what_was_wrong(
    client: FlaskClient, people: Cast, october: Round, now: datetime
) -> None:
    wrong = db.session.scalars(select(Action).order_by(Action.id)).first()
    assert wrong
    with writing():
        right = decided(
            people, now, "already", words={"en": "They were stronger already.", "nl": "Al sterker."}
        )
        right.corrects_id = wrong.id
        db.session.flush()
        correct(wrong, right, now)
    compose_corrections(now)
    words = page(client).words
    assert "It is already so · 2 people wrote about this. Put right on 23 November 2026." in words
    assert "This is what holds: They were stronger already." in words
    assert words.count("new boxes") == 1, "struck out, as what was not right"


def test_a_draft_that_was_approved_as_it_was_says_nothing_twice(
    client: FlaskClient, october: Round, now: datetime
) -> None:
    with writing():
        october.digest = {"en": "Thank you for October.\n\nVans in the evening. 1 person wrote about this."}
    words = page(client).words
    assert "Thank you for October." in words
    assert words.count("Vans in the evening.") == 1


def found(client: FlaskClient, **sought: str) -> Page:
    return get(client, "/s/bestelling/you-said?" + urlencode(sought), headers={"Accept-Language": "en"})


SOUGHT = (
    ("strassenéén", "new boxes", "Vans"), ("STRAßENÉÉN", "new boxes", "Vans"), ("evening VANS", "Vans in the evening.", "new boxes"),
    ("costs more", "No drones.", "Vans"), ("we did it", "You said, we did it.", "Vans"), ("100%_", "Nothing here holds “100%_”.", "Vans"),
    ("' OR 1=1--", "Nothing here holds", "Vans"), ("a\x00b", "Nothing here holds “ab”.", "Vans"),
)  # fmt: skip


@pytest.mark.both_databases
def test_words_are_looked_for_in_digests_and_actions_without_case(
    client: FlaskClient, october: Round
) -> None:
    for sought, holds, lacks in SOUGHT:
        words = found(client, q=sought).words
        assert holds in words, sought
        assert lacks not in words, sought


def test_the_search_keeps_its_words_its_language_and_the_way_back(
    client: FlaskClient, october: Round
) -> None:
    shown = found(client, q="<vans>", lang="nl")
    assert "Nergens staat hier “<vans>”." in shown.words
    assert form_to(shown, "/s/bestelling/you-said") == {"lang": "nl", "q": "<vans>"}
    assert shown.links()["Alles tonen"] == "/s/bestelling/you-said?lang=nl"
    assert found(client, q="x" * 5000).status == 200
    assert "new boxes" in found(client, q="  ").words, "nothing sought is everything"


def test_markup_in_the_words_is_shown_as_words(client: FlaskClient, survey: Survey, now: datetime) -> None:
    a_round(survey, 10, {"en": "<b>You</b> said <script>x</script>"}, now)
    assert "<b>You</b> said <script>x</script>" in page(client).words


def test_it_leads_to_the_survey_while_that_is_open(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    assert page(client).links()["Give your own answer"] == "/s/bestelling"
    with writing():
        close_survey(survey, now)
    assert "Give your own answer" not in page(client).words


def test_a_survey_that_is_not_there(client: FlaskClient, people: Cast) -> None:
    found = get(client, "/s/nergens/you-said", headers={"Accept-Language": "en"})
    assert found.status == 404
    assert "There is no survey at this address." in found.words
